"""Start one Jupyter server for browser tests: ``start.py PROJECT PORT``.

All state lives in a temporary folder; the gateway it started is stopped with the server. ``JUPYTERLAB_KFP_LABEXTENSION`` names another
build of the labextension than the one that is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def stop_gateway(runtime: Path) -> None:
    """End the gateway of this server, if one runs."""
    try:
        pid = json.loads((runtime / "jupyterlab-kfp-gateway.json").read_text())["pid"]
        os.kill(pid, signal.SIGTERM)
    except (OSError, ValueError, KeyError):
        return  # never started, or gone already


def main() -> int:
    """Run the server until it is told to end."""
    project, port = sys.argv[1:3]
    place = Path(tempfile.mkdtemp(prefix=f"jupyterlab-kfp-{project}-"))
    runtime = place / "runtime"
    notebooks = place / "notebooks"
    shutil.copytree(ROOT / "examples", notebooks)
    env = {
        **os.environ,
        "JUPYTERLAB_KFP_TEST_PORT": port,
        "JUPYTERLAB_GALATA_ROOT_DIR": str(notebooks),
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_DATA_DIR": str(place / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(place / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(place / "workspaces"),
    }
    env.pop("KF_PIPELINES_ENDPOINT", None)
    # a user's own extensions come before those of the environment
    other = os.environ.get("JUPYTERLAB_KFP_LABEXTENSION")
    if other:
        (place / "data" / "labextensions").mkdir(parents=True)
        (place / "data" / "labextensions" / "jupyterlab-kfp").symlink_to(other)
    config = HERE / ("secured_config.py" if project in ("hub", "token") else "open_config.py")
    env["JUPYTERLAB_KFP_TEST_PROJECT"] = project
    command = "notebook" if project == "notebook" else "lab"
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", command, f"--config={config}"], env=env, start_new_session=True
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: server.terminate())
    try:
        return server.wait()
    finally:
        stop_gateway(runtime)
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
