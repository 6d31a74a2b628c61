"""Cells and files that a pipeline comes from."""

from __future__ import annotations

import linecache
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import Any

from ..cells import cell_title
from ..session import current
from .code import Code, parse
from .definitions import Definition, definitions
from .resolve import Resolver
from .sources import definitions_of


@dataclass(frozen=True)
class Origin:
    """A source with its namespace and those of its functions that a pipeline uses, with their kinds."""

    code: Code
    namespace: Mapping[str, Any]
    functions: dict[str, str]

    @cached_property
    def resolver(self) -> Resolver:
        """What the names of the source stand for."""
        return Resolver(self.code, self.namespace)

    @cached_property
    def definitions(self) -> list[Definition]:
        """All components and pipelines of the source."""
        return definitions(self.resolver, self.functions)


def origins_of(pipeline: Any) -> Iterator[Origin]:
    """Each source that a pipeline comes from."""
    by_file: dict[str, tuple[FunctionType, dict[str, str]]] = {}
    for function, kind in definitions_of(pipeline):
        _, names = by_file.setdefault(function.__code__.co_filename, (function, {}))
        names[function.__name__] = kind
    for file, (function, names) in by_file.items():
        code = code_of(file)
        if code is not None:
            yield Origin(code, function.__globals__, names)


def code_of(file: str) -> Code | None:
    """The source behind a file name of code: a cell of this kernel, or a file."""
    session = current()
    cell = session.cells_by_file.get(file)
    if cell is not None:
        return parse(cell.source, cell, "" if cell == session.cell else cell_title(file))
    text = "".join(linecache.getlines(file))
    return parse(text, None, os.path.basename(file)) if text else None
