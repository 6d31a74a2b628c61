"""The verbs as functions. The magics and the command line call these; scripts can do so too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..connections import Connection, Status, connect, status
from ..lint import lint
from ..listing import Listing, ls
from ..local_service import LocalStatus, local
from ..session import OPTIONS, current
from .pipelines import compile, diff, plan, rerun, run, schedule, upload
from .runs import attach, debug, frame, logs, results, retry, stop, wait

if TYPE_CHECKING:
    from ..doctor import Report

__all__ = [
    "Connection",
    "Listing",
    "LocalStatus",
    "Status",
    "attach",
    "compile",
    "config",
    "connect",
    "debug",
    "diff",
    "doctor",
    "frame",
    "lint",
    "local",
    "logs",
    "ls",
    "plan",
    "rerun",
    "results",
    "retry",
    "run",
    "schedule",
    "status",
    "stop",
    "upload",
    "wait",
]


def doctor(connection: str | None = None, ns: str | None = None) -> Report:
    """Examine a connection: ten checks, each failure with its fix.

    Args:
        connection: Name; default: the one in use.
        ns: Namespace to examine.
    """
    from ..doctor import examine

    return examine(connection, ns)


def config(key: str | None = None, value: str | None = None) -> Any:
    """Show or set the options of this process.

    Returns:
        All options without a key, else the value of one.
    """
    session = current()
    if key is None:
        return {name: session.config.get(name, "") for name in OPTIONS}
    if value is None:
        if key not in OPTIONS:
            session.configure(key, "")
        return session.config.get(key, "")
    session.configure(key, value)
    return value
