"""Verbs of runs: show, wait, logs, results, stop, retry, debug."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .. import targets
from ..errors import KfpServiceError, KfpUsageError
from ..handle import Handle
from ..run_results import Results
from ..session import current
from ..submit import wait_shown

if TYPE_CHECKING:
    from ..debug import Debugging


def attach(run: Any, *, on: str | None = None, show: str = "auto", quiet: bool = False) -> Handle:
    """Show any run: a handle, ``"last"``, an id or the beginning of one."""
    from ..display import show_runs

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
    from ..log_lines import lines

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
    from ..handle import act_on

    single = isinstance(runs, (str, Handle))
    listed = targets.runs([runs] if single else runs, None, on)
    act_on(listed, act)
    return listed[0] if single else listed


def debug(task: Any, *, dir: str | None = None, on: str | None = None) -> Debugging:
    """Fetch the inputs of a task and put its function with them into a new cell; nothing is sent.

    Args:
        task: ``"last:train"``, a task of a run, or a run with one failed task.
        dir: Folder for the inputs.

    Returns:
        The folder, and the source of the cell; a script gets a file instead of a cell.
    """
    from ..debug import prepare
    from ..display import shell

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
    from ..frames import frame_of_runs

    single = isinstance(runs, (str, Handle))
    return frame_of_runs(targets.runs([runs] if single else runs, None, on))
