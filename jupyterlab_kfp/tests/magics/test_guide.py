"""The page "Magics" is a walk: its cells run one after the other, as a reader would type them."""

from __future__ import annotations

import re
from pathlib import Path

from ..real_kernel import Kernel

PAGE = Path(__file__).parents[3] / "docs" / "magics.md"


def test_every_cell_of_the_page_runs_in_its_order(kernel: Kernel) -> None:
    walk = PAGE.read_text(encoding="utf-8").partition("## Reference")[0]
    cells = re.findall(r"^```python\n(.*?)^```", walk, re.DOTALL | re.MULTILINE)
    assert len(cells) >= 6
    for cell in cells:
        kernel.ok(cell)
    kernel.ok("assert r.results['train'].metrics == {'loss': 0.0001}, r.results['train'].metrics")
    kernel.ok("assert r.results['train']['model'].json() == {'lr': 0.01}")
    kernel.ok("assert len(jk.frame(runs)) == 3 and first in runs")
