"""Keep the warnings of the KFP SDK out of the way: a red block above every widget says nothing about the run."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import clip
from ..session import current

#: Once a component names no image KFP warns about its own default. The local service takes no image, and the
#: checks name floating images for clusters.
_IRRELEVANT = re.compile(r"The default base_image used by")


@contextmanager
def short_sdk_warnings() -> Iterator[None]:
    """Print a warning of the SDK once in a kernel and in one line; all others are shown as ever."""
    before = warnings.showwarning
    raised = warnings.showwarning

    def show(
        message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None
    ) -> None:
        text = str(message)
        if _IRRELEVANT.search(text):
            return
        if not re.search(r"[\\/]kfp[\\/]", filename):
            raised(message, category, filename, lineno, file, line)
            return
        seen: set[str] = current().cache.setdefault("sdk-warnings", set())
        if text not in seen:
            seen.add(text)
            sentence = re.split(r"(?<=[.!])\s", text.strip(), maxsplit=1)[0]
            print(f"kfp: {clip(sentence)}")

    warnings.showwarning = show
    try:
        yield
    finally:
        # A cell may have put something else there, which stays.
        if warnings.showwarning is show:
            warnings.showwarning = before
