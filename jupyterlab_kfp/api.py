"""The verbs as functions. The magics and the command line call these; scripts can do so too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import targets
from .compile import Compiled
from .connections import Connection, Status, connect, status
from .errors import KfpServiceError, KfpUsageError
from .handle import Handle
from .lint import lint, require
from .listing import Listing, ls
from .local_service import LocalStatus, local
from .run_results import Results
from .session import OPTIONS, current
from .submit import collide, finish, split_options, submit, wait_shown
from .submit import rerun as _rerun

if TYPE_CHECKING:
    from .debug import Debugging
    from .diff import Diff
    from .doctor import Report
    from .plan import Plan
    from .schedules import Schedule
    from .upload import Version

__all__ = [
    "Connection",
    "Listing",
    "LocalStatus",
    "Status",
    "attach",
    "compile",
    "config",
    "connect",
    "debug",
    "diff",
    "doctor",
    "frame",
    "lint",
    "local",
    "logs",
    "ls",
    "plan",
    "rerun",
    "results",
    "retry",
    "run",
    "schedule",
    "status",
    "stop",
    "upload",
    "wait",
]


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


def compile(pipeline: Any, *, out: str | None = None, on: str | None = None, quiet: bool = False) -> Compiled:
    """Compile a pipeline and show its draft; nothing is sent.

    Args:
        out: File to write: ``.yaml``, or ``.zip`` or ``.tar.gz`` that hold a ``pipeline.yaml``.
    """
    from .compile import write_package
    from .display import shell
    from .drafts import describe

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
    from .plan import plan_of

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
    from .upload import read_tags, upload_compiled

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
    from . import schedules
    from .verbs import SCHEDULE_ACTS

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
    from .diff import compare

    return compare(targets.thing(a, None, on), targets.thing(b, None, on), (a, b))


def doctor(connection: str | None = None, ns: str | None = None) -> Report:
    """Examine a connection: ten checks, each failure with its fix.

    Args:
        connection: Name; default: the one in use.
        ns: Namespace to examine.
    """
    from .doctor import examine

    return examine(connection, ns)


def debug(task: Any, *, dir: str | None = None, on: str | None = None) -> Debugging:
    """Fetch the inputs of a task and put its function with them into a new cell; nothing is sent.

    Args:
        task: ``"last:train"``, a task of a run, or a run with one failed task.
        dir: Folder for the inputs.

    Returns:
        The folder, and the source of the cell; a script gets a file instead of a cell.
    """
    from .debug import prepare
    from .display import shell

    handle, name, _ = targets.task(task, None, on)
    if name is None:
        failed = [each for each in handle.tasks if each.state == "FAILED" and each.kind in ("task", "exit")]
        if len(failed) != 1:
            names = ", ".join(each.path for each in failed[:10])
            counted = f"{len(failed)} failed tasks: {names}" if failed else "no failed task"
            raise KfpUsageError("usage-target", f"{handle.name} has {counted}.", "Name one: RUN:TASK.")
        name = failed[0].path
    found = prepare(handle, name, dir)
    running = shell()
    if running is None:
        found.write()
    else:
        running.set_next_input(found.cell)
    return found


def frame(runs: Any, *, on: str | None = None) -> Any:
    """One row a run as a pandas frame: parameters, state, duration, metrics and other scalars."""
    from .frames import frame_of_runs

    single = isinstance(runs, (str, Handle))
    return frame_of_runs(targets.runs([runs] if single else runs, None, on))


def attach(run: Any, *, on: str | None = None, show: str = "auto", quiet: bool = False) -> Handle:
    """Show any run: a handle, ``"last"``, an id or the beginning of one."""
    from .display import show_runs

    handle = targets.run(run, None, on)
    current().remember(handle)
    if quiet:
        handle._shown_in = current().execution
    else:
        show_runs([handle], show)
    return handle


def wait(
    runs: Any,
    *,
    any: bool = False,
    timeout: float | str | None = None,
    check: bool = True,
    on: str | None = None,
) -> Any:
    """Block until runs are final.

    Args:
        runs: One run or several.
        any: Return the first final one.
        timeout: Longest time, in seconds or as ``"10m"``.
        check: False returns failed runs instead of raising.

    Returns:
        The run, or the list of runs; with ``any`` the first final one.
    """
    single = isinstance(runs, (str, Handle))
    listed = targets.runs([runs] if single else runs, None, on)
    done = wait_shown(listed, timeout, any, check)
    if any:
        return done[0]
    return listed[0] if single else listed


def logs(
    task: Any,
    *,
    follow: bool = False,
    tail: int | None = None,
    grep: str | None = None,
    stream: str = "main",
    attempt: int | None = None,
    on: str | None = None,
) -> str | Iterator[str]:
    """Text of a log: ``"last:train"``, a task, or a run for all its tasks.

    Args:
        follow: Give an iterator of lines.
        tail: Only the last lines.
        grep: Only lines that contain this.
        attempt: From 1; the newest by default.
    """
    if tail is not None and tail < 0:
        raise KfpUsageError("usage-value", f"--tail must be 0 or more, got {tail}.")
    if attempt is not None and (attempt == 0 or attempt < -1):
        raise KfpUsageError(
            "usage-value", f"--attempt counts from 1, or is -1 for the newest; got {attempt}."
        )
    handle, name, numbered = targets.task(task, None, on)
    number = numbered if attempt is None else attempt - 1 if attempt > 0 else -1
    from .log_lines import lines

    found: Iterable[str] = lines(handle, name, follow=follow, stream=stream, attempt=number)
    if grep is not None:
        found = (line for line in found if grep in line)
    if follow:
        return iter(found)
    if tail is not None:
        from collections import deque

        found = deque(found, maxlen=tail)
    return "\n".join(found)


def results(run: Any, *, save: str | None = None, on: str | None = None) -> Results:
    """What a run, or one task of it, wrote.

    Args:
        save: Folder to download the artifacts into, one folder a task.
    """
    handle, name, _ = targets.task(run, None, on)
    found = Results(handle, handle.view(), name)
    if save is not None:
        _save(found, save)
    return found


def _save(results: Results, folder: str) -> None:
    import json
    import os
    import re

    for task, name, kind, value in results.rows():
        if kind == "artifact":
            # Names come from the service: each becomes one segment of a path, whatever is in it.
            parts = [re.sub(r"[^\w.\-\[\]]+", "_", part).lstrip(".") or "_" for part in (task, name)]
            os.makedirs(os.path.join(folder, parts[0]), exist_ok=True)
            path = os.path.join(folder, *parts)
            try:
                value.download(path)
            except KfpServiceError as error:
                if error.code != "not-found":
                    raise
                # Metrics and their like are often metadata alone: no file was ever written.
                with open(f"{path}.json", "w", encoding="utf-8") as file:
                    json.dump(value.metadata, file, indent=2, ensure_ascii=False)


def stop(runs: Any, *, on: str | None = None) -> Any:
    """Ask the service to end runs."""
    return _each(runs, on, Handle.stop)


def retry(runs: Any, *, on: str | None = None) -> Any:
    """Run the failed tasks of runs again."""
    return _each(runs, on, Handle.retry)


def _each(runs: Any, on: str | None, act: Any) -> Any:
    from .handle import act_on

    single = isinstance(runs, (str, Handle))
    listed = targets.runs([runs] if single else runs, None, on)
    act_on(listed, act)
    return listed[0] if single else listed


def rerun(run: Any, *, params: Mapping[str, Any] | None = None, **given: Any) -> Handle:
    """Send the pipeline of a run again with the same parameters, but for those given."""
    options, values = split_options(given)
    handle = targets.run(run, None, options.on)
    return finish(_rerun(handle, {**(params or {}), **values}, options), options)


def config(key: str | None = None, value: str | None = None) -> Any:
    """Show or set the options of this process.

    Returns:
        All options without a key, else the value of one.
    """
    session = current()
    if key is None:
        return {name: session.config.get(name, "") for name in OPTIONS}
    if value is None:
        if key not in OPTIONS:
            session.configure(key, "")
        return session.config.get(key, "")
    session.configure(key, value)
    return value
