"""Run the body of a ``%%kfp`` cell so that source, line numbers and failure are the user's."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import Any

from ..cells import Cell
from ..errors import KfpUsageError
from ..session import current
from .running_cell import running_number
from .sdk_warnings import short_sdk_warnings


def run_body(shell: Any, body: str) -> str:
    """Execute a cell body in the user's namespace, as a plain cell would: a last expression is shown.

    A plain ``exec`` would lose ``inspect.getsource``, which the SDK needs; a nested ``run_cell`` would hide
    the failure from the outer cell. What the body raises goes through.

    Returns:
        The file name of the code, by which its source is found.
    """
    __tracebackhide__ = True
    # Line 1 of the cell is the magic itself.
    source = "\n" + shell.transform_cell(body)
    cell = current().cell
    raw = cell.source if cell is not None else body
    name = str(shell.compile.cache(source, running_number(shell, True), raw_code=raw))
    current().cells_by_file[name] = cell or Cell(body)
    tree = shell.transform_ast(ast.parse(source, name))
    _refuse_await(tree)
    statements, last = tree.body, None
    if statements and isinstance(statements[-1], ast.Expr) and not _is_silenced(body):
        *statements, last = statements
    with short_sdk_warnings():
        exec(shell.compile(ast.Module(statements, []), name, "exec"), shell.user_ns)
        if last is not None:
            exec(shell.compile(ast.Interactive([last]), name, "single"), shell.user_ns)
    return name


def _is_silenced(body: str) -> bool:
    """Tell whether a body ends in a semicolon, which keeps a plain cell from showing its value."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(body).readline))
    except (tokenize.TokenError, SyntaxError):
        return False  # syntax of IPython, which Python cannot read
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.DEDENT, tokenize.ENDMARKER)
    return next((token.string == ";" for token in reversed(found) if token.type not in skipped), False)


def _refuse_await(tree: ast.Module) -> None:
    """Say that a top-level ``await`` does not work, in our words instead of the compiler's."""
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for node in _own(statement):
            if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
                raise KfpUsageError(
                    "usage-value",
                    f"await does not work in a %%kfp cell (line {node.lineno}).",
                    "Put that line into a plain cell.",
                )


def _own(node: ast.AST) -> list[ast.AST]:
    """Nodes below, without the bodies of functions and lambdas."""
    found = [node]
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            found += _own(child)
    return found
