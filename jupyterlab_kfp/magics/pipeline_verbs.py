"""The verbs that work with pipelines, schedules and tasks."""

from __future__ import annotations

from typing import Any

from .. import api, targets
from ..diff import compare
from ..errors import KfpUsageError
from ..session import current
from ..verbs import SCHEDULE_ACTS
from .parse import Request
from .values import evaluate, parameters, text_of
from .words import Namespace, Performer, number, print_json, say, show, target, word


def _compile(request: Request, namespace: Namespace) -> Any:
    compiled = targets.pipeline(target(request, 0, namespace), namespace, word(request, "on", namespace))
    out = word(request, "out", namespace)
    quiet = request.flag("quiet") or request.flag("json")
    api.compile(compiled, out=out, quiet=quiet)
    if request.flag("json"):
        print_json(
            {
                "name": compiled.name,
                "digest": compiled.digest,
                "size": len(compiled.text.encode()),
                "out": out,
            }
        )
    return compiled


def _lint(request: Request, namespace: Namespace) -> Any:
    on = word(request, "on", namespace)
    given = target(request, 0, namespace)
    found = api.lint(None if given is None else targets.pipeline(given, namespace, on), on=on)
    if request.flag("json"):
        print_json([finding.wire() for finding in found])
    elif not request.flag("quiet") or found.errors:
        print(found)
    return found if request.token("as") is not None else None


def _upload(request: Request, namespace: Namespace) -> Any:
    on = word(request, "on", namespace)
    compiled = targets.pipeline(target(request, 0, namespace), namespace, on)
    answer = api.upload(
        compiled,
        name=word(request, "pipeline", namespace),
        version=word(request, "version", namespace),
        tags=[text_of(token, namespace) for token in request.tokens("tag")],
        on=on,
        ns=word(request, "ns", namespace),
        lint=not request.flag("no_lint"),
    )
    return show(answer, request)


def _schedule(request: Request, namespace: Namespace) -> Any:
    first = request.targets[0]
    act = first.literal if first.literal in SCHEDULE_ACTS and not first.quoted else None
    on, ns = word(request, "on", namespace), word(request, "ns", namespace)
    if act == "ls":
        words = [str(evaluate(token, namespace)) for token in request.targets[1:]]
        return show(api.ls("schedules", *words, on=on, ns=ns), request)
    if act is not None:
        return _look_after(act, request, namespace, on, ns)
    if len(request.targets) > 1:
        raise KfpUsageError(
            "usage-target", f"schedule takes one pipeline, got {request.targets[1].shown} too."
        )
    most = number(request, "max", namespace)
    answer = api.schedule(
        targets.pipeline(target(request, 0, namespace), namespace, on),
        cron=word(request, "cron", namespace),
        every=word(request, "every", namespace),
        start=word(request, "start", namespace),
        end=word(request, "end", namespace),
        catch_up=request.flag("catch_up"),
        max=1 if most is None else most,
        name=word(request, "name", namespace),
        params=parameters(request.tokens("param"), request.token("params"), namespace),
        exp=word(request, "exp", namespace),
        on=on,
        ns=ns,
        lint=not request.flag("no_lint"),
    )
    return show(answer, request)


def _look_after(act: str, request: Request, namespace: Namespace, on: str | None, ns: str | None) -> Any:
    if len(request.targets) < 2:
        raise KfpUsageError("usage-target", f"schedule {act} needs a SCHEDULE.", "See them: %kfp schedule ls")
    from .. import schedules

    # All are looked up before the first one is changed.
    found = [schedules.find(str(evaluate(token, namespace)), on, ns) for token in request.targets[1:]]
    answers = [api.schedule(act, each) for each in found]
    for answer in answers:
        if act == "trigger":
            say(f"Started {answer.name} on {answer.connection} ({answer.id}).", request)
            answer._shown_in = current().execution
        else:
            show(answer, request)
    return answers[0] if len(answers) == 1 else None


def _diff(request: Request, namespace: Namespace) -> Any:
    on = word(request, "on", namespace)
    words = [target(request, index, namespace) for index in (0, 1)]
    left, right = [targets.thing(each, namespace, on) for each in words]
    return show(compare(left, right, (words[0], words[1])), request)


def _debug(request: Request, namespace: Namespace) -> Any:
    handle, name, _ = targets.task(target(request, 0, namespace), namespace, word(request, "on", namespace))
    answer = api.debug(handle if name is None else handle.tasks[name], dir=word(request, "dir", namespace))
    return show(answer, request)


#: What the verbs of pipelines do, by verb.
PIPELINE_VERBS: dict[str, Performer] = {
    "compile": _compile,
    "debug": _debug,
    "diff": _diff,
    "lint": _lint,
    "schedule": _schedule,
    "upload": _upload,
}
