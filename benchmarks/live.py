"""A notebook with a hundred widgets, twenty of them of active runs, in Chromium; and what it keeps of a run."""

from __future__ import annotations

import browser
from table import Row


def measure() -> list[Row]:
    """Run the browser measurement and read what it found."""
    return browser.measure("live-bench", "live")
