"""Verbs of pipelines: check, compile, plan, run, upload, schedule, compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import targets
from ..compile import Compiled
from ..handle import Handle
from ..lint import require
from ..listing import ls
from ..session import current
from ..submit import collide, finish, split_options, submit
from ..submit import rerun as _rerun

if TYPE_CHECKING:
    from ..diff import Diff
    from ..plan import Plan
    from ..schedules import Schedule
    from ..upload import Version


def run(pipeline: Any, *, params: Mapping[str, Any] | None = None, **given: Any) -> Handle:
    """Check, compile and submit a pipeline.

    Args:
        pipeline: A pipeline, or the name of a draft, a file, or ``NAME[@VERSION]`` on the service.
        params: Parameters by name; needed for those that are called like an option.
        given: Parameters, and the options ``on ns exp name cache wait show quiet lint``.

    Returns:
        The run.

    Raises:
        KfpUsageError, KfpLintError, KfpConnectionError, KfpServiceError: Nothing was sent, or the service
        refused. RunFailed, RunCanceled, WaitTimeout: With ``wait``.
    """
    options, values = split_options(given)
    compiled = targets.pipeline(pipeline, None, options.on)
    collide(compiled, given)
    return finish(submit(compiled, {**(params or {}), **values}, options), options)


def rerun(run: Any, *, params: Mapping[str, Any] | None = None, **given: Any) -> Handle:
    """Send the pipeline of a run again with the same parameters, but for those given."""
    options, values = split_options(given)
    handle = targets.run(run, None, options.on)
    return finish(_rerun(handle, {**(params or {}), **values}, options), options)


def compile(pipeline: Any, *, out: str | None = None, on: str | None = None, quiet: bool = False) -> Compiled:
    """Compile a pipeline and show its draft; nothing is sent.

    Args:
        out: File to write: ``.yaml``, or ``.zip`` or ``.tar.gz`` that hold a ``pipeline.yaml``.
    """
    from ..compile import write_package
    from ..display import shell
    from ..drafts import describe

    compiled = targets.pipeline(pipeline, None, on)
    if out is not None:
        write_package(compiled, out)
    compiled.shown.add(current().execution)
    if not quiet and shell() is not None:
        describe(compiled, on).show()
    if not quiet and out is not None:
        print(f"Wrote {out}.")
    return compiled


def plan(pipeline: Any, *, params: Mapping[str, Any] | None = None, **given: Any) -> Plan:
    """Tell what ``run`` would do with the same arguments; nothing is sent."""
    from ..plan import plan_of

    options, values = split_options(given)
    compiled = targets.pipeline(pipeline, None, options.on)
    collide(compiled, given)
    return plan_of(compiled, {**(params or {}), **values}, options)


def upload(
    pipeline: Any,
    *,
    name: str | None = None,
    version: str | None = None,
    tags: Mapping[str, str] | Sequence[str] | None = None,
    on: str | None = None,
    ns: str | None = None,
    lint: bool = True,
) -> Version:
    """Upload a pipeline: a new one, or a new version where one of this name is there.

    Args:
        name: Name on the service; default: the pipeline's own.
        version: Name of the version; default: the name and the time.
        tags: A dict, or a list of ``"key=value"``.
        lint: False uploads in spite of errors found by the checks.
    """
    from ..upload import read_tags, upload_compiled

    compiled = targets.pipeline(pipeline, None, on)
    if lint:
        require(compiled, current().target(on))
    read = dict(tags) if isinstance(tags, Mapping) else read_tags(list(tags or ()))
    return upload_compiled(compiled, name, version, read, on, ns)


def schedule(
    pipeline: Any,
    schedule: Any = None,
    *,
    cron: str | None = None,
    every: str | float | None = None,
    start: Any = None,
    end: Any = None,
    catch_up: bool = False,
    max: int = 1,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    exp: str | None = None,
    on: str | None = None,
    ns: str | None = None,
    lint: bool = True,
) -> Schedule | Handle | Any:
    """Run a pipeline on a schedule, or look after one: ``schedule("off", "nightly")``.

    Args:
        pipeline: A pipeline; or ``"ls"``, ``"on"``, ``"off"``, ``"rm"``, ``"trigger"``.
        schedule: With one of these words: the schedule, its name or its id.
        cron: Six fields: second minute hour day month weekday.
        every: Time between runs: ``"2h"``, or seconds.
        max: Most runs at the same time.
    """
    from .. import schedules
    from ..verbs import SCHEDULE_ACTS

    if isinstance(pipeline, str) and pipeline in SCHEDULE_ACTS:
        if pipeline == "ls":
            return ls("schedules", on=on, ns=ns)
        found = (
            schedule if isinstance(schedule, schedules.Schedule) else schedules.find(str(schedule), on, ns)
        )
        if pipeline == "trigger":
            return schedules.trigger_now(found)
        return schedules.remove(found) if pipeline == "rm" else schedules.switch(found, pipeline == "on")
    # What costs nothing to check is checked before the pipeline is compiled.
    trigger = schedules.read_trigger(cron, every, start, end)
    compiled = targets.pipeline(pipeline, None, on)
    if lint:
        require(compiled, current().target(on))
    return schedules.create(compiled, params or {}, trigger, name, catch_up, max, exp, on, ns)


def diff(a: Any, b: Any, *, on: str | None = None) -> Diff:
    """Compare two runs, pipelines or files: parameters, code, compiled text and metrics."""
    from ..diff import compare

    return compare(targets.thing(a, None, on), targets.thing(b, None, on), (a, b))
