"""Build the wheel, install it into a fresh environment and start the gateway without Node on ``PATH``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def call(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; its errors are printed before the failure."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return done.stdout


def main() -> int:
    """Build, install, start, ask for its health, stop."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        call(sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--wheel-dir", place / "dist")
        wheel = next((place / "dist").glob("jupyterlab_kfp-*.whl"))
        call(sys.executable, "-m", "venv", place / "venv")
        binaries = place / "venv" / "bin"
        call(binaries / "python", "-m", "pip", "install", "--quiet", wheel)
        extension = place / "venv" / "share" / "jupyter" / "labextensions" / "jupyterlab-kfp" / "package.json"
        if not extension.exists():
            raise SystemExit("the wheel has no labextension")
        env = {
            "PATH": f"{binaries}:/usr/bin:/bin" if not Path("/usr/bin/node").exists() else str(binaries),
            "HOME": str(place),
            **{f"JUPYTER_{part}_DIR": str(place / part.lower()) for part in ("CONFIG", "DATA", "RUNTIME")},
            **{name: value for name, value in os.environ.items() if name in ("LANG", "TMPDIR")},
        }
        try:
            endpoint = call(binaries / "jupyter-kfp", "endpoint", env=env).strip().splitlines()[-1]
            with urllib.request.urlopen(f"{endpoint}/apis/v2beta1/healthz", timeout=10) as answer:
                print(f"{wheel.name}: {wheel.stat().st_size // 1024} KB, gateway answers {answer.status}")
        finally:
            call(binaries / "jupyter-kfp", "local", "stop", env=env)
    return 0


if __name__ == "__main__":
    sys.exit(main())
