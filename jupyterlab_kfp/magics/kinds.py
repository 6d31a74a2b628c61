"""The kinds of ``%%kfp`` cells."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..compile import Compiled, compile_pipeline, pipelines_of
from ..errors import KfpUsageError, suggest
from ..session import current
from ..verbs import KINDS
from .body import run_body
from .parse import Request
from .perform import send


def perform_cell(shell: Any, request: Request, body: str) -> Any:
    """Carry out a cell."""
    __tracebackhide__ = True
    if request.help:
        print(cell_help(request.verb))
        return None
    return _KINDS[request.verb](shell, request, body)


def cell_help(name: str) -> str:
    """The help of one kind of cell."""
    kind = KINDS[name]
    width = max(len(option.usage) for option in kind.options)
    lines = [
        f"%%kfp {name} [NAME] [OPTION …]".replace("  ", " "),
        "",
        f"{kind.help} The body is {kind.body}.",
        "",
    ]
    lines += [f"  {option.usage:<{width}}  {option.help}" for option in kind.options]
    return "\n".join([*lines, "", "Examples:", *(f"  {line}" for line in kind.examples)])


def define(shell: Any, body: str) -> dict[str, Any]:
    """Run a body and find the pipelines that it defined, by variable."""
    __tracebackhide__ = True
    before = dict(shell.user_ns)
    try:
        run_body(shell, body)
    except KfpUsageError:
        raise
    except Exception as error:
        error.__dict__["_kfp_user"] = True
        _explain(error, before)
        raise
    return pipelines_of(before, shell.user_ns)


def _explain(error: Exception, before: dict[str, Any]) -> None:
    """Add what the checks of the cell have found to the exception that it raised."""
    from ..lint import check_source, hint

    cell = current().cell
    if cell is not None and not isinstance(error, SyntaxError):
        hint(error, check_source(cell.source, cell, before))


def choose(pipelines: dict[str, Any], request: Request, namespace: dict[str, Any]) -> Any:
    """The pipeline that is meant: the one of the name, or the only one.

    Raises:
        KfpUsageError: ``usage-name``.
    """
    name = request.targets[0].literal if request.targets else None
    if request.targets:
        from ..compile import is_component

        found = next((p for key, p in pipelines.items() if name in (key, p.name)), None)
        if found is None and is_component(namespace.get(name or "")):
            found = namespace[name or ""]
        if found is None:
            known = ", ".join(pipelines) or "none"
            raise KfpUsageError(
                "usage-name",
                f"This cell defines no pipeline {request.targets[0].shown}.{suggest(name or '', pipelines)}"
                f" It defines: {known}.",
            )
        return found
    if not pipelines:
        raise KfpUsageError(
            "usage-name", "This cell defines no pipeline.", "Decorate a function with @dsl.pipeline."
        )
    if len(pipelines) > 1:
        names = ", ".join(pipelines)
        first = next(iter(pipelines))
        raise KfpUsageError(
            "usage-name",
            f"This cell defines {len(pipelines)} pipelines: {names}.",
            f"Name one: %%kfp run {first}",
        )
    return next(iter(pipelines.values()))


def _compile(pipeline: Any) -> Compiled:
    compiled = compile_pipeline(pipeline, current().cell)
    current().drafts[compiled.name] = compiled
    return compiled


def _run(shell: Any, request: Request, body: str) -> Any:
    __tracebackhide__ = True
    from .perform import _keeper

    pipelines = define(shell, body)
    chosen = choose(pipelines, request, shell.user_ns)
    return send(_compile(chosen), request, shell.user_ns, _keeper(request, shell.user_ns))


def _draft(shell: Any, request: Request, body: str) -> Any:
    __tracebackhide__ = True
    from ..display import publish
    from ..lint import check_pipeline
    from ..submit import cell_reference
    from .perform import word

    pipelines = define(shell, body)
    chosen = [choose(pipelines, request, shell.user_ns)] if request.targets else list(pipelines.values())
    compiled = [_compile(pipeline) for pipeline in chosen]
    for draft in compiled:
        found = check_pipeline(draft, word(request, "on", shell.user_ns))
        question: dict[str, Any] = {"text": draft.text, "sdk": draft.sdk, "cell": cell_reference(draft)}
        if found:
            question["lint"] = [finding.wire(draft.cell) for finding in found]
        answer = current().client.post("/pipelines", question)
        if request.flag("json"):
            print(json.dumps(answer["payload"], indent=2, ensure_ascii=False))
        elif not request.flag("quiet") and not publish(answer["bundle"]):
            print(answer["bundle"]["text/plain"])
    if not compiled and not request.flag("quiet"):
        print("No pipeline was defined or changed.")
    if request.token("as") is not None and len(compiled) != 1:
        raise KfpUsageError("usage-name", f"--as needs one pipeline, this cell defines {len(compiled)}.")
    return compiled[0] if request.token("as") is not None else None


_KINDS: dict[str, Callable[[Any, Request, str], Any]] = {"": _draft, "run": _run}
