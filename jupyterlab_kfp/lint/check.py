"""Run the checks of the source over a cell, a file or the functions of a pipeline."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from ..cells import Cell
from .bodies import check_files, check_outputs, check_secrets
from .code import Code, body_kind, parse
from .commands import check_commands
from .component_names import check_names
from .definitions import Definition, definitions
from .finding import Finding, Findings, arrange
from .interface import visible
from .old_names import check_old
from .packages import check_packages
from .pipeline_bodies import check_body
from .pipelines import check_values
from .resolve import Resolver
from .signatures import check_signature
from .values import Tracker

#: Checks of one component or pipeline.
_CHECKS: tuple[Callable[[Definition, Resolver], Iterator[Finding]], ...] = (
    check_names,
    check_signature,
    check_outputs,
    check_files,
    check_secrets,
    check_packages,
    check_commands,
)


def check_text(
    text: str,
    cell: Cell | None = None,
    namespace: Mapping[str, Any] | None = None,
    where: str = "",
    ignore: Iterable[str] = (),
) -> Findings:
    """Check a cell or a file."""
    code = parse(text, cell, where)
    if code is None:
        return Findings()
    wrapped = _wrapped(code)
    if wrapped is None:
        return check_code(code, namespace or {}, ignore=ignore)
    # The line of the magic has the image and the packages, which these would miss in the decorator.
    return check_code(code, namespace or {}, only=wrapped, ignore={*ignore, "KFP301"})


def _wrapped(code: Code) -> dict[str, str] | None:
    """The one function of a ``%%kfp component`` cell, which is a component without a decorator."""
    first = next((line for line in code.text.split("\n") if line.strip()), "")
    functions = [node for node in code.tree.body if isinstance(node, ast.FunctionDef)]
    if body_kind(first) != "component" or len(functions) != 1 or functions[0].decorator_list:
        return None
    return {functions[0].name: "component"}


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
    return check_definitions(resolver, definitions(resolver, only), only, ignore)


def check_definitions(
    resolver: Resolver,
    listed: list[Definition],
    only: Container[str] | None = None,
    ignore: Iterable[str] = (),
) -> Findings:
    """Check a source whose definitions are known already."""
    code = resolver.code
    found: list[Finding] = []
    for definition in listed:
        if only is not None and definition.name not in only:
            continue
        for check in _CHECKS:
            found += check(definition, resolver)
        if definition.kind == "pipeline":
            tracker = Tracker(resolver, visible(definition, listed, resolver))
            found += check_values(definition, tracker)
            found += check_body(definition, resolver, tracker)
    if only is None:
        found += check_old(resolver)
    hidden = set(ignore)
    return arrange(f for f in found if f.rule not in hidden and not code.ignores(f))
