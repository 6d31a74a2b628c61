"""Serve the story page, built from source: ``stories.py PORT``. No Jupyter server takes part."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, without a line per request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> int:
    """Build the page into a folder of its own and serve it until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = tempfile.mkdtemp(prefix="jupyterlab-kfp-stories-")
    try:
        node = (
            shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}") or "node"
        )
        mode = os.environ.get("JUPYTERLAB_KFP_STORIES_MODE", "development")
        subprocess.run([node, str(HERE.parent / "stories" / "build.mjs"), folder, mode], check=True)
        handler = functools.partial(Quiet, directory=folder)
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
