"""Check a compiled pipeline: the sources of what it is made of, and its text through the gateway."""

from __future__ import annotations

import linecache
import os
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any

from ..session import current
from .check import check_code
from .code import Code, parse
from .finding import Finding, Findings, arrange
from .ignored import ignored
from .sources import definitions_of

if TYPE_CHECKING:
    from ..compile import Compiled


def check_compiled(
    compiled: Compiled, target: str | None = None, run: bool = False, source: bool = True
) -> Findings:
    """Check the sources of a pipeline and its text."""
    found: list[Finding] = []
    if source and compiled.source is not None:
        found += check_sources(compiled.source)
    return arrange(found)


def check_sources(pipeline: Any) -> Iterator[Finding]:
    """Check the functions of a pipeline and of everything it uses."""
    hidden = ignored()
    for code, namespace, functions in sources_of(pipeline):
        yield from check_code(code, namespace, functions, hidden)


def sources_of(pipeline: Any) -> Iterator[tuple[Code, Mapping[str, Any], dict[str, str]]]:
    """Each source that a pipeline comes from, with its namespace and the functions of it that are used."""
    by_file: dict[str, tuple[FunctionType, dict[str, str]]] = {}
    for function, kind in definitions_of(pipeline):
        _, names = by_file.setdefault(function.__code__.co_filename, (function, {}))
        names[function.__name__] = kind
    for file, (function, names) in by_file.items():
        code = code_of(file)
        if code is not None:
            yield code, function.__globals__, names


def code_of(file: str) -> Code | None:
    """The source behind a file name of code: a cell of this kernel, or a file."""
    session = current()
    cell = session.cells_by_file.get(file)
    if cell is not None:
        return parse(cell.source, cell, "" if cell == session.cell else cell_title(file))
    text = "".join(linecache.getlines(file))
    return parse(text, None, os.path.basename(file)) if text else None


def cell_title(file: str) -> str:
    """How tracebacks call the cell of a code file: ``cell In[3]``."""
    from ..display import shell

    running = shell()
    numbers = getattr(getattr(running, "compile", None), "_filename_map", None) or {}
    return f"cell In[{numbers[file]}]" if file in numbers else "another cell"
