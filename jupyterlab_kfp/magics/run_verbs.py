"""The verbs that work with runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import api, targets
from ..compile import Compiled
from ..durations import seconds
from ..handle import Handle, act_on
from ..plan import plan_of
from ..session import current
from ..submit import Options, finish, sent_before, submit
from ..submit import rerun as rerun_run
from .parse import Request
from .values import evaluate, parameters
from .words import (
    Namespace,
    Performer,
    handle_json,
    keeper,
    number,
    options_of,
    print_json,
    say,
    show,
    target,
    word,
)


def send(compiled: Compiled, request: Request, namespace: Namespace) -> Any:
    """Submit a pipeline with the options of the request, or plan it with ``--dry-run``."""
    options = options_of(request, namespace)
    values = parameters(request.tokens("param"), request.token("params"), namespace)
    if request.flag("dry_run"):
        return show(plan_of(compiled, values, options), request)
    return _finish(submit(compiled, values, options), request, namespace, options)


def _finish(handle: Handle, request: Request, namespace: Namespace, options: Options) -> Handle:
    # Kept before the wait, so that it is there also when the run fails.
    keeper(request, namespace)(handle)
    try:
        return finish(handle, options)
    finally:
        handle_json(handle, request)


def run_verb(request: Request, namespace: Namespace) -> Any:
    """``run``."""
    compiled = targets.pipeline(target(request, 0, namespace), namespace, word(request, "on", namespace))
    return send(compiled, request, namespace)


def plan_verb(request: Request, namespace: Namespace) -> Any:
    """``plan``."""
    options = options_of(request, namespace)
    compiled = targets.pipeline(target(request, 0, namespace), namespace, options.on)
    values = parameters(request.tokens("param"), request.token("params"), namespace)
    return show(plan_of(compiled, values, options), request)


def _rerun(request: Request, namespace: Namespace) -> Any:
    options = options_of(request, namespace)
    run = targets.run(target(request, 0, namespace), namespace, options.on)
    values = parameters(request.tokens("param"), request.token("params"), namespace)
    if request.flag("dry_run"):
        compiled, known = sent_before(run, values)
        return show(plan_of(compiled, known, replace(options, on=options.on or run.connection)), request)
    return _finish(rerun_run(run, values, options), request, namespace, options)


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
    timeout = word(request, "timeout", namespace)
    if timeout is not None:
        seconds(timeout)
    runs = _runs(request, namespace)
    from ..display import show_runs

    quiet = request.flag("quiet") or request.flag("json")
    if not quiet:
        show_runs(runs)
    for run in runs if quiet else ():
        run._shown_in = current().execution
    done = api.wait(runs, any=request.flag("any"), timeout=timeout)
    if request.flag("json"):
        listed = done if isinstance(done, list) else [done]
        print_json([run.view("header")["run"] for run in listed])
    return done[0] if isinstance(done, list) and len(done) == 1 else done


def _act(name: str, sentence: str) -> Performer:
    def act(request: Request, namespace: Namespace) -> Any:
        runs = _runs(request, namespace)

        def one(run: Handle) -> None:
            getattr(run, name)()
            run._shown_in = current().execution
            say(f"{sentence} {run.name} on {run.connection}.", request)

        act_on(runs, one)
        if request.flag("json"):
            print_json([run.view("header")["run"] for run in runs])
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
            print_json(text.splitlines())
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
        keeper(request, namespace)(kept)
    return None


def _results(request: Request, namespace: Namespace) -> Any:
    on = word(request, "on", namespace)
    handle, name, _ = targets.task(target(request, 0, namespace), namespace, on)
    folder = word(request, "save", namespace)
    answer = api.results(handle if name is None else handle.tasks[name], save=folder)
    shown = show(answer, request)
    if folder is not None:
        count = sum(kind == "artifact" for _, _, kind, _ in answer.rows())
        say(f"Saved {count} {'artifact' if count == 1 else 'artifacts'} in {folder}.", request)
    return shown


#: What the verbs of runs do, by verb.
RUN_VERBS: dict[str, Performer] = {
    "attach": _attach,
    "logs": _logs,
    "plan": plan_verb,
    "rerun": _rerun,
    "results": _results,
    "retry": _act("retry", "Retrying"),
    "run": run_verb,
    "stop": _act("stop", "Stopping"),
    "wait": _wait,
}
