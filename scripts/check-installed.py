"""Tell whether Jupyter finds both parts of the product and calls them OK."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def listing(*words: str) -> str:
    """Return what a ``jupyter … list`` command prints; both streams, because the two commands differ."""
    done = subprocess.run([str(BIN / "jupyter"), *words], capture_output=True, text=True)
    return done.stdout + done.stderr


def main() -> int:
    """Check the server extension and the labextension."""
    failures = []
    server = listing("server", "extension", "list")
    if not any("jupyterlab_kfp" in line and "OK" in line for line in server.splitlines()):
        failures.append(f"The server extension is not OK:\n{server}")
    lab = listing("labextension", "list")
    if not any("jupyterlab-kfp" in line and "OK" in line for line in lab.splitlines()):
        failures.append(f"The labextension is not OK:\n{lab}")
    print("\n".join(failures) or "server extension and labextension: OK")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
