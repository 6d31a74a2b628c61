"""Plain text and HTML of the verbs' answers."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any

from .session import current


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write a table with aligned columns; the last column is not padded."""
    cells = [tuple(map(str, head)), *(tuple("" if c is None else str(c) for c in row) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def html_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write a table as HTML; everything is escaped. Notebooks set tables flush right, which suits numbers only."""
    left = ' style="text-align:left"'
    top = "".join(f"<th{left}>{html.escape(str(c))}</th>" for c in head)
    body = "".join(
        "<tr>" + "".join(f"<td{left}>{html.escape('' if c is None else str(c))}</td>" for c in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


class Shown:
    """An answer that shows itself once: either by the verb, or as the value of a cell.

    Subclasses give ``as_text`` and may give ``as_html`` and ``as_json``.
    """

    _shown_in = -1

    def as_text(self) -> str:
        """The answer as text."""
        raise NotImplementedError

    def as_html(self) -> str | None:
        """The answer as HTML; None where text is enough."""
        return None

    def as_json(self) -> Any:
        """The answer for ``--json``."""
        return self.as_text()

    def show(self, as_json: bool = False) -> None:
        """Display it now."""
        from .display import publish

        self._shown_in = current().execution
        if as_json:
            print(json.dumps(self.as_json(), indent=2, ensure_ascii=False, default=str))
            return
        text = self.as_text()
        rich = self.as_html()
        if rich is None or not publish({"text/plain": text, "text/html": rich}):
            print(text)

    def _ipython_display_(self) -> None:
        if self._shown_in != current().execution:
            self.show()

    def __repr__(self) -> str:
        return self.as_text()
