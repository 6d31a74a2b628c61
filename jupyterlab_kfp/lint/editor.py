"""Findings for marks in an editor: one silent question of the front end for each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..cells import Cell, digest
from .check import check_text
from .finding import Finding, arrange
from .ignored import ignored

#: Most marks of one cell.
_MOST = 200


class EditorFindings:
    """Findings in the form that a front end gets as JSON."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings[:_MOST])

    def _repr_json_(self) -> dict[str, Any]:
        return {
            "findings": [finding.wire(finding.cell) for finding in self.findings if finding.line is not None]
        }


def findings(source: str, cell_id: str | None = None, ignore: Iterable[str] = ()) -> EditorFindings:
    """Check a cell as it stands in the editor, with the names that the kernel knows now.

    What the last check of a compiled pipeline found in the same text is there too.
    """
    from ..display import shell
    from ..session import current

    running = shell()
    hidden = {*ignored(), *ignore}
    cell = Cell(source, cell_id)
    found = list(check_text(source, cell, running.user_ns if running is not None else {}, ignore=hidden))
    for finding in current().text_findings.get(digest(source), ()):
        if finding.rule not in hidden:
            found.append(finding)
    return EditorFindings(arrange(found))
