"""The filter words of lists: ``state:failed``, ``exp:tuning``, ``since:2d``, or text that a row must contain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .durations import parse_time, seconds
from .errors import KfpUsageError, did_you_mean, suggest

Row = Mapping[str, Any]
Filter = Callable[[Row], bool]
Columns = Mapping[str, Callable[[Row], Any]]

#: States of runs as lists show them.
STATES = ("pending", "running", "succeeded", "failed", "skipped", "canceling", "canceled", "paused")
#: Words of the sidebar that are no columns.
_RUN_WORDS = ("exp", "since", "archived", "by")


def filters_of(what: str, columns: Columns, words: Iterable[str], connection: str) -> list[Filter]:
    """Read the filter words of a list.

    Raises:
        KfpUsageError: ``usage-value`` for a state, a time or a column that does not exist.
    """
    found: list[Filter] = []
    given = list(words)
    for word in given:
        column, colon, text = word.partition(":")
        column = column.lower()
        known = (*columns, *(_RUN_WORDS if what == "runs" else ()))
        if colon and column in known:
            found.append(_named(column, text, columns, connection))
        elif colon and did_you_mean(column, known):
            raise KfpUsageError(
                "usage-value",
                f"ls {what} has no column {column}.{suggest(column, known)}",
                f"Columns: {', '.join(known)}.",
            )
        else:
            found.append(_containing(word, columns.values()))
    if what == "runs" and not any(word.lower().startswith("archived:") for word in given):
        found.append(lambda row: not row.get("archived"))
    return found


def _named(column: str, text: str, columns: Columns, connection: str) -> Filter:
    if column == "since":
        earliest = datetime.now(timezone.utc) - timedelta(seconds=seconds(text))
        return lambda row: (parse_time(row.get("created_at")) or earliest) >= earliest
    if column == "archived":
        _one_of("archived", text, ("yes", "no"))
        return lambda row: bool(row.get("archived")) == (text.lower() == "yes")
    if column == "by":
        _one_of("by", text, ("me",))
        if connection != "local":
            raise KfpUsageError(
                "usage-value", f"{connection} does not tell whose a run is: by:me finds nothing there."
            )
        return lambda row: True
    if column == "state" and not any(text.lower() in state for state in STATES):
        _one_of("state", text, STATES)
    return _containing(text, (columns["experiment" if column == "exp" else column],))


def _one_of(column: str, text: str, known: tuple[str, ...]) -> None:
    if text.lower() not in known:
        raise KfpUsageError(
            "usage-value",
            f"{column}: cannot be {text}.{suggest(text, known)}",
            f"It can be: {', '.join(known)}.",
        )


def _containing(text: str, columns: Iterable[Callable[[Row], Any]]) -> Filter:
    low, readers = text.lower(), tuple(columns)
    return lambda row: any(low in str(read(row)).lower() for read in readers)
