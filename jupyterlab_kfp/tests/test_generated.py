"""What is generated from the table of verbs is up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not (ROOT / "docs" / "magics.md").exists(), reason="needs the checkout")
def test_docs_and_completion_follow_the_table_of_verbs() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write-verbs.py"), "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
