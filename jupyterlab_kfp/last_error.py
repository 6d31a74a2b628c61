"""Keep the last error of ours, and show it in full without secrets."""

from __future__ import annotations

import secrets
import traceback

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


def report() -> str:
    """The full text of the last error."""
    error = current().last_error
    if error is None:
        return "No error was met in this kernel."
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    identity = getattr(error, "kfp_id", None)
    detail = getattr(error, "detail", None)
    head = f"id {identity}\n" if identity else ""
    tail = f"\nDetails: {detail}" if detail else ""
    return redact(head + "".join(lines).rstrip() + tail)
