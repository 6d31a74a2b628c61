"""The view of a run in Chromium: first paint, large graphs, many changes."""

from __future__ import annotations

import browser
from table import Row


def measure() -> list[Row]:
    """Run the browser measurement on the story page and read what it found."""
    return browser.measure("view-bench", "view")
