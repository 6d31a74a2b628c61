"""Small tools of the tests of the checks."""

from __future__ import annotations

from collections.abc import Iterable

from jupyterlab_kfp.lint import Finding


def only(rule: str, findings: Iterable[Finding]) -> Finding:
    """The one finding of a rule."""
    found = [finding for finding in findings if finding.rule == rule]
    assert len(found) == 1, [str(f) for f in findings]
    return found[0]


def applied(cell: str, finding: Finding) -> str:
    """The cell after the quick fix of a finding, applied as an editor does it."""
    assert finding.fix is not None
    lines = cell.split("\n")

    def offset(line: int, column: int) -> int:
        before = sum(len(text) + 1 for text in lines[: line - 1])
        return before + len(lines[line - 1].encode("utf-16-le")[: column * 2].decode("utf-16-le"))

    for edit in sorted(finding.fix.edits, key=lambda e: (e.line, e.column), reverse=True):
        start, end = offset(edit.line, edit.column), offset(edit.end_line, edit.end_column)
        cell = cell[:start] + edit.text + cell[end:]
    return cell
