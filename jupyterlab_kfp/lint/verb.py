"""``%kfp lint``."""

from __future__ import annotations

from typing import Any

from ..session import current
from .check import check_code
from .finding import Finding, Findings, arrange
from .ignored import ignored
from .origins import code_of
from .pipeline import check_compiled


def check(target: Any, on: str | None) -> Findings:
    """Check a pipeline or a file, or every cell of this kernel."""
    if target is None:
        return check_cells()
    from .. import targets
    from ..display import shell

    running = shell()
    namespace = running.user_ns if running is not None else None
    compiled = targets.pipeline(target, namespace, on)
    found, _ = check_compiled(compiled, on or current().connection, run=True)
    return found


def check_cells() -> Findings:
    """Check the newest form of every cell that was executed here."""
    from ..display import shell

    session, running = current(), shell()
    namespace = running.user_ns if running is not None else {}
    newest: dict[str, str] = {}
    for file, cell in session.cells_by_file.items():
        newest[cell.id or cell.source] = file
    found: list[Finding] = []
    for file in newest.values():
        code = code_of(file)
        if code is not None:
            found += check_code(code, namespace, ignore=ignored())
    return arrange(found)
