"""From a state change in the service to the pixel, in Chromium."""

from __future__ import annotations

import browser
from table import Row


def measure() -> list[Row]:
    """Run the browser measurement and read what it found."""
    return browser.measure("bench", "pixel")
