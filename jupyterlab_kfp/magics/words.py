"""Read the words of a request and show answers: what all verbs share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import KfpUsageError
from ..handle import Handle
from ..session import current
from ..submit import Options
from ..text import Shown
from .parse import Request
from .values import evaluate, text_of

Namespace = Mapping[str, Any]
Performer = Callable[[Request, Namespace], Any]


def options_of(request: Request, namespace: Namespace) -> Options:
    """Read the options of a send."""
    if request.flag("cache") and request.flag("no_cache"):
        raise KfpUsageError("usage-option", "--cache and --no-cache contradict each other.")
    wait = request.options.get("wait", False)
    return Options(
        on=word(request, "on", namespace),
        ns=word(request, "ns", namespace),
        exp=word(request, "exp", namespace),
        name=word(request, "name", namespace),
        cache=False if request.flag("no_cache") else True if request.flag("cache") else None,
        wait=wait if isinstance(wait, bool) else word(request, "wait", namespace) or False,
        show="none"
        if request.flag("json")
        else word(request, "show", namespace) or current().config.get("show") or "auto",
        quiet=request.flag("quiet") or request.flag("json"),
        lint=not request.flag("no_lint"),
    )


def word(request: Request, key: str, namespace: Namespace) -> str | None:
    """The value of an option as text.

    Raises:
        KfpUsageError: ``usage-value`` when it is empty: a forgotten value is no wish for the default.
    """
    token = request.token(key)
    if token is None:
        return None
    text = text_of(token, namespace)
    if not text.strip():
        raise KfpUsageError(
            "usage-value", f"--{key.replace('_', '-')} is empty.", "Leave it out, or give a value."
        )
    return text


def number(request: Request, key: str, namespace: Namespace) -> int | None:
    """The value of an option as an integer."""
    text = word(request, key, namespace)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise KfpUsageError(
            "usage-value", f'--{key.replace("_", "-")} must be an integer, got "{text[:60]}".'
        ) from None


def target(request: Request, index: int, namespace: Namespace) -> Any:
    """A positional word as text or as the value of its expression; None where it is not there."""
    return evaluate(request.targets[index], namespace) if index < len(request.targets) else None


def show(answer: Any, request: Request) -> Any:
    """Show an answer once, unless told to be quiet."""
    if isinstance(answer, Shown):
        if request.flag("quiet"):
            answer._shown_in = current().execution
        else:
            answer.show(request.flag("json"))
    return answer


def handle_json(handle: Handle, request: Request) -> Handle:
    """Print the header of a run for ``--json``."""
    if request.flag("json"):
        handle._shown_in = current().execution
        print_json(handle.view("header")["run"])
    return handle


def say(text: str, request: Request) -> None:
    """Print one line, unless told to be quiet."""
    if not request.flag("quiet") and not request.flag("json"):
        print(text)


def keeper(request: Request, namespace: Namespace) -> Callable[[Any], None]:
    """Give the function that stores a result as ``--as`` asks."""
    from .keep import keep

    return lambda value: keep(request, namespace, value)


def print_json(value: Any) -> None:
    """Print JSON as ``--json`` does."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
