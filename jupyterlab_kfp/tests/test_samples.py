"""The tutorial samples: what is shipped compiled is what their sources say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "gateway/src/local/samples"

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="needs the checkout")


def plain(path: Path) -> str:
    """The text without the SDK's version, folded lines joined."""
    return re.sub(r"\d+\.\d+\.\d+", "X", re.sub(r"\s+", " ", path.read_text()))


def test_compiled_samples_are_up_to_date(tmp_path):
    pytest.importorskip("kfp")
    subprocess.run([sys.executable, "-B", str(FOLDER / "compile.py"), str(tmp_path)], check=True)
    for made in tmp_path.glob("*.yaml"):
        assert plain(made) == plain(FOLDER / made.name), f"run {FOLDER / 'compile.py'}"
    assert len(list(tmp_path.glob("*.yaml"))) == 2
