"""Which rules the user does not want to see."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from ..session import current
from .code import Code, ignored_on


def ignored() -> frozenset[str]:
    """Rules of ``%kfp config lint.ignore``, and of the setting ``lintIgnore`` as JupyterLab tells the kernel."""
    text = f"{current().config.get('lint.ignore', '')} {os.environ.get('JUPYTERLAB_KFP_LINT_IGNORE', '')}"
    return frozenset(word.upper() for word in re.split(r"[\s,]+", text) if word)


def ignored_at(code: Code, lines: Iterable[int]) -> list[str]:
    """Rules that comments on some lines silence; ``*`` for all."""
    found: set[str] = set()
    for line in lines:
        rules = ignored_on(code.line(line))
        found |= {"*"} if rules == frozenset() else rules or frozenset()
    return sorted(found)
