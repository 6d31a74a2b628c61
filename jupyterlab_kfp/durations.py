"""Times to wait, read and written."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from .errors import KfpUsageError, clip

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(text: str | float | int) -> float:
    """Read ``90s``, ``10m``, ``2h``, ``1h30m`` or a number of seconds.

    Raises:
        KfpUsageError: ``usage-value`` for anything else, and for a negative time.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        if text >= 0:
            return float(text)
    elif isinstance(text, str):
        word = text.strip()
        if re.fullmatch(r"\d+(\.\d+)?", word):
            return float(word)
        if re.fullmatch(r"(\d+(\.\d+)?[smhdw])+", word):
            return sum(float(n) * _UNITS[u] for n, u in re.findall(r"(\d+(?:\.\d+)?)([smhdw])", word))
    raise KfpUsageError("usage-value", f'"{clip(text)}" is no time. Write 90s, 10m or 2h.')


def wait_setting(text: str) -> bool | float:
    """Read a setting that asks every run to wait: ``yes`` for no limit, or a time."""
    return True if text.strip().lower() in ("1", "true", "yes", "on") else seconds(text)


def words(duration: float) -> str:
    """Write a duration as the views do: ``<1s``, ``12s``, ``3m 12s``, ``2h 5m``, ``3d 4h``.

    Seconds are cut, not rounded; less than one is never called nothing.
    """
    total = max(0, int(duration))
    if total < 1:
        return "<1s"
    if total < 60:
        return f"{total}s"
    if total < 3600:
        return _pair(total, "m", "s")
    return _pair(total, "h", "m") if total < 86400 else _pair(total, "d", "h")


def _pair(total: int, unit: str, smaller: str) -> str:
    count, rest = divmod(total, _UNITS[unit])
    rest //= _UNITS[smaller]
    return f"{count}{unit} {rest}{smaller}" if rest else f"{count}{unit}"


def parse_time(text: str | None) -> datetime | None:
    """Read an RFC 3339 time of the wire."""
    if not text:
        return None
    plain = re.sub(r"(\.\d{1,6})\d*", r"\1", text.replace("Z", "+00:00"))
    # Python 3.10 reads fractions of 3 or 6 digits only.
    plain = re.sub(r"\.(\d{1,6})(?=[+-])", lambda m: "." + m.group(1).ljust(6, "0"), plain)
    found = datetime.fromisoformat(plain)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
