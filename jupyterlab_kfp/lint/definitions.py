"""Find the components and pipelines that a source defines."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .resolve import Resolver
from .scope import Function

#: Decorators of kfp and what they make.
KINDS = {
    "component": "component",
    "container_component": "container",
    "notebook_component": "component",
    "pipeline": "pipeline",
    # As kfp calls them inside, where a name was imported from there.
    "PythonComponent": "component",
    # Those of kfp 1.8 have rules of their own; what they give is followed all the same.
    "create_component_from_func": "old",
    "func_to_container_op": "old",
}


#: A decorator that is called with a function.
_CALLED = re.compile(
    r"(?:component|pipeline|PythonComponent|component_from_func|container_op)\s*\(\s*\w+\s*[,)]"
)


@dataclass
class Definition:
    """A component or a pipeline in a source.

    Attributes:
        kind: ``component``, ``container`` or ``pipeline``; ``old`` for a component of kfp 1.8.
        call: The call of the decorator; None for a bare one.
        outer: Names of the functions around it, whose variables it cannot take with it.
    """

    kind: str
    node: Function
    call: ast.Call | None = None
    outer: list[Function] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.node.name

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the body, walked once for all checks."""
        return [node for statement in self.node.body for node in ast.walk(statement)]

    def option(self, name: str) -> ast.expr | None:
        """Value of an option of the decorator."""
        for keyword in self.call.keywords if self.call else ():
            if keyword.arg == name:
                return keyword.value
        return None


def definitions(resolver: Resolver, known: Mapping[str, str] | None = None) -> list[Definition]:
    """Find all definitions of a source in its order.

    Args:
        known: Kinds of functions by name that only the running kernel knows, for example those whose
            decorator is the user's own.
    """
    found: list[Definition] = []
    _visit(resolver.code.tree, resolver, known or {}, [], found)
    _calls(resolver, found)
    return found


def _visit(
    node: ast.AST,
    resolver: Resolver,
    known: Mapping[str, str],
    outer: list[Function],
    found: list[Definition],
) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            definition = _decorated(child, resolver, known, outer)
            if definition is not None:
                found.append(definition)
            if definition is None or definition.kind == "pipeline":
                _visit(child, resolver, known, [*outer, child], found)
        elif not isinstance(child, ast.expr):  # no definition stands inside of an expression
            _visit(child, resolver, known, outer, found)


def _decorated(
    node: Function, resolver: Resolver, known: Mapping[str, str], outer: list[Function]
) -> Definition | None:
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        target = call.func if call is not None else decorator
        name = resolver.kfp(target)
        if name == "partial" and call is not None and call.args:
            name = resolver.kfp(call.args[0])
        if name in KINDS:
            return Definition(KINDS[name], node, call, list(outer))
    if not outer and node.name in known:
        return Definition(known[node.name], node, None, [])
    return None


def _calls(resolver: Resolver, found: list[Definition]) -> None:
    """Add ``op = dsl.component(function, …)``."""
    if _CALLED.search(resolver.code.text) is None:
        return  # looking at every node would cost more than all else here
    names = {id(definition.node) for definition in found}
    for node in ast.walk(resolver.code.tree):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Name):
            continue
        kind = KINDS.get(resolver.kfp(node.func) or "")
        function = resolver.functions.get(node.args[0].id)
        if kind is not None and function is not None and id(function) not in names:
            names.add(id(function))
            found.append(Definition(kind, function, node))
