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
    source, name = _cached(shell, body)
    try:
        tree = shell.transform_ast(ast.parse(source, name))
        _refuse_await(tree)
        statements, last = tree.body, None
        if statements and isinstance(statements[-1], ast.Expr) and not _is_silenced(body):
            *statements, last = statements
        codes = [shell.compile(ast.Module(statements, []), name, "exec")]
        if last is not None:
            codes.append(shell.compile(ast.Interactive([last]), name, "single"))
    except SyntaxError as error:
        # Only the cell's own text is read here: what its code raises later keeps its traceback.
        raise cell_syntax_error(shell, error) from None
    with short_sdk_warnings():
        for code in codes:
            exec(code, shell.user_ns)
    return name


def parse_body(shell: Any, body: str) -> ast.Module:
    """Read a body without running it."""
    source, name = _cached(shell, body)
    try:
        return ast.parse(source, name)
    except SyntaxError as error:
        raise cell_syntax_error(shell, error) from None


def _cached(shell: Any, body: str) -> tuple[str, str]:
    """The code of a body with the line numbers of its cell, and the file name by which its source is found."""
    cell = current().cell
    raw = cell.source if cell is not None else body
    source = _above(raw, _lines_before(raw, body)) + shell.transform_cell(body)
    name = str(shell.compile.cache(source, running_number(shell, True), raw_code=raw))
    current().cells_by_file[name] = cell or Cell(body)
    return source, name


def _above(raw: str, count: int) -> str:
    """The first lines of a cell as comments: the outermost frame of a traceback stands there."""
    lines = [*raw.split("\n"), *[""] * count][:count]
    return "".join(f"# {line}\n" if line.strip() else "\n" for line in lines)


def _lines_before(raw: str, body: str) -> int:
    """Lines of the cell above the first one that stays: the magic, and blank ones, which IPython drops."""
    lines = body.splitlines()
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return lines_above(raw, body) + blank


def lines_above(raw: str, body: str) -> int:
    """Lines of a cell above its body: the magic, with what it goes on with, and what stands before it."""
    # IPython ends the body with a line end that the cell may lack.
    whole, text = raw.rstrip("\n"), body.rstrip("\n")
    return whole[: len(whole) - len(text)].count("\n") if whole.endswith(text) else 1


def explain(error: Exception, before: dict[str, Any]) -> None:
    """Mark an exception as the user's, and add what the checks of the cell have found.

    Args:
        before: The namespace before the cell.
    """
    from ..lint import check_source, hint

    error.__dict__["_kfp_user"] = True
    cell = current().cell
    if cell is not None and not isinstance(error, (SyntaxError, CellSyntaxError)):
        hint(error, check_source(cell.source, cell, before))


class CellSyntaxError(Exception):
    """A syntax error in a body, shown as a plain cell shows one: its line with a caret, no frames of ours.

    IPython prints the frames of every ``SyntaxError`` that comes out of running code, whatever the error says
    itself; so what is raised is none, but bears its name.
    """

    def __init__(self, error: SyntaxError, lines: list[str]) -> None:
        super().__init__(*error.args)
        self._lines = lines
        self._text = str(error)

    def __str__(self) -> str:
        return self._text

    def _render_traceback_(self) -> list[str]:
        return self._lines


def cell_syntax_error(shell: Any, error: SyntaxError) -> CellSyntaxError:
    """What to raise for a syntax error in the text of a cell."""
    lines = [str(line) for line in shell.SyntaxTB.structured_traceback(type(error), error, [])]
    kind = type(type(error).__name__, (CellSyntaxError,), {"__module__": "builtins"})
    found: CellSyntaxError = kind(error, lines)
    return found


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
