"""Do what a request asks for: the verbs of ``%kfp`` as thin shells over the functions of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .. import api, targets
from ..errors import KfpUsageError, suggest
from ..handle import Handle
from ..session import OPTIONS, current
from ..submit import Options, finish, submit
from ..submit import rerun as rerun_run
from ..text import Shown
from ..verbs import VERBS, help_text
from .parse import Request
from .values import evaluate, parameters, text_of

Namespace = Mapping[str, Any]


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
    """The value of an option as text."""
    token = request.token(key)
    return None if token is None else text_of(token, namespace)


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
        print(json.dumps(handle.view("header")["run"], indent=2, ensure_ascii=False))
    return handle


def say(text: str, request: Request) -> None:
    """Print one line, unless told to be quiet."""
    if not request.flag("quiet") and not request.flag("json"):
        print(text)


def send(
    compiled: Any, request: Request, namespace: Namespace, keep: Callable[[Any], None] | None = None
) -> Any:
    """Submit a pipeline with the options of the request.

    Args:
        keep: Called with the handle before the wait, so that it is there also when the run fails.
    """
    options = options_of(request, namespace)
    values = parameters(request.tokens("param"), request.token("params"), namespace)
    handle = submit(compiled, values, options)
    if keep is not None:
        keep(handle)
    return handle_json(finish(handle, options), request)


def _run(request: Request, namespace: Namespace) -> Any:
    compiled = targets.pipeline(target(request, 0, namespace), namespace, word(request, "on", namespace))
    return send(compiled, request, namespace, _keeper(request, namespace))


def _keeper(request: Request, namespace: Namespace) -> Callable[[Any], None]:
    from .keep import keep

    return lambda value: keep(request, namespace, value)


def _rerun(request: Request, namespace: Namespace) -> Any:
    options = options_of(request, namespace)
    run = targets.run(target(request, 0, namespace), namespace, options.on)
    values = parameters(request.tokens("param"), request.token("params"), namespace)
    handle = rerun_run(run, values, options)
    _keeper(request, namespace)(handle)
    return handle_json(finish(handle, options), request)


def _connect(request: Request, namespace: Namespace) -> Any:
    name = target(request, 0, namespace)
    return show(api.connect(None if name is None else str(name), word(request, "ns", namespace)), request)


def _attach(request: Request, namespace: Namespace) -> Any:
    on = word(request, "on", namespace)
    handle = targets.run(target(request, 0, namespace), namespace, on)
    tab = word(request, "show", namespace) or "auto"
    api.attach(handle, show=tab, quiet=request.flag("quiet") or request.flag("json"))
    return handle_json(handle, request)


def _runs(request: Request, namespace: Namespace) -> list[Handle]:
    words = [evaluate(token, namespace) for token in request.targets]
    found: list[Handle] = []
    for value in words:
        listed = value if isinstance(value, (list, tuple, set)) else [value]
        found += targets.runs(listed, namespace, word(request, "on", namespace))
    return found


def _wait(request: Request, namespace: Namespace) -> Any:
    runs = _runs(request, namespace)
    from ..display import show_runs

    quiet = request.flag("quiet") or request.flag("json")
    if not quiet:
        show_runs(runs)
    for run in runs if quiet else ():
        run._shown_in = current().execution
    done = api.wait(runs, any=request.flag("any"), timeout=word(request, "timeout", namespace))
    if request.flag("json"):
        listed = done if isinstance(done, list) else [done]
        print(json.dumps([run.view("header")["run"] for run in listed], indent=2, ensure_ascii=False))
    return done[0] if isinstance(done, list) and len(done) == 1 else done


def _act(name: str, sentence: str) -> Callable[[Request, Namespace], Any]:
    def act(request: Request, namespace: Namespace) -> Any:
        runs = _runs(request, namespace)
        for run in runs:
            getattr(run, name)()
            run._shown_in = current().execution
            say(f"{sentence} {run.name} on {run.connection}.", request)
        if request.flag("json"):
            print(json.dumps([run.view("header")["run"] for run in runs], indent=2, ensure_ascii=False))
        return runs[0] if len(runs) == 1 else runs

    return act


def _logs(request: Request, namespace: Namespace) -> Any:
    handle, name, numbered = targets.task(
        target(request, 0, namespace), namespace, word(request, "on", namespace)
    )
    attempt = number(request, "attempt", namespace)
    follow = request.flag("follow")
    text = api.logs(
        handle if name is None else handle.tasks[name],
        follow=follow,
        tail=number(request, "tail", namespace),
        grep=word(request, "grep", namespace),
        stream=word(request, "stream", namespace) or "main",
        attempt=attempt if attempt is not None else numbered + 1 if numbered >= 0 else None,
    )
    if isinstance(text, str):
        if request.flag("json"):
            print(json.dumps(text.splitlines(), ensure_ascii=False, indent=2))
        elif not request.flag("quiet") and text:
            print(text)
        kept = text
    else:
        lines = []
        try:
            for line in text:
                lines.append(line)
                if not request.flag("quiet"):
                    print(line, flush=True)
        except KeyboardInterrupt:
            pass  # following just ends; the run is not touched
        kept = "\n".join(lines)
    if request.token("as") is not None:
        _keeper(request, namespace)(kept)
    return None


def _results(request: Request, namespace: Namespace) -> Any:
    on = word(request, "on", namespace)
    handle, name, _ = targets.task(target(request, 0, namespace), namespace, on)
    answer = api.results(
        handle if name is None else handle.tasks[name], save=word(request, "save", namespace)
    )
    return show(answer, request)


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
    return show(api.local("status" if what is None else str(what)), request)


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
        print(json.dumps(api.config(), indent=2))
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
        _keeper(request, namespace)(text)
    return None


_PERFORM: dict[str, Callable[[Request, Namespace], Any]] = {
    "attach": _attach,
    "config": _config,
    "connect": _connect,
    "help": _help,
    "last-error": _last_error,
    "local": _local,
    "logs": _logs,
    "ls": _ls,
    "rerun": _rerun,
    "results": _results,
    "retry": _act("retry", "Retrying"),
    "run": _run,
    "status": _status,
    "stop": _act("stop", "Stopping"),
    "wait": _wait,
}
