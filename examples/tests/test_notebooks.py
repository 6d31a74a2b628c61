"""Every example notebook, run from top to bottom in a real kernel against a real gateway."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(path.name for path in EXAMPLES.glob("*.ipynb"))
RUN_MIME = "application/vnd.jupyterlab-kfp.run+json"
#: Notebooks that show a failure on purpose; everywhere else every run ends well.
FAILS = {"debug-a-failure.ipynb"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Directories of our own; the gateway that the kernels start there is ended afterwards."""
    folder = tmp_path_factory.mktemp("notebooks")
    kept = dict(os.environ)
    for part in ("CONFIG", "DATA", "RUNTIME"):
        (folder / part.lower()).mkdir()
        os.environ[f"JUPYTER_{part}_DIR"] = str(folder / part.lower())
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for name in [name for name in os.environ if name.startswith(("KF_PIPELINES", "JUPYTERLAB_KFP_"))]:
        if name not in ("JUPYTERLAB_KFP_NODE", "JUPYTERLAB_KFP_GATEWAY"):
            del os.environ[name]
    yield folder
    state = folder / "runtime" / "jupyterlab-kfp-gateway.json"
    if state.exists():
        os.kill(json.loads(state.read_text())["pid"], signal.SIGTERM)
    os.environ.clear()
    os.environ.update(kept)


def execute(path: Path, folder: Path) -> Any:
    """Run a copy of a notebook in a folder of its own."""
    folder.mkdir()
    shutil.copy(path, folder / path.name)
    notebook = nbformat.read(folder / path.name, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    asyncio.run(client.async_execute())
    return notebook


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_runs_from_top_to_bottom(name: str, home: Path, tmp_path: Path) -> None:
    notebook = execute(EXAMPLES / name, tmp_path / "work")
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    if name not in FAILS:
        assert [output.evalue for output in outputs if output.output_type == "error"] == []
    errors = [output.text for output in outputs if output.get("name") == "stderr"]
    assert errors == [], "a reader should see no warning"
    texts = [output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs]
    assert not any("pipelinechannel" in text for text in texts), "a name of the compiler is shown"
    runs = [run for output in outputs for run in output.get("data", {}).get(RUN_MIME, {}).get("runs", ())]
    assert all(run["connection"]["profile"] == "local" for run in runs)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_is_kept_clean(name: str) -> None:
    notebook = nbformat.read(EXAMPLES / name, as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"
