"""The verbs as functions. The magics and the command line call these; scripts can do so too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from . import targets
from .connections import Connection, LocalStatus, Status, connect, local, status
from .handle import Handle
from .lint import lint
from .listing import Listing, ls
from .run_results import Results
from .session import OPTIONS, current
from .submit import collide, finish, split_options, submit, wait_shown
from .submit import rerun as _rerun

__all__ = [
    "Connection",
    "Listing",
    "LocalStatus",
    "Status",
    "attach",
    "config",
    "connect",
    "lint",
    "local",
    "logs",
    "ls",
    "rerun",
    "results",
    "retry",
    "run",
    "status",
    "stop",
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

        found = deque(found, maxlen=max(0, tail))
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
    import os
    import re

    for task, name, kind, value in results.rows():
        if kind == "artifact":
            # Names come from the service: each becomes one segment of a path, whatever is in it.
            parts = [re.sub(r"[^\w.\-\[\]]+", "_", part).lstrip(".") or "_" for part in (task, name)]
            os.makedirs(os.path.join(folder, parts[0]), exist_ok=True)
            value.download(os.path.join(folder, *parts))


def stop(runs: Any, *, on: str | None = None) -> Any:
    """Ask the service to end runs."""
    return _each(runs, on, Handle.stop)


def retry(runs: Any, *, on: str | None = None) -> Any:
    """Run the failed tasks of runs again."""
    return _each(runs, on, Handle.retry)


def _each(runs: Any, on: str | None, act: Any) -> Any:
    single = isinstance(runs, (str, Handle))
    listed = [act(run) for run in targets.runs([runs] if single else runs, None, on)]
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
