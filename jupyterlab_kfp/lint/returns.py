"""Ways out of a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .scope import Function

#: Nodes with a body of their own.
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
#: Calls that do not come back.
_ENDS = ("exit", "_exit", "abort", "quit")


def returns_of(function: Function) -> list[ast.Return]:
    """Return statements of a function, without those of functions in it."""
    found: list[ast.Return] = []
    _collect(function.body, found)
    return found


def _collect(statements: Sequence[ast.AST], found: list[ast.Return]) -> None:
    for statement in statements:
        if isinstance(statement, ast.Return):
            found.append(statement)
        elif not isinstance(statement, NESTED):
            _collect(list(ast.iter_child_nodes(statement)), found)


def falls_through(statements: Sequence[ast.stmt]) -> bool:
    """Tell whether the end of a block can be reached; says no where that is not certain."""
    for statement in statements:
        if isinstance(statement, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
            return False
        if isinstance(statement, ast.If):
            if statement.orelse and not falls_through(statement.body) and not falls_through(statement.orelse):
                return False
        elif isinstance(statement, ast.While):
            if _is_true(statement.test) and not any(isinstance(n, ast.Break) for n in _loop(statement.body)):
                return False
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            if not falls_through(statement.body):
                return False
        elif isinstance(statement, ast.Try):
            if not falls_through(statement.finalbody or [ast.Pass()]):
                return False
            ends = [statement.body + statement.orelse, *(h.body for h in statement.handlers)]
            if not any(falls_through(block) for block in ends):
                return False
        elif isinstance(statement, ast.Match):
            total = any(case.guard is None and _is_total(case.pattern) for case in statement.cases)
            if total and not any(falls_through(case.body) for case in statement.cases):
                return False
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            function = statement.value.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in _ENDS:
                return False
    return True


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _is_total(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _loop(statements: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Nodes of a loop's body, without inner loops, whose ``break`` is theirs."""
    for statement in statements:
        yield statement
        if not isinstance(statement, (*NESTED, ast.For, ast.AsyncFor, ast.While)):
            yield from _loop(list(ast.iter_child_nodes(statement)))
