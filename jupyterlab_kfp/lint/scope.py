"""Find the names that a function takes from outside of itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def parameters(node: Function | ast.Lambda) -> list[ast.arg]:
    """All parameters of a function in their order."""
    args = node.args
    found = [*args.posonlyargs, *args.args]
    if args.vararg:
        found.append(args.vararg)
    found += args.kwonlyargs
    if args.kwarg:
        found.append(args.kwarg)
    return found


def defaults(node: Function) -> dict[str, ast.expr]:
    """Default values by parameter."""
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    found: dict[str, ast.expr] = {}
    for arg, value in zip(positional[len(positional) - len(args.defaults) :], args.defaults, strict=True):
        found[arg.arg] = value
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if default is not None:
            found[arg.arg] = default
    return found


def bound(statements: Iterable[ast.AST]) -> set[str]:
    """Names that statements bind in their own scope; those declared global count, they are bound too."""
    found: set[str] = set()
    for statement in statements:
        _bind(statement, found)
    return found


def _bind(node: ast.AST, found: set[str]) -> None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        found.add(node.name)
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, _COMPREHENSIONS):
        for inner in ast.walk(node):  # only := reaches out of a comprehension
            if isinstance(inner, ast.NamedExpr):
                found.add(inner.target.id)
        return
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        found.add(node.id)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            found.add(alias.asname or alias.name.split(".")[0])
    elif isinstance(node, ast.ExceptHandler) and node.name:
        found.add(node.name)
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        found.update(node.names)
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        found.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        found.add(node.rest)
    for child in ast.iter_child_nodes(node):
        _bind(child, found)


def free_names(function: Function) -> Iterator[ast.Name]:
    """Names that the body of a function reads and does not bind itself, in the order of the source."""
    inner = {arg.arg for arg in parameters(function)} | bound(function.body)
    for statement in function.body:
        yield from _free(statement, inner)


def free_in(expression: ast.AST) -> Iterator[ast.Name]:
    """Names that an expression reads and does not bind itself."""
    yield from _free(expression, set())


def _free(node: ast.AST, known: set[str]) -> Iterator[ast.Name]:
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id not in known:
            yield node
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for outside in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            yield from _free(outside, known)
        for arg in parameters(node):
            if arg.annotation is not None:
                yield from _free(arg.annotation, known)
        if node.returns is not None:
            yield from _free(node.returns, known)
        inner = known | {arg.arg for arg in parameters(node)} | bound(node.body)
        for statement in node.body:
            yield from _free(statement, inner)
    elif isinstance(node, ast.Lambda):
        for outside in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            yield from _free(outside, known)
        yield from _free(node.body, known | {arg.arg for arg in parameters(node)})
    elif isinstance(node, ast.ClassDef):
        for outside in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            yield from _free(outside, known)
        yield from _free_class(node, known)
    elif isinstance(node, _COMPREHENSIONS):
        inner = set(known)
        for generator in node.generators:
            inner |= bound([generator.target])
        for child in ast.iter_child_nodes(node):
            yield from _free(child, inner)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _free(child, known)


def _free_class(node: ast.ClassDef, known: set[str]) -> Iterator[ast.Name]:
    """A class body sees its own names; the functions in it do not."""
    own = bound(node.body)
    for statement in node.body:
        inner = known if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) else known | own
        yield from _free(statement, inner | ({"__class__"} if inner is known else set()))
