"""The view of a run in Chromium: first paint, large graphs, many changes."""

from __future__ import annotations

import json
import os
import subprocess

import rig
from table import Row


def measure() -> list[Row]:
    """Run the browser measurement on the story page and read what it found."""
    report = rig.ROOT / "ui-tests" / "test-results" / "view.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [str(rig.BIN / "jlpm"), "playwright", "test", "--project=view-bench"],
        cwd=rig.ROOT / "ui-tests",
        env={
            **os.environ,
            "PATH": f"{rig.BIN}:{os.environ['PATH']}",
            "JUPYTERLAB_KFP_PROJECT": "view-bench",
            "JUPYTERLAB_KFP_VIEW_REPORT": str(report),
        },
        capture_output=True,
        text=True,
    )
    if not report.exists():
        raise RuntimeError(done.stdout[-1500:])
    return [Row(**row) for row in json.loads(report.read_text())]
