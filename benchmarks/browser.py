"""Measurements that a browser project of ``ui-tests`` takes with a production build and writes down as rows."""

from __future__ import annotations

import json
import os
import subprocess

import production
import rig
from table import Row


def measure(project: str, *names: str) -> list[Row]:
    """Run a browser project and read the rows it found.

    Args:
        project: Name of the project in ``ui-tests``.
        names: Name the reports, and the variables that tell the project where to write them.

    Raises:
        RuntimeError: The project left a report out; its output says why.
    """
    reports = {name: rig.ROOT / "ui-tests" / "test-results" / f"{name}.json" for name in names}
    for report in reports.values():
        report.unlink(missing_ok=True)
    done = subprocess.run(
        [str(rig.BIN / "jlpm"), "playwright", "test", f"--project={project}"],
        cwd=rig.ROOT / "ui-tests",
        env={
            **os.environ,
            "PATH": f"{rig.BIN}:{os.environ['PATH']}",
            "JUPYTERLAB_KFP_PROJECT": project,
            **{f"JUPYTERLAB_KFP_{name.upper()}_REPORT": str(report) for name, report in reports.items()},
            "JUPYTERLAB_KFP_LABEXTENSION": str(production.labextension()),
        },
        capture_output=True,
        text=True,
    )
    if not all(report.exists() for report in reports.values()):
        raise RuntimeError(done.stdout[-1500:])
    return [Row(**row) for report in reports.values() for row in json.loads(report.read_text())]
