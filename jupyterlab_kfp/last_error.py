"""Keep the last error of ours, and show it in full without secrets."""

from __future__ import annotations

import secrets
import traceback
from types import TracebackType

from .errors import KfpInternalError, redact
from .session import current


def note(error: BaseException) -> None:
    """Remember an error."""
    current().last_error = error


def internal(error: Exception) -> KfpInternalError:
    """Turn a fault of ours into one sentence with an id; the traceback is kept."""
    note(error)
    identity = secrets.token_hex(2)
    error.__dict__["kfp_id"] = identity
    return KfpInternalError("internal", f"Internal error, id {identity}, see %kfp last-error.")


def _ours(trace: TracebackType | None) -> TracebackType | None:
    """The frames from the first one of ours on: those before are IPython's, and the user's cell with whatever
    is written in it.
    """
    package = __name__.partition(".")[0]
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == package:
            return trace
        trace = trace.tb_next
    return None


def report() -> str:
    """The full text of the last error."""
    error = current().last_error
    if error is None:
        return "No error was met in this kernel."
    trace = getattr(error, "_kfp_traceback", error.__traceback__)
    lines = traceback.format_exception(type(error), error, _ours(trace))
    identity = getattr(error, "kfp_id", None)
    detail = getattr(error, "detail", None)
    head = f"id {identity}\n" if identity else ""
    tail = f"\nDetails: {detail}" if detail else ""
    return redact(head + "".join(lines).rstrip() + tail)
