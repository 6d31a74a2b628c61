"""The labextension as users get it: a production build, made beside the one of development."""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import rig


@functools.cache
def labextension() -> Path:
    """Build the labextension for production from what is compiled in ``lib``, once for all measurements.

    Returns:
        The built folder; it goes away with this process.

    Raises:
        RuntimeError: It could not be built.
    """
    place = Path(tempfile.mkdtemp(prefix="jupyterlab-kfp-production-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name in ("lib", "style", "schema", "node_modules"):
        (place / name).symlink_to(rig.ROOT / name)
    package = json.loads((rig.ROOT / "package.json").read_text())
    package["jupyterlab"]["outputDir"] = "built"
    del package["workspaces"]
    (place / "package.json").write_text(json.dumps(package))
    done = subprocess.run(
        [str(rig.BIN / "jupyter-builder"), "build", str(place)], capture_output=True, text=True
    )
    built = place / "built"
    if not (built / "package.json").exists():
        raise RuntimeError(f"no production build: {done.stdout[-500:]}{done.stderr[-1000:]}")
    return built
