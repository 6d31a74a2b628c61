"""Measurements that a browser project of ``ui-tests`` takes with a production build and writes down as rows."""

from __future__ import annotations

import json
import os
import subprocess

import production
import rig
from table import Row


def measure(project: str, name: str) -> list[Row]:
    """Run a browser project and read the rows it found.

    Args:
        project: Name of the project in ``ui-tests``.
        name: Names the report, and the variable that tells the project where to write it.

    Raises:
        RuntimeError: The project left no report; its output says why.
    """
    report = rig.ROOT / "ui-tests" / "test-results" / f"{name}.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [str(rig.BIN / "jlpm"), "playwright", "test", f"--project={project}"],
        cwd=rig.ROOT / "ui-tests",
        env={
            **os.environ,
            "PATH": f"{rig.BIN}:{os.environ['PATH']}",
            "JUPYTERLAB_KFP_PROJECT": project,
            f"JUPYTERLAB_KFP_{name.upper()}_REPORT": str(report),
            "JUPYTERLAB_KFP_LABEXTENSION": str(production.labextension()),
        },
        capture_output=True,
        text=True,
    )
    if not report.exists():
        raise RuntimeError(done.stdout[-1500:])
    return [Row(**row) for row in json.loads(report.read_text())]
