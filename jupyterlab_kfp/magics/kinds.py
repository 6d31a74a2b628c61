"""The kinds of ``%%kfp`` cells: those that define pipelines here, those that make components in
``component_kinds``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..compile import Compiled, compile_pipeline, import_kfp, pipelines_of
from ..errors import KfpUsageError, suggest
from ..help import cell_help
from ..session import current
from .body import explain, run_body
from .component_kinds import component, container, from_yaml
from .parse import Request
from .run_verbs import send
from .sdk_warnings import short_sdk_warnings
from .words import keeper, print_json, word


def perform_cell(shell: Any, request: Request, body: str) -> Any:
    """Carry out a cell."""
    __tracebackhide__ = True
    if request.help:
        print(cell_help(request.verb))
        return None
    # Before the body runs: its own `import kfp` would say less.
    import_kfp()
    return _KINDS[request.verb](shell, request, body)


def define(shell: Any, body: str) -> dict[str, Any]:
    """Run a body and find the pipelines that it defined, by variable."""
    __tracebackhide__ = True
    before = dict(shell.user_ns)
    try:
        run_body(shell, body)
    except KfpUsageError:
        raise
    except Exception as error:
        explain(error, before)
        raise
    return pipelines_of(before, shell.user_ns)


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
    with short_sdk_warnings():
        compiled = compile_pipeline(pipeline, current().cell)
    current().drafts[compiled.name] = compiled
    return compiled


def _run(shell: Any, request: Request, body: str) -> Any:
    __tracebackhide__ = True
    pipelines = define(shell, body)
    chosen = choose(pipelines, request, shell.user_ns)
    return send(_compile(chosen), request, shell.user_ns)


def _draft(shell: Any, request: Request, body: str) -> None:
    __tracebackhide__ = True
    from ..drafts import describe

    pipelines = define(shell, body)
    chosen = [choose(pipelines, request, shell.user_ns)] if request.targets else list(pipelines.values())
    if request.token("as") is not None and len(chosen) != 1:
        raise KfpUsageError("usage-name", f"--as needs one pipeline, this cell defines {len(chosen)}.")
    on = word(request, "on", shell.user_ns)
    drafts = [describe(_compile(pipeline), on) for pipeline in chosen]
    if request.flag("json"):
        print_json([draft.as_json() for draft in drafts])
    elif not request.flag("quiet"):
        for draft in drafts:
            draft.show()
        if not drafts:
            print("No pipeline was defined or changed.")
    if request.token("as") is not None:
        keeper(request, shell.user_ns)(drafts[0].compiled)


_KINDS: dict[str, Callable[[Any, Request, str], Any]] = {
    "": _draft,
    "run": _run,
    "component": component,
    "container": container,
    "yaml": from_yaml,
}
