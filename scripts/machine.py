"""What tests and measurements need beyond ``make setup``, brought where it is missing and we may.

``python scripts/machine.py`` brings the browser and its tests, as measurements in Chromium need them.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JLPM = ROOT / ".venv" / "bin" / "jlpm"


@functools.cache
def bring_browser() -> None:
    """Bring Chromium, and the packages of the browser tests.

    Raises:
        RuntimeError: There is no Chromium, and it cannot be brought.
    """
    if shutil.which("chromium") is None and not apt_installs("chromium", "fonts-dejavu-core"):
        raise RuntimeError("Chromium is missing: install the package chromium.")
    bring_ui_tests()


@functools.cache
def bring_ui_tests() -> None:
    """Bring the packages of the browser tests by their own lock file."""
    subprocess.run([str(JLPM), "install", "--immutable"], cwd=ROOT / "ui-tests", check=True)


def bring_podman() -> None:
    """Bring podman; without it the tests of containers skip with a word."""
    if shutil.which("podman") is None and not apt_installs("podman", "runc", "busybox-static"):
        print("podman could not be installed", flush=True)


def apt_installs(*packages: str) -> bool:
    """Install Debian packages where there is apt and we are root, and tell whether that worked."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update"], ["install", "-y", "--no-install-recommends", *packages])
    return all(
        subprocess.run(["apt-get", "-qq", *command], stdout=subprocess.DEVNULL, env=env).returncode == 0
        for command in commands
    )


if __name__ == "__main__":
    bring_browser()
