"""Build the environment of the oldest versions that are claimed, and print its Python.

Kernels of the suite `oldest` run there. It is built once, by uv from its cache, and again when the list changes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv" / "oldest"
#: The package itself comes from the checkout, by PYTHONPATH.
PACKAGES = ["kfp==2.7.0", "ipykernel==6.29.5", "ipython==8.18.1", "pandas<3", "setuptools<81"]


def main() -> int:
    """Build it unless it is there."""
    python = FOLDER / "bin" / "python"
    wanted = "\n".join(PACKAGES)
    stamp = FOLDER / "packages"
    if not (stamp.is_file() and stamp.read_text() == wanted):
        shutil.rmtree(FOLDER, ignore_errors=True)
        uv = str(ROOT / ".venv" / "bin" / "uv")
        base = _base()
        subprocess.run([uv, "venv", "--quiet", "--python", base, str(FOLDER)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES], check=True)
        stamp.write_text(wanted)
    print(python)
    return 0


def _base() -> str:
    """Python 3.10 where it is on the machine, else the one of this checkout."""
    installed = [str(path) for path in Path.home().glob(".pyenv/versions/3.10.*/bin/python")]
    for name in ("python3.10", *installed):
        found = shutil.which(name)
        if found is None:
            continue
        # A shim of pyenv is there also when no such version is chosen.
        done = subprocess.run(
            [found, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True
        )
        if done.returncode == 0:
            return done.stdout.strip()
    return sys.executable


if __name__ == "__main__":
    sys.exit(main())
