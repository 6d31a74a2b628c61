"""The doctor of a connection: ten checks, each failure with its fix."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from .client import segment
from .connections import require_known
from .session import current
from .text import Shown

_MARK = {"passed": "✔", "failed": "✘", "skipped": "–"}
#: Seconds for all checks of a connection together.
_LIMIT = 60.0


class Report(Shown):
    """What the doctor found."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self._report = report

    @property
    def checks(self) -> list[Mapping[str, Any]]:
        """The checks in order: ``name topic state evidence``, and ``fix`` where one failed."""
        return list(self._report["checks"])

    @property
    def failed(self) -> list[Mapping[str, Any]]:
        """The checks that failed."""
        return [check for check in self.checks if check["state"] == "failed"]

    @property
    def ok(self) -> bool:
        """True when no check failed."""
        return not self.failed

    def as_json(self) -> Any:
        """As the wire has it (``DoctorReport``)."""
        return dict(self._report)

    def _head(self) -> str:
        where = self._report["connection"]
        if self._report.get("address"):
            where += f" ({self._report['address']})"
        if self._report.get("namespace"):
            where += f", namespace {self._report['namespace']}"
        count = len(self.failed)
        found = "nothing is wrong" if count == 0 else f"{count} of {len(self.checks)} checks failed"
        return f"Doctor of {where}: {found}"

    def as_text(self) -> str:
        """One line a check; below a failed one what to do about it."""
        width = max(len(check["topic"]) for check in self.checks)
        lines = [self._head()]
        for number, check in enumerate(self.checks, 1):
            lines.append(f"{_MARK[check['state']]} {number:>2} {check['topic']:<{width}}  {_evidence(check)}")
            indent = " " * (width + 7)
            lines += [f"{indent}{line}" for line in (*_fix(check), *check.get("lines", ()))]
        return "\n".join(lines)

    def as_html(self) -> str:
        """The same as a table; everything is escaped."""
        rows = []
        for number, check in enumerate(self.checks, 1):
            more = "".join(f"<br>{html.escape(line)}" for line in _fix(check))
            if check.get("lines"):
                more += f"<pre>{html.escape(chr(10).join(check['lines']))}</pre>"
            cells = (f"{_MARK[check['state']]} {check['state']}", str(number), check["topic"])
            rows.append(
                "<tr>"
                + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
                + f'<td style="text-align:left">{html.escape(_evidence(check))}{more}</td></tr>'
            )
        return f"<p>{html.escape(self._head())}</p><table><tbody>{''.join(rows)}</tbody></table>"


def _evidence(check: Mapping[str, Any]) -> str:
    took = f" ({check['milliseconds']} ms)" if check["state"] != "skipped" else ""
    return f"{check['evidence']}{took}"


def _fix(check: Mapping[str, Any]) -> list[str]:
    return [f"→ {check['fix']}"] if check.get("fix") else []


def examine(name: str | None = None, ns: str | None = None) -> Report:
    """Let the gateway examine a connection.

    Raises:
        KfpConnectionError: ``conn-unknown``.
    """
    session = current()
    connection = session.target(name)
    require_known(connection)
    query = {"namespace": session.namespace(ns, connection), "sdk": _sdk()}
    return Report(session.client.get(f"/connections/{segment(connection)}/doctor", query, timeout=_LIMIT))


def _sdk() -> str:
    """Version of ``kfp`` here, without importing it; empty where there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kfp")
    except PackageNotFoundError:
        return ""
