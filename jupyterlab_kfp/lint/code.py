"""A cell or a file as parsed Python whose lines are those that the user sees."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .finding import Edit, Finding, Fix
from .rules import RULES

if TYPE_CHECKING:
    from ..cells import Cell

#: Cell magics whose body is Python that runs in the notebook.
_PYTHON_BODY = re.compile(r"%%(?:time|timeit|capture|prun|python3?in)\b")
_KFP_CELL = re.compile(r"%%kfp(?:[ \t]+(?P<kind>\w+))?")
_OTHER_BODY = ("container", "yaml")
_SPECIAL = re.compile(r"^\s*[%!?]|=\s*[%!]|\?\s*$", re.MULTILINE)
_IGNORE = re.compile(r"#\s*kfp:\s*ignore\b(?:\[(?P<rules>[^\]]*)\])?")


@dataclass
class Code:
    """A parsed source.

    Attributes:
        text: As the user wrote it.
        tree: Parsed after IPython's own syntax was replaced; line numbers are those of ``text``.
        where: Which cell or file it is, for people; empty for the cell that is executed.
    """

    text: str
    tree: ast.Module
    parsed: list[str]
    cell: Cell | None = None
    where: str = ""
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def line(self, number: int) -> str:
        """A line as the user wrote it; empty outside."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def segment(self, node: ast.AST) -> str:
        """The source of a node on one line."""
        # As `ast.get_source_segment`, which splits the whole text anew for each call.
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None)
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None)
        if not first or last is None or end is None or last > len(self.parsed):
            return " ".join(ast.unparse(node).split())
        pieces = [line.encode() for line in self.parsed[first - 1 : last]]
        pieces[-1] = pieces[-1][:end]
        pieces[0] = pieces[0][start:]
        shown = b"\n".join(pieces).decode(errors="replace")
        return " ".join(shown.split())

    def column(self, line: int, offset: int) -> int:
        """Turn the byte offset of ``ast`` into a column in UTF-16 units."""
        text = self.parsed[line - 1] if 0 < line <= len(self.parsed) else ""
        if text != self.line(line):  # a line of IPython's own syntax: the whole line
            return len(self.line(line)) - len(self.line(line).lstrip()) if offset else 0
        if text.isascii():
            return offset
        return len(text.encode()[:offset].decode(errors="ignore").encode("utf-16-le")) // 2

    def find(
        self,
        rule: str,
        message: str,
        node: Any,
        *,
        level: str | None = None,
        definition: str | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """Make a finding at a node."""
        line = int(node.lineno)
        end = int(getattr(node, "end_lineno", None) or line)
        start_column = self.column(line, node.col_offset)
        end_column = self.column(end, getattr(node, "end_col_offset", None) or 0)
        if self.parsed[line - 1 : line] != self.lines[line - 1 : line]:
            end, end_column = line, len(self.line(line))
        return Finding(
            rule,
            level or RULES[rule].level[0],
            message,
            line,
            end,
            start_column,
            end_column,
            self.cell,
            self.where,
            definition,
            fix,
        )

    def replace(self, node: Any, text: str) -> Edit:
        """An edit that replaces a node."""
        return Edit(
            node.lineno,
            self.column(node.lineno, node.col_offset),
            node.end_lineno,
            self.column(node.end_lineno, node.end_col_offset),
            text,
        )

    def insert(self, line: int, offset: int, text: str) -> Edit:
        """An edit that inserts before a byte offset of a line."""
        column = self.column(line, offset)
        return Edit(line, column, line, column, text)

    def ignores(self, finding: Finding) -> bool:
        """Tell whether a comment on the line of a finding silences it."""
        if finding.line is None:
            return False
        for number in {finding.line, finding.end_line or finding.line}:
            rules = ignored_on(self.line(number))
            if rules is not None and (not rules or finding.rule in rules):
                return True
        return False


def ignored_on(line: str) -> frozenset[str] | None:
    """Rules that the comment of a line silences; an empty set for all, None without such a comment."""
    match = _IGNORE.search(line)
    if match is None:
        return None
    listed = match.group("rules")
    return frozenset(re.split(r"[\s,]+", listed.strip().upper())) if listed is not None else frozenset()


def body_kind(text: str) -> str | None:
    """The kind of a ``%%kfp`` cell; empty without one, None for any other cell."""
    match = _KFP_CELL.match(text.lstrip("\n"))
    return None if match is None else match.group("kind") or ""


def parse(text: str, cell: Cell | None = None, where: str = "") -> Code | None:
    """Parse a cell or a file.

    Returns:
        None where it is no Python, or has an error of syntax, which Python reports better.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _without_cell_magic(text)
    if plain is None:
        return None
    if _SPECIAL.search(plain):
        plain = _transform(plain)
    try:
        tree = ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return Code(text, tree, plain.split("\n"), cell, where)


def _without_cell_magic(text: str) -> str | None:
    """Blank a first line that is a cell magic; None when its body is no Python of the notebook."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    line = lines[first].rstrip() if lines else ""
    if not line.startswith("%%"):
        return text
    kind = body_kind(line)
    if kind in _OTHER_BODY or (kind is None and not _PYTHON_BODY.match(line)):
        return None
    lines[first] = ""
    while line.endswith("\\") and first + 1 < len(lines):  # the magic's line goes on
        first += 1
        line = lines[first].rstrip()
        lines[first] = ""
    return "\n".join(lines)


def _transform(text: str) -> str:
    """Replace IPython's own syntax; leading lines stay, which IPython itself would drop."""
    body = text.lstrip("\n")
    head = text[: len(text) - len(body)]
    shell = _shell()
    if shell is not None:
        return head + str(shell.transform_cell(body))
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return text
    return head + str(TransformerManager().transform_cell(body))


def _shell() -> Any:
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None
