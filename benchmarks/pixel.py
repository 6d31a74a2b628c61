"""From a state change in the service, and from a key, to the pixel, in Chromium."""

from __future__ import annotations

import browser
from table import Row


def measure() -> list[Row]:
    """Run the browser measurements and read what they found."""
    return browser.measure("bench", "pixel", "completion")
