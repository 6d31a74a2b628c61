"""The loops of a pipeline by what the SDK calls their items, so that a finding of the compiled text has a line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .definitions import Definition
from .resolve import Resolver


def loops_of(definition: Definition, resolver: Resolver) -> Iterator[tuple[str, ast.Call]]:
    """Each ``dsl.ParallelFor`` over a parameter (``xs``) or the output of a task (``make-list-Output``)."""
    made = _tasks(definition)
    for node in definition.nodes:
        for item in node.items if isinstance(node, (ast.With, ast.AsyncWith)) else ():
            call = item.context_expr
            if isinstance(call, ast.Call) and resolver.kfp(call.func) == "ParallelFor":
                given = [*call.args, *(k.value for k in call.keywords if k.arg == "items")]
                name = _name(given[0], made) if given else None
                if name is not None:
                    yield name, call


def _tasks(definition: Definition) -> dict[str, str]:
    """Names of the functions that made the tasks in variables; later ones of a name win."""
    return {
        target.id: node.value.func.id
        for node in definition.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _name(items: ast.expr, made: dict[str, str]) -> str | None:
    if isinstance(items, ast.Name):
        return items.id
    output = "Output"
    if isinstance(items, ast.Subscript) and isinstance(items.slice, ast.Constant):
        output, items = str(items.slice.value), items.value
    if not isinstance(items, ast.Attribute) or items.attr not in ("output", "outputs"):
        return None
    task = items.value
    function = made.get(task.id) if isinstance(task, ast.Name) else None
    if isinstance(task, ast.Call) and isinstance(task.func, ast.Name):
        function = task.func.id
    return None if function is None else f"{re.sub(r'[^a-z0-9]+', '-', function.lower()).strip('-')}-{output}"
