"""Cells for the checks: for each rule what fires, and correct code on which it stays silent."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Case:
    """A cell and what the checks say of it.

    Attributes:
        line: Line of the finding.
        message: The whole message.
        fixed: The cell after the quick fix; None where there is none.
    """

    rule: str
    cell: str
    line: int
    message: str
    level: str = "E"
    fixed: str | None = None


def fires(rule: str, cell: str, line: int, message: str, level: str = "E", fixed: str | None = None) -> Case:
    """A cell on which a rule fires."""
    return Case(rule, dedent(cell).lstrip("\n"), line, message, level, fixed and dedent(fixed).lstrip("\n"))


def silent(cell: str) -> str:
    """A correct cell."""
    return dedent(cell).lstrip("\n")
