"""Lists of runs, pipelines and other things on a connection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .client import segment
from .errors import KfpUsageError, suggest
from .listing_filters import filters_of
from .session import current
from .tasks import elapsed
from .text import Shown, html_table, table
from .verbs import LISTS

Row = Mapping[str, Any]


class Listing(list[Any], Shown):
    """Rows of the wire, shown as a table."""

    def __init__(self, rows: Iterable[Row], columns: Mapping[str, Callable[[Row], Any]], what: str) -> None:
        super().__init__(rows)
        self._columns = dict(columns)
        self._what = what

    def _cells(self) -> list[list[Any]]:
        return [[read(row) for read in self._columns.values()] for row in self]

    def frame(self) -> Any:
        """The table as a pandas frame."""
        from .frames import frame_of_rows

        return frame_of_rows(
            [dict(zip(self._columns, cells, strict=True)) for cells in self._cells()], [*self._columns]
        )

    def as_text(self) -> str:
        """The table."""
        return table(list(self._columns), self._cells()) if self else f"No {self._what}."

    def as_html(self) -> str | None:
        """The table as HTML."""
        return html_table(list(self._columns), self._cells()) if self else None

    def as_json(self) -> Any:
        """Rows as the wire has them."""
        return list(self)

    __repr__ = Shown.__repr__


def _when(row: Row) -> str:
    return str(row.get("created_at") or "").replace("T", " ")[:16]


def _next(row: Row) -> str:
    """When a schedule fires next, in the reader's own time and with its zone."""
    from .durations import parse_time

    found = parse_time(row.get("next_fire_at")) if row["enabled"] else None
    return "" if found is None else f"{found.astimezone():%a %Y-%m-%d %H:%M %Z}"


def _trigger(text: str) -> str:
    """``every 2h`` for KFP's ``@every 7200s``; a cron expression stays."""
    from .durations import words

    found = re.fullmatch(r"@every (\d+)s", text)
    return f"every {words(float(found.group(1)))}" if found else text


def _took(row: Row) -> str:
    from .durations import words

    seconds = elapsed(row.get("started_at") or row.get("created_at"), row.get("finished_at"))
    return words(float(int(seconds))) if seconds is not None else ""


_COLUMNS: dict[str, dict[str, Callable[[Row], Any]]] = {
    "runs": {
        "id": lambda r: r["run_id"][:8],
        "name": lambda r: r["name"],
        "state": lambda r: str(r["state"]).replace("_", " ").capitalize(),
        "created": _when,
        "duration": _took,
        "pipeline": lambda r: (r.get("pipeline") or {}).get("name", ""),
        "experiment": lambda r: (r.get("experiment") or {}).get("name", ""),
    },
    "pipelines": {
        "name": lambda r: r["display_name"],
        "id": lambda r: r["pipeline_id"][:8],
        "created": _when,
        "description": lambda r: r.get("description", "")[:60],
    },
    "versions": {
        "pipeline": lambda r: r.get("pipeline", ""),
        "version": lambda r: r["display_name"],
        "id": lambda r: r["pipeline_version_id"][:8],
        "created": _when,
    },
    "experiments": {"name": lambda r: r["name"], "id": lambda r: r["id"][:8], "created": _when},
    "schedules": {
        "name": lambda r: r["name"],
        "id": lambda r: r["recurring_run_id"][:8],
        "enabled": lambda r: "on" if r["enabled"] else "off",
        "trigger": lambda r: _trigger(str(r["trigger"])),
        "next": _next,
        "pipeline": lambda r: (r.get("pipeline") or {}).get("name", ""),
    },
    "connections": {
        "name": lambda r: r["ref"]["profile"],
        "health": lambda r: r["health"],
        "found": lambda r: r["origin"],
        "KFP": lambda r: r.get("kfp_version", ""),
        "default": lambda r: "yes" if r.get("is_default") else "",
    },
    "artifacts": {
        "task": lambda r: r["task"],
        "name": lambda r: r["name"],
        "type": lambda r: r["type"],
        "run": lambda r: r["run"],
        "uri": lambda r: r.get("uri") or "",
    },
}


def ls(
    what: str = "runs",
    *words: str,
    limit: int = 20,
    on: str | None = None,
    ns: str | None = None,
) -> Listing:
    """List things on a connection.

    Args:
        what: ``runs``, ``pipelines``, ``versions``, ``experiments``, ``schedules``, ``connections`` or
            ``artifacts``.
        words: Filters: text that a row must contain, or ``column:text`` such as ``state:failed``.
        limit: Most rows.
    """
    if what not in LISTS:
        raise KfpUsageError(
            "usage-target", f"ls knows no {what}.{suggest(what, LISTS)}", f"It knows: {', '.join(LISTS)}."
        )
    if limit < 1:
        raise KfpUsageError("usage-value", "--limit must be 1 or more.")
    columns = _COLUMNS[what]
    session = current()
    filters = filters_of(what, columns, words, session.target(on) if what == "runs" else "")
    rows = _rows(
        what, words, session.target(on) if what != "connections" else "", session.namespace(ns, on), limit
    )
    # Completion offers what was seen, and asks nobody.
    if what == "versions":
        session.saw("versions", *(f"{row['pipeline']}@{row['display_name']}" for row in rows))
    elif "name" in columns:
        session.cache[what] = [columns["name"](row) for row in rows]
    session.saw("namespaces", *dict.fromkeys(row["namespace"] for row in rows if row.get("namespace")))
    kept = [row for row in rows if all(fits(row) for fits in filters)]
    return Listing(kept[:limit], columns, what)


def _rows(what: str, words: tuple[str, ...], connection: str, ns: str | None, limit: int) -> list[Any]:
    client = current().client
    base = f"/connections/{segment(connection)}"
    size = 200 if words else min(200, limit)
    query = {"page_size": size, "namespace": ns, "sort_by": "created_at desc"}
    if what == "connections":
        from .connections import list_connections

        return list(list_connections())
    if what == "versions":
        found = []
        for pipeline in (
            client.get(f"{base}/pipelines", {"page_size": 50, "namespace": ns}).get("pipelines") or ()
        ):
            answer = client.get(
                f"{base}/pipelines/{segment(pipeline['pipeline_id'])}/versions", {"page_size": size}
            )
            found += [{**v, "pipeline": pipeline["display_name"]} for v in answer.get("versions") or ()]
        return found
    if what == "artifacts":
        return _artifacts(connection, limit)
    path, key = {
        "runs": ("runs", "runs"),
        "pipelines": ("pipelines", "pipelines"),
        "experiments": ("experiments", "experiments"),
        "schedules": ("recurringruns", "recurring_runs"),
    }[what]
    rows: list[Any] = []
    while True:
        page = client.get(f"{base}/{path}", query)
        rows += page.get(key) or ()
        token = page.get("next_page_token")
        if not token or len(rows) >= max(limit, 1000 if words else limit):
            return rows
        query["page_token"] = token


#: Runs that are looked through for artifacts: each is a request.
_LOOKED_THROUGH = 20


def _artifacts(connection: str, limit: int) -> list[Any]:
    """Artifacts of the runs of this process, then of the newest ones there, the newest run first."""
    from .handle import Handle
    from .targets import recent

    session = current()
    known = {
        handle.id: handle
        for handle in reversed(list(session.runs.values()))
        if handle.connection == connection
    }
    for row in recent(session, connection, _LOOKED_THROUGH):
        known.setdefault(row["run_id"], Handle(row["run_id"], connection, row))
    found: list[Any] = []
    for handle in known.values():
        for task, name, kind, value in handle.results.rows():
            if kind == "artifact":
                found.append(
                    {"task": task, "name": name, "type": value.type, "run": handle.name, "uri": value.uri}
                )
        if len(found) >= limit:
            break
    return found
