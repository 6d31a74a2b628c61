"""Identity of the cell that made a run or a pipeline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


def normalise(source: str) -> str:
    """Bring a cell source into the form that digests are made of: LF line ends, no blanks at line ends, no
    last empty lines.

    The browser does the same before it compares, so an edit that changes nothing visible is no drift.
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).rstrip("\n")


def digest(source: str) -> str:
    """Digest of a cell source as ``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(normalise(source).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Cell:
    """A cell as it was executed. ``id`` is None where the front end sends none, for example under
    nbclient.
    """

    source: str
    id: str | None = None

    def reference(self, sources: tuple[Cell, ...] = ()) -> dict[str, Any]:
        """Give the cell in the form of the wire.

        Args:
            sources: Cells that define components used by this one, at most 20 are named.
        """
        found: dict[str, Any] = {"digest": digest(self.source)}
        if self.id:
            found["id"] = self.id
        others = [cell.reference() for cell in sources if cell != self][:20]
        if others:
            found["sources"] = others
        return found


def line_of(source: str, function: str, line: int) -> int | None:
    """Line in a cell of a line that counts from a function's ``def``; None where it is not defined there."""
    import re

    for number, text in enumerate(source.splitlines(), 1):
        if re.match(rf"\s*(?:async\s+)?def\s+{re.escape(function)}\b", text):
            return number + line - 1
    return None


def find_line(function: str, line: int, text: str) -> tuple[str, int] | None:
    """Find the cell of this kernel that a line of a function stands in: the executed one first, then the newest.

    Args:
        line: Counted from the ``def``.
        text: Of that line. Several cells may define a function of this name; the text tells.

    Returns:
        ``cell`` or ``cell In[3]``, and the line there.
    """
    from .session import current

    session = current()
    named = [(name, cell) for name, cell in reversed(session.cells_by_file.items()) if cell != session.cell]
    candidates = [(None, session.cell)] if session.cell is not None else []
    for name, cell in [*candidates, *named]:
        number = line_of(cell.source, function, line)
        lines = cell.source.splitlines()
        if number is not None and number <= len(lines) and lines[number - 1].strip() == text:
            return "cell" if name is None else cell_title(name), number
    return None


def cell_title(file: str) -> str:
    """How tracebacks call the cell of a code file: ``cell In[3]``."""
    from .display import shell

    numbers = getattr(getattr(shell(), "compile", None), "_filename_map", None) or {}
    return f"cell In[{numbers[file]}]" if file in numbers else "another cell"
