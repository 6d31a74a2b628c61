"""Tell what looks like a secret, so that it is neither printed nor stored in clear text unnoticed."""

from __future__ import annotations

import math
import re
from typing import Any

#: What stands for a value that is not shown.
MASK = "••••"

_NAME = re.compile(
    r"(?i)(?:^|[_\-.\s])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)"
    r"(?:$|[_\-.\s])"
)
#: Names that hold such a word but count or name something.
_HARMLESS = re.compile(
    r"(?i)(?:^|_)(?:max|min|num|n|count|total)_|_(?:count|length|name|file|path|type|id|size|limit|ids)$"
)
_SHAPES = (
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}\b"),
    re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    re.compile(r"://[^/\s:@]+:[^/\s:@]{4,}@"),
)


def secret_name(name: str) -> bool:
    """Tell whether a name says that its value is a secret."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return bool(_NAME.search(spaced)) and not _HARMLESS.search(spaced)


def secret_text(text: str) -> bool:
    """Tell whether a text has the form of a key or a token of a well-known service."""
    return any(shape.search(text) for shape in _SHAPES)


def random_text(text: str) -> bool:
    """Tell whether a text is long and as irregular as generated keys are."""
    if not re.fullmatch(r"[A-Za-z0-9+/=_\-]{20,}", text) or not (
        re.search(r"\d", text) and re.search(r"[A-Za-z]", text)
    ):
        return False
    counts = [text.count(char) / len(text) for char in set(text)]
    return -sum(p * math.log2(p) for p in counts) > 3.7


def looks_secret(name: str, value: Any) -> bool:
    """Tell whether a named value should be shown as dots."""
    if not isinstance(value, str) or not value:
        return False
    return secret_name(name) or secret_text(value)
