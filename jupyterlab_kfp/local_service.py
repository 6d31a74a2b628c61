"""The local service: start it, stop it, look at it, clean it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import gateway
from .client import segment
from .durations import seconds, words
from .errors import KfpConnectionError, KfpUsageError, suggest
from .handle import FINAL
from .session import current
from .tasks import elapsed
from .text import Shown


class LocalStatus(Shown):
    """Whether the local service runs."""

    def __init__(self, running: bool, details: Mapping[str, Any] | None = None, note: str = "") -> None:
        self.running = running
        self.details = dict(details or {})
        self._note = note

    def as_json(self) -> Any:
        """For ``--json``."""
        return {"running": self.running, **self.details}

    def as_text(self) -> str:
        """One line, and one for each thing that went wrong with its files."""
        if not self.running:
            return self._note or "The local service is stopped. A run starts it."
        count = self.details.get("active_runs", 0)
        text = f"The local service runs: {count} active run{'' if count == 1 else 's'}, data in {self.details['data_dir']}"
        notices = [str(notice) for notice in self.details.get("notices") or ()]
        return "\n".join([f"{self._note} {text}".strip(), *notices])


def local(what: str = "status", *, older: str | float | None = None) -> LocalStatus:
    """Start, stop, look at or clean up the local service.

    Args:
        what: ``start``, ``stop``, ``status`` or ``clean``.
        older: With ``clean``: only runs that ended longer ago than this; ``"7d"`` without it.

    Raises:
        KfpUsageError: for another word.
    """
    session = current()
    if older is not None and what != "clean":
        raise KfpUsageError("usage-option", f"--older belongs to local clean, not to local {what}.")
    if what == "clean":
        return _clean(seconds("7d" if older is None else older))
    if what == "start":
        session.client.forget()
        return LocalStatus(True, session.client.get("/status"))
    if what == "status":
        if gateway.find() is None:
            return LocalStatus(False)
        return LocalStatus(True, session.client.get("/status"))
    if what == "stop":
        address = gateway.find()
        if address is None:
            return LocalStatus(False)
        before = session.client.get("/status")
        count = int(before.get("active_runs") or 0)
        if not gateway.stop(address):
            raise KfpConnectionError("timeout", "The local service did not stop within 10 s.")
        session.client.forget()
        return LocalStatus(False, note=f"The local service is stopped.{_left(count)}")
    raise KfpUsageError(
        "usage-target", f"local knows no {what}.{suggest(what, ('start', 'stop', 'status', 'clean'))}"
    )


def _left(count: int) -> str:
    """What becomes of runs whose service stopped: their tasks have supervisors of their own."""
    if count == 0:
        return ""
    runs = "1 active run waits" if count == 1 else f"{count} active runs wait"
    return f" {runs} for its next start: tasks that run now go on, and new ones begin then."


def _clean(age: float) -> LocalStatus:
    """Delete the runs that ended longer ago than ``age`` seconds, with their logs and artifacts."""
    client = current().client
    base = "/connections/local/runs"
    deleted = 0
    query: dict[str, Any] = {"page_size": 200, "sort_by": "created_at desc"}
    old = []
    while True:
        page = client.get(base, query)
        old += [
            row["run_id"]
            for row in page.get("runs") or ()
            if row["state"] in FINAL
            and (elapsed(row.get("finished_at") or row["created_at"], None) or 0) >= age
        ]
        token = page.get("next_page_token")
        if not token:
            break
        query["page_token"] = token
    for identity in old:
        client.delete(f"{base}/{segment(identity)}")
        current().runs.pop(identity, None)
        deleted += 1
    what = f"{deleted} run{'' if deleted == 1 else 's'}"
    what += (
        f" that ended more than {words(age)} ago"
        if age >= 1
        else f" that {'has' if deleted == 1 else 'have'} ended"
    )
    return LocalStatus(True, client.get("/status"), note=f"Deleted {what}.")
