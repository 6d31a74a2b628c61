"""Which rules the user does not want to see."""

from __future__ import annotations

import re

from ..session import current


def ignored() -> frozenset[str]:
    """Rules of ``%kfp config lint.ignore``."""
    text = current().config.get("lint.ignore", "")
    return frozenset(word.upper() for word in re.split(r"[\s,]+", text) if word)
