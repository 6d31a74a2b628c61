"""The documentation shows the rules that the code has."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from jupyterlab_kfp.lint.rules import RULES

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(not (ROOT / "docs").exists(), reason="the documentation is not installed")
def test_the_page_of_the_checks_is_up_to_date():
    script = runpy.run_path(str(ROOT / "scripts" / "write-checks.py"))
    text = (ROOT / "docs" / "checks.md").read_text()
    assert script["page"](text) == text, "run scripts/write-checks.py"
    assert all(rule in text for rule in RULES)
