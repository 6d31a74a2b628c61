"""Build the environment of other kernels that are claimed, and print its Python: ``kernel-environment.py NAME``.

``oldest`` has the oldest versions of everything; the others a newer Python with the newest of everything. Each is
built once, by uv from its cache, and again when its list changes. The package itself comes from the checkout, by
PYTHONPATH.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Environment:
    """Packages of a kernel and its Python; with ``any_python`` the one of this checkout does where it is absent."""

    python: str
    packages: tuple[str, ...]
    any_python: bool = False


NEWEST = ("kfp", "ipykernel>=7", "ipython>=9", "pandas")
ENVIRONMENTS = {
    "oldest": Environment(
        "3.10",
        ("kfp==2.7.0", "ipykernel==6.29.5", "ipython==8.18.1", "pandas<3", "setuptools<81"),
        any_python=True,
    ),
    "python3.12": Environment("3.12", NEWEST),
    "python3.13": Environment("3.13", NEWEST),
}


def main() -> int:
    """Build it unless it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=ENVIRONMENTS)
    name = parser.parse_args().name
    environment = ENVIRONMENTS[name]
    base = _base(environment.python)
    if base is None:
        if not environment.any_python:
            print(f"There is no Python {environment.python} on this machine.", file=sys.stderr)
            return 1
        base = sys.executable
    folder = ROOT / ".venv" / name
    python, stamp = folder / "bin" / "python", folder / "packages"
    wanted = "\n".join(environment.packages)
    if not (stamp.is_file() and stamp.read_text() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        uv = str(ROOT / ".venv" / "bin" / "uv")
        subprocess.run([uv, "venv", "--quiet", "--python", base, str(folder)], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", str(python), *environment.packages], check=True
        )
        stamp.write_text(wanted)
    print(python)
    return 0


def _base(version: str) -> str | None:
    """A Python of this version on the machine."""
    installed = [str(path) for path in Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    for name in (f"python{version}", *installed):
        found = shutil.which(name)
        if found is None:
            continue
        # A shim of pyenv is there also when no such version is chosen.
        done = subprocess.run(
            [found, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True
        )
        if done.returncode == 0:
            return done.stdout.strip()
    return None


if __name__ == "__main__":
    sys.exit(main())
