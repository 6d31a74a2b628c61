"""Do what a request asks for: the verbs of ``%kfp`` as thin shells over the functions of the API."""

from __future__ import annotations

from typing import Any

from .. import api
from ..errors import suggest
from ..help import help_text
from ..session import OPTIONS, current
from ..verbs import VERBS
from .parse import Request
from .pipeline_verbs import PIPELINE_VERBS
from .run_verbs import RUN_VERBS
from .values import evaluate
from .words import Namespace, Performer, keeper, number, print_json, say, show, target, word


def perform(request: Request, namespace: Namespace, prefix: str = "%kfp") -> Any:
    """Carry out a request.

    Args:
        namespace: Variables of the notebook; empty on the command line.

    Returns:
        The answer of the verb; None where it has none.
    """
    __tracebackhide__ = True
    if request.help:
        print(help_text(request.verb, prefix))
        return None
    return _PERFORM[request.verb](request, namespace)


def _connect(request: Request, namespace: Namespace) -> Any:
    name = target(request, 0, namespace)
    return show(api.connect(None if name is None else str(name), word(request, "ns", namespace)), request)


def _doctor(request: Request, namespace: Namespace) -> Any:
    name = target(request, 0, namespace)
    return show(api.doctor(None if name is None else str(name), word(request, "ns", namespace)), request)


def _ls(request: Request, namespace: Namespace) -> Any:
    words = [str(evaluate(token, namespace)) for token in request.targets]
    limit = number(request, "limit", namespace)
    answer = api.ls(
        words[0] if words else "runs",
        *words[1:],
        limit=20 if limit is None else limit,
        on=word(request, "on", namespace),
        ns=word(request, "ns", namespace),
    )
    return show(answer, request)


def _local(request: Request, namespace: Namespace) -> Any:
    what = target(request, 0, namespace)
    older = word(request, "older", namespace)
    return show(api.local("status" if what is None else str(what), older=older), request)


def _status(request: Request, namespace: Namespace) -> Any:
    return show(api.status(word(request, "on", namespace)), request)


def _config(request: Request, namespace: Namespace) -> Any:
    key, value = target(request, 0, namespace), target(request, 1, namespace)
    if value is not None:
        current().configure(str(key), str(value))
    elif key is not None:
        shown = api.config(str(key))
        say(f"{key} = {shown}" if shown else f"{key} is not set.", request)
    else:
        for name, meaning in OPTIONS.items():
            say(f"{name} = {current().config.get(name, '')}  # {meaning}", request)
    if request.flag("json"):
        print_json(api.config())
    return None


def _help(request: Request, namespace: Namespace) -> Any:
    name = target(request, 0, namespace)
    if name is not None and str(name) not in VERBS:
        print(f"There is no verb {name}.{suggest(str(name), VERBS)}\n")
        name = None
    print(help_text(None if name is None else str(name)))
    return None


def _last_error(request: Request, namespace: Namespace) -> Any:
    from ..last_error import report

    text = report()
    print(text)
    if request.token("as") is not None:
        keeper(request, namespace)(text)
    return None


_PERFORM: dict[str, Performer] = {
    **RUN_VERBS,
    **PIPELINE_VERBS,
    "config": _config,
    "connect": _connect,
    "doctor": _doctor,
    "help": _help,
    "last-error": _last_error,
    "local": _local,
    "ls": _ls,
    "status": _status,
}
