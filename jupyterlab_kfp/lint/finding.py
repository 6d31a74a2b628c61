"""What a check has found, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .rules import SEVERITY

if TYPE_CHECKING:
    from ..cells import Cell


@dataclass(frozen=True)
class Edit:
    """A replacement of text in a cell.

    Lines count from 1, columns from 0 in UTF-16 units, as editors do.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    def wire(self) -> dict[str, Any]:
        """Give it in the form of the wire."""
        return {
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "text": self.text,
        }


@dataclass(frozen=True)
class Fix:
    """A mechanical repair: what it does, in the imperative, and the edits."""

    title: str
    edits: tuple[Edit, ...]

    def wire(self) -> dict[str, Any]:
        """Give it in the form of the wire."""
        return {"title": self.title, "edits": [edit.wire() for edit in self.edits]}


@dataclass(frozen=True)
class Finding:
    """One finding of a check.

    Attributes:
        rule: ``KFP101``.
        level: ``E``, ``W`` or ``I``.
        line: Line in the cell or file, from 1; None where nothing in a source stands for it.
        column: From 0, in UTF-16 units.
        cell: The cell; None when it is a file or unknown.
        where: Which cell or file, for people; empty for the cell that is executed.
        definition: The component or pipeline it is in.
    """

    rule: str
    level: str
    message: str
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None
    cell: Cell | None = None
    where: str = ""
    definition: str | None = None
    fix: Fix | None = field(default=None, compare=False)

    @property
    def severity(self) -> str:
        """``error``, ``warning`` or ``info``."""
        return SEVERITY[self.level]

    @property
    def is_error(self) -> bool:
        """Tell whether it keeps a run from being sent."""
        return self.level == "E"

    @property
    def place(self) -> str:
        """Where it is, for people: ``line 5``, ``cell In[3], line 5``, ``steps.py, line 5``."""
        if self.line is None:
            return self.where
        return f"{self.where}, line {self.line}" if self.where else f"line {self.line}"

    def __str__(self) -> str:
        head = f"{self.rule} {self.severity}"
        return f"{head}, {self.place}: {self.message}" if self.place else f"{head}: {self.message}"

    def wire(self, cell: Cell | None = None) -> dict[str, Any]:
        """Give it in the form of the wire.

        Args:
            cell: The cell that is executed; findings of others carry the digest of theirs.
        """
        found: dict[str, Any] = {"rule": self.rule, "severity": self.severity, "message": self.message[:1000]}
        for name in ("line", "end_line", "column", "end_column"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        if self.definition:
            found["definition"] = self.definition
        if self.where:
            found["where"] = self.where
        if self.cell is not None and self.cell != cell:
            found["cell"] = self.cell.reference()
        if self.fix is not None:
            found["fix"] = self.fix.wire()
        return found


class Findings(tuple[Finding, ...]):
    """Findings in the order of the source; shows one line each."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Those that keep a run from being sent."""
        return tuple(finding for finding in self if finding.is_error)

    def __str__(self) -> str:
        return render(self)

    def __repr__(self) -> str:
        return render(self)


def render(findings: Iterable[Finding]) -> str:
    """Write one line per finding, and one that counts them."""
    listed = list(findings)
    if not listed:
        return "No findings."
    return "\n".join([*(str(finding) for finding in listed), count_text(listed)])


def count_text(findings: Iterable[Finding]) -> str:
    """Count findings in words: ``1 error, 2 warnings``."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.severity] = counts.get(finding.severity, 0) + 1
    words = [
        f"{counts[word]} {word}{'s' if counts[word] != 1 and word != 'info' else ''}"
        for word in SEVERITY.values()
        if word in counts
    ]
    return ", ".join(words) or "no findings"


def arrange(findings: Iterable[Finding]) -> Findings:
    """Sort findings by place and drop those found twice."""
    unique: dict[Any, Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.where, finding.line, finding.column, finding.message)
        unique.setdefault(key, finding)
    ordered = sorted(unique.values(), key=lambda f: (f.where, f.line or 0, f.column or 0, f.rule))
    return Findings(ordered)
