"""The errors that a user can meet, each with a code, one sentence and often a fix.

They render as one or two lines in a notebook and fail the cell, so that Run All, nbclient and papermill stop
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

#: Longest text of a value inside a message, in characters.
MAX_VALUE = 200


class _Coded:
    """What all our errors share: a code, a sentence and a fix.

    Args:
        code: Code of the table of errors, for example ``usage-option``.
        message: One sentence with the cause.
        fix: What to do about it, one sentence; shown on a second line.
        detail: More for ``%kfp last-error``; never shown by itself.
    """

    def __init__(self, code: str, message: str, fix: str | None = None, detail: str | None = None) -> None:
        super().__init__(message)  # type: ignore[call-arg]  # mixed into exception classes only
        self.code = code
        self.message = message
        self.fix = fix
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.fix}" if self.fix else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.code, self.message, self.fix, self.detail))

    def lines(self) -> list[str]:
        """Give the error as the one or two lines a user reads."""
        first = f"{type(self).__name__} [{self.code}]: {self.message}"
        return [first, self.fix] if self.fix else [first]

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this instead of printing the frames, which are ours and tell a user nothing.
        return [*self.lines(), *getattr(self, "__notes__", ())]


class KfpError(_Coded, Exception):
    """Base of all our errors but the interrupt."""


class KfpUsageError(KfpError):
    """A wrong verb, option, name or value."""


class KfpLintError(KfpError):
    """Checks found an error, so nothing was sent.

    ``findings`` holds all of them.
    """

    def __init__(self, findings: Sequence[Any], subject: str = "this pipeline") -> None:
        self.findings = tuple(findings)
        self.subject = subject
        count = len(self.findings)
        noun = "error" if count == 1 else "errors"
        super().__init__("lint", f"{count} {noun} in {subject}, nothing was sent.")

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.findings, self.subject))

    def __str__(self) -> str:
        return " ".join((self.message, *(str(finding) for finding in self.findings)))

    def lines(self) -> list[str]:
        """List every finding below the sentence."""
        return [
            f"{type(self).__name__} [{self.code}]: {self.message}",
            *(f"  {finding}" for finding in self.findings),
        ]


class KfpConnectionError(KfpError):
    """The connection is unknown, does not answer, or the sign-in fails."""


class KfpServiceError(KfpError):
    """The service refused; its sentence for users comes first."""


class RunFailed(KfpError):
    """A run that was waited for has failed. ``handle`` is the run."""

    handle: Any = None


class RunCanceled(KfpError):
    """A run that was waited for was stopped. ``handle`` is the run."""

    handle: Any = None


class WaitTimeout(KfpError):
    """The time to wait is over; the run goes on."""

    handle: Any = None


class WaitInterrupted(_Coded, KeyboardInterrupt):
    """The user interrupted the wait; the run goes on unless it says otherwise."""


class KfpInternalError(KfpError):
    """Our fault. ``%kfp last-error`` shows the traceback."""


_CONNECTION_CODES = ("conn-", "auth-", "gateway-", "ns-", "timeout", "server-missing")
_USAGE_CODES = ("usage-", "bad-param", "cron-")


def from_problem(status: int, problem: dict[str, Any]) -> KfpError:
    """Turn an error body of the gateway into our exception.

    Args:
        status: HTTP status, used where the body names no code.
        problem: ``{code, message, detail?, fix?}``.
    """
    code = str(problem.get("code") or {404: "not-found", 409: "conflict"}.get(status, "upstream"))
    message = redact(str(problem.get("message") or f"The gateway answered {status}."))
    kind: type[KfpError] = KfpServiceError
    if code.startswith(_CONNECTION_CODES):
        kind = KfpConnectionError
    elif code.startswith(_USAGE_CODES):
        kind = KfpUsageError
    fix = problem.get("fix")
    detail = problem.get("detail")
    return kind(code, message, str(fix) if fix else None, redact(str(detail)) if detail else None)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Find the nearest known name: edit distance of at most 2, or a common beginning.

    Returns:
        The name, or None where nothing is near enough to be helpful.
    """
    best: tuple[int, str] | None = None
    low = word.lower()
    for name in known:
        distance = _distance(low, name.lower(), 2)
        if distance > 2 or distance >= max(len(word), 1):
            starts = name.lower().startswith(low) or low.startswith(name.lower())
            if not (starts and min(len(low), len(name)) >= 2):
                continue
            distance = 3
        if best is None or (distance, name) < best:
            best = (distance, name)
    return best[1] if best else None


def _distance(a: str, b: str, limit: int) -> int:
    """Edit distance where swapped neighbours count once, cut off above ``limit``."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        line = [i]
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, line[j - 1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            line.append(cost)
        before, row = row, line
    return row[-1]


def suggest(word: str, known: Iterable[str], form: str = "{}") -> str:
    """Give `` Did you mean X?`` with a leading blank, or nothing."""
    name = did_you_mean(word, known)
    return f" Did you mean {form.format(name)}?" if name else ""


def clip(value: object, limit: int = MAX_VALUE) -> str:
    """Cut the text of a value, so that a message never carries a whole data set."""
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def kind_of(value: object) -> str:
    """Name the type of a value with its article: ``an int``, ``a list``."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


_SECRETS = (
    re.compile(r"(/t/)[A-Za-z0-9_\-]{16,}"),
    re.compile(r"(?i)(bearer\s+)[A-Za-z0-9._\-]{8,}"),
    re.compile(r"(?i)((?:password|passwd|secret|token|api[_-]?key)[\"']?\s*[=:]\s*[\"']?)[^\s\"',}]{4,}"),
)


def redact(text: str) -> str:
    """Take capability tokens, bearer tokens and values of secret-looking names out of a text."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1••••", text)
    return text
