"""Code that works gets no error: examples, the cells of the specification, the sources inside of compiled pipelines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_kfp.lint import check_source
from jupyterlab_kfp.lint.check import check_code
from jupyterlab_kfp.lint.code import parse

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("JUPYTERLAB_KFP_SHARED", ROOT.parent / "shared"))
#: Cells of the specification that are wrong on purpose, each with the rule that says so.
WRONG = {15: "KFP101", 16: "KFP201", 20: "KFP401"}


def errors(text: str) -> list[str]:
    """Errors of a cell."""
    return [str(finding) for finding in check_source(text) if finding.is_error]


@pytest.mark.skipif(not (ROOT / "examples").exists(), reason="the examples are not installed")
def test_the_example_notebooks_have_none():
    notebooks = sorted((ROOT / "examples").rglob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        cells = [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
        # Later cells use what earlier ones define: the whole notebook is one source.
        sources = [re.sub(r"^%%kfp.*", "", "".join(c["source"])) for c in cells]
        for source in sources:
            found = errors(source)
            assert [f for f in found if "KFP103" not in f] == [], path.name


def specification() -> dict[int, str]:
    """The cells of section 12."""
    text = (SHARED / "design" / "magics.md").read_text()
    block = text.split("## 12.")[1].split("```python\n")[1].split("```")[0]
    parts = re.split(r"^# (\d+)\n", block, flags=re.MULTILINE)[1:]
    return {int(number): cell for number, cell in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.skipif(not (SHARED / "design").exists(), reason="the shared design is not here")
def test_the_cells_of_the_specification_have_only_the_wanted_ones():
    cells = specification()
    defined = cells[3].replace("%%kfp\n", "")
    for number, cell in cells.items():
        if number > 3 and cell.startswith("%%kfp") and "@dsl" in cell:
            # Cell 3 defines what later cells use.
            magic, _, body = cell.partition("\n")
            cell = f"{magic}\n{defined}{body}"
        found = {f.rule for f in check_source(cell) if f.is_error}
        assert found == ({WRONG[number]} if number in WRONG else set()), (number, found)


def embedded() -> Iterator[tuple[str, str, str]]:
    """Programs of Python components in compiled pipelines: file, program, function."""
    import yaml

    for path in sorted((SHARED / "corpus" / "valid").rglob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            executors = (document or {}).get("deploymentSpec", {}).get("executors", {})
            for executor in executors.values():
                container = executor.get("container", {})
                arguments, command = container.get("args", []), container.get("command", [])
                if "--function_to_execute" in arguments and command:
                    yield path.name, command[-1], arguments[arguments.index("--function_to_execute") + 1]


@pytest.mark.skipif(not (SHARED / "corpus").exists(), reason="the corpus is not here")
def test_the_components_of_the_corpus_have_none():
    count = 0
    for file, program, function in embedded():
        code = parse(program)
        if code is None or not re.search(rf"^def {function}\b", program, re.MULTILINE):
            continue
        found = check_code(code, {}, {function: "component"})
        assert [str(f) for f in found if f.is_error] == [], (file, function)
        count += 1
    assert count > 50


@pytest.mark.skipif(not (SHARED / "seed").exists(), reason="the cells of the tutorial are not here")
def test_the_cells_of_the_tutorial_get_the_hints_that_they_need():
    wanted = {
        "c04.py": {"KFP401"},
        "c05.py": {"KFP401"},
        "c06.py": {"KFP403"},
        "c11.py": {"KFP401"},
        "c14.py": {"KFP401", "KFP405"},
        "c16.py": {"KFP401"},
        "c17.py": {"KFP201", "KFP401", "KFP402"},
    }
    for name, rules in wanted.items():
        found = {f.rule for f in check_source((SHARED / "seed" / "cells" / name).read_text())}
        assert rules <= found, (name, found)
