"""Which rules the user does not want to see."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..session import current
from .code import Code, ignored_on


def ignored() -> frozenset[str]:
    """Rules of ``%kfp config lint.ignore``."""
    text = current().config.get("lint.ignore", "")
    return frozenset(word.upper() for word in re.split(r"[\s,]+", text) if word)


def ignored_at(code: Code, lines: Iterable[int]) -> list[str]:
    """Rules that comments on some lines silence; ``*`` for all."""
    found: set[str] = set()
    for line in lines:
        rules = ignored_on(code.line(line))
        found |= {"*"} if rules == frozenset() else rules or frozenset()
    return sorted(found)
