"""Run the checks of the source over a cell, a file or the functions of a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..cells import Cell
from .code import Code, parse
from .component_names import check_names
from .definitions import Definition, definitions
from .finding import Finding, Findings, arrange
from .resolve import Resolver

#: Checks of one component or pipeline.
_DEFINITION_CHECKS: tuple[Callable[[Definition, Resolver], Iterator[Finding]], ...] = (check_names,)
#: Checks of a whole source.
_SOURCE_CHECKS: tuple[Callable[[Resolver], Iterator[Finding]], ...] = ()


def check_text(
    text: str,
    cell: Cell | None = None,
    namespace: Mapping[str, Any] | None = None,
    where: str = "",
    ignore: Iterable[str] = (),
) -> Findings:
    """Check a cell or a file."""
    code = parse(text, cell, where)
    return Findings() if code is None else check_code(code, namespace or {}, ignore=ignore)


def check_code(
    code: Code,
    namespace: Mapping[str, Any],
    only: Mapping[str, str] | None = None,
    ignore: Iterable[str] = (),
) -> Findings:
    """Check a parsed source.

    Args:
        only: Functions to check, with their kinds; everything without it.
        ignore: Rules that are not reported.
    """
    resolver = Resolver(code, namespace)
    found: list[Finding] = []
    listed = definitions(resolver, only)
    for definition in listed:
        if only is None or definition.name in only:
            for check in _DEFINITION_CHECKS:
                found += check(definition, resolver)
    if only is None:
        for whole in _SOURCE_CHECKS:
            found += whole(resolver)
    hidden = set(ignore)
    return arrange(f for f in found if f.rule not in hidden and not code.ignores(f))
