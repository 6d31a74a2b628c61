"""papermill, nbclient, ``jupyter execute`` and nbconvert: exit status, and what stands in the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from ..real_kernel import RUN, Home

DEFINE = """from kfp import dsl

@dsl.component(base_image="python:3.12")
def step(rows: int, seconds: float = 0.0, fail: bool = False) -> int:
    import time
    time.sleep(seconds)
    if fail:
        raise ValueError("no such rows")
    return rows + 1

@dsl.pipeline
def train(rows: int = 1, seconds: float = 0.0, fail: bool = False):
    step(rows=rows, seconds=seconds, fail=fail)
"""

#: Event: the line, whether the tool succeeds, and the state of the last bundle.
EVENTS = {
    "succeeds": ("%kfp run train -p rows={rows} --wait", True, "SUCCEEDED"),
    "fails": ("%kfp run train -p fail=true --wait", False, "FAILED"),
    "submitted": ("%kfp run train -p seconds=2", True, "PENDING"),
    "usage": ("%kfp run train --pram rows=1", False, None),
    "lint": (
        "%%kfp run\nscale = 2\n@dsl.component\ndef mul(x: int) -> int:\n    return x * scale\n"
        "@dsl.pipeline\ndef bad():\n    mul(x=1)",
        False,
        None,
    ),
    "connection": ("%kfp run train --on prod", False, None),
    "timeout": ("%kfp run train -p seconds=20 --wait=1s", False, "RUNNING"),
}
ERRORS = {
    "fails": "RunFailed",
    "usage": "KfpUsageError",
    "lint": "KfpLintError",
    "connection": "KfpConnectionError",
    "timeout": "WaitTimeout",
}


def write(path: Path, event: str) -> None:
    cells = ["rows = 1", "%load_ext jupyterlab_kfp", DEFINE, EVENTS[event][0], "print('reached the end')"]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.cells[0].metadata["tags"] = ["parameters"]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


COMMANDS = {
    "papermill": ["papermill", "--no-progress-bar", "in.ipynb", "out.ipynb", "-p", "rows", "41"],
    "execute": ["jupyter", "execute", "--inplace", "out.ipynb"],
    "nbconvert": [
        "jupyter",
        "nbconvert",
        "--execute",
        "--to",
        "notebook",
        "--output",
        "out.ipynb",
        "in.ipynb",
    ],
}


def execute(tool: str, event: str, home: Home, folder: Path) -> tuple[int, Any, str]:
    """Run a tool; give its status, the notebook it left if any, and its messages."""
    for name in ("in.ipynb", "out.ipynb") if tool == "execute" else ("in.ipynb",):
        write(folder / name, event)
    program, *rest = COMMANDS[tool]
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *rest],
        cwd=folder,
        env=home.environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    out = folder / "out.ipynb"
    return done.returncode, nbformat.read(out, as_version=4) if out.exists() else None, done.stderr


def outputs_of(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


@pytest.mark.parametrize(
    ("tool", "event"),
    [
        *(("papermill", event) for event in EVENTS if event not in ("usage", "connection")),
        ("execute", "connection"),
        ("execute", "fails"),
        ("execute", "usage"),
        ("nbconvert", "succeeds"),
        ("nbconvert", "fails"),
    ],
)
def test_exit_status_and_file(tool: str, event: str, home: Home, tmp_path: Path) -> None:
    _, succeeds, state = EVENTS[event]
    status, notebook, messages = execute(tool, event, home, tmp_path)
    assert (status == 0) is succeeds, messages[-2000:]
    if not succeeds:
        assert ERRORS[event] in messages
    if tool != "papermill" and not succeeds:
        return  # only papermill keeps what was executed before the failure
    outputs = outputs_of(notebook)
    assert ("reached the end" in json.dumps(outputs)) is succeeds
    bundles = [output.data for output in outputs if RUN in output.get("data", ())]
    assert len(bundles) == (0 if state is None else 1)
    if state is not None:
        snapshot = bundles[0][RUN]["runs"][0]["snapshot"]
        assert snapshot["state"] == state
        assert snapshot["final"] is (state in ("SUCCEEDED", "FAILED"))
        assert snapshot["state"].capitalize() in bundles[0]["text/plain"]
        assert "text/html" in bundles[0]
    errors = (
        [output for output in outputs if output.output_type == "error" and output.ename in ERRORS[event]]
        if not succeeds
        else []
    )
    assert len(errors) == (0 if succeeds else 1)
    if tool == "papermill" and event == "succeeds":
        assert bundles[0][RUN]["runs"][0]["params"]["rows"] == 41


def test_nbclient_gets_the_same_error(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "in.ipynb", "fails")
    script = (
        "import nbformat\nfrom nbclient import NotebookClient\nfrom nbclient.exceptions import CellExecutionError\n"
        "notebook = nbformat.read('in.ipynb', as_version=4)\n"
        "try:\n    NotebookClient(notebook, kernel_name='python3').execute()\n"
        "except CellExecutionError as error:\n    print(error.ename, '|', error.evalue)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=home.environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    name, _, value = done.stdout.strip().partition(" | ")
    assert name == "RunFailed" and "step: ValueError: no such rows" in value


def test_the_environment_can_ask_for_the_wait_and_the_connection(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "in.ipynb", "submitted")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("papermill")), "--no-progress-bar", "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        env={**home.environment(), "JUPYTERLAB_KFP_WAIT": "60s", "JUPYTERLAB_KFP_CONNECTION": "local"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outputs = outputs_of(nbformat.read(tmp_path / "out.ipynb", as_version=4))
    (bundle,) = [output.data for output in outputs if RUN in output.get("data", ())]
    assert bundle[RUN]["runs"][0]["snapshot"]["state"] == "SUCCEEDED"
