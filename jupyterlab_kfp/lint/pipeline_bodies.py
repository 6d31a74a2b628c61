"""What a pipeline's body does once, when it is compiled: KFP209 to KFP212."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import FunctionType

from .definitions import Definition
from .finding import Finding
from .resolve import Resolver, walk_own
from .scope import parameters
from .values import Tracker

_ONCE = re.compile(
    r"^(?:datetime\.(?:datetime\.|date\.)?(?:now|utcnow|today)|time\.(?:time|time_ns|strftime|localtime|gmtime)"
    r"|uuid\.uuid[14]|secrets\.\w+|random\.\w+|numpy\.random\.\w+|np\.random\.\w+|os\.urandom"
    r"|pandas\.Timestamp\.(?:now|today|utcnow))$"
)


def check_body(definition: Definition, resolver: Resolver, tracker: Tracker) -> Iterator[Finding]:
    """Check the body of a pipeline."""
    if definition.kind != "pipeline":
        return
    node, code = definition.node, resolver.code
    used = {n.id for n in definition.nodes if isinstance(n, ast.Name)}
    if not used & {"locals", "vars"}:
        for arg in parameters(node):
            if arg.arg not in used:
                yield code.find(
                    "KFP209", f'Parameter "{arg.arg}" is never used.', arg, definition=definition.name
                )
    calls = [n for statement in node.body for n in walk_own(statement) if isinstance(n, ast.Call)]
    for call in calls:
        path = resolver.dotted(call.func) or ast.unparse(call.func)
        if _ONCE.match(path):
            yield code.find(
                "KFP210",
                "This is evaluated once, now, and is the same in every run.",
                call,
                definition=definition.name,
            )
        elif isinstance(call.func, ast.Name) and _is_plain(call, resolver, tracker):
            yield code.find(
                "KFP211",
                f'"{call.func.id}" is no component: it runs now, in the notebook.',
                call,
                definition=definition.name,
            )
    if all(isinstance(c.func, ast.Name) and c.func.id == "print" for c in calls):
        yield code.find(
            "KFP212", f"Pipeline {definition.name} has no task.", _head(node), definition=definition.name
        )


class _Head:
    """The first line of a function: a whole body would be underlined otherwise."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.lineno = self.end_lineno = node.lineno
        self.col_offset = node.col_offset + len("def ")
        self.end_col_offset = self.col_offset + len(node.name)


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef) -> _Head:
    return _Head(node)


def _is_plain(call: ast.Call, resolver: Resolver, tracker: Tracker) -> bool:
    """Tell whether a call is of a function of the notebook that neither makes nor configures tasks."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if tracker.component(call.func) is not None or name in tracker.names:
        return False
    for argument in (*call.args, *(k.value for k in call.keywords)):
        for node in ast.walk(argument):
            value = tracker.value(node) if isinstance(node, ast.expr) else None
            if value is not None and value.kind == "task":
                return False  # it sets something on a task
    source = resolver.functions.get(name)
    if source is not None:
        return not source.decorator_list and not _makes_tasks(source, resolver, tracker)
    value = resolver.namespace.get(name)
    if name in resolver.imports or name in resolver.classes or not isinstance(value, FunctionType):
        return False
    if value.__module__ != "__main__":
        return False
    used = set(value.__code__.co_names)
    return not used & {"dsl", "kfp"} and not any(
        tracker.component(ast.Name(id=n, ctx=ast.Load())) is not None for n in used
    )


def _makes_tasks(node: ast.AST, resolver: Resolver, tracker: Tracker) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and (
            tracker.component(inner.func) is not None or resolver.kfp(inner.func) is not None
        ):
            return True
        if isinstance(inner, ast.Attribute) and (
            inner.attr in ("output", "outputs", "after") or inner.attr.startswith("set_")
        ):
            return True
    return False
