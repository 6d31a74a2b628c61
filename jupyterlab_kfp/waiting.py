"""Wait for runs: with a limit, with interrupts, with the notebook's output kept up to date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .durations import seconds, words
from .errors import KfpServiceError, RunCanceled, RunFailed, WaitInterrupted, WaitTimeout, clip

if TYPE_CHECKING:
    from .handle import Handle

#: Seconds between looks at a run that was started a moment ago, and later.
_SOON, _LATER = 0.15, 1.0
#: Seconds in which a second interrupt stops the run.
SECOND_INTERRUPT = 3.0
#: Seconds between updates of an output that no browser follows.
UPDATE_EVERY = 30.0


def wait_all(
    runs: Sequence[Handle],
    any_of: bool = False,
    timeout: float | str | None = None,
    check: bool = True,
    tick: Callable[[], None] | None = None,
) -> list[Handle]:
    """Block until all runs, or the first one, are final.

    Args:
        any_of: Return when the first one is final.
        timeout: Longest time; None waits without limit.
        check: Raise when a run has failed or was canceled.
        tick: Called at most every ``UPDATE_EVERY`` seconds while waiting.

    Returns:
        The runs that are final, in the order in which they ended where that could be told.

    Raises:
        RunFailed, RunCanceled: The first such run, with ``check``.
        WaitTimeout: The time is over; the runs go on.
        WaitInterrupted: Ctrl-C.
    """
    from .session import current

    limit = None if timeout is None else seconds(timeout)
    progress = current().progress
    open_runs = list(runs)
    done: list[Handle] = []
    begin = updated = time.monotonic()
    while open_runs:
        try:
            for run in list(open_runs):
                if _is_final(run):
                    open_runs.remove(run)
                    done.append(run)
            if not open_runs or (any_of and done):
                break
            if progress is not None:
                progress.update(open_runs)
            now = time.monotonic()
            if limit is not None and now - begin >= limit:
                raise _timeout(open_runs, limit)
            if tick is not None and now - updated >= UPDATE_EVERY:
                updated = now
                tick()
            pause = _SOON if now - begin < 15 else _LATER
            time.sleep(pause if limit is None else max(0.0, min(pause, begin + limit - now)))
        except KeyboardInterrupt as interrupt:
            if isinstance(interrupt, WaitInterrupted):
                raise
            _interrupted(open_runs)
    if check:
        for run in done:
            raise_for_state(run)
    return done


def _is_final(run: Handle) -> bool:
    from .handle import FINAL

    try:
        return run.state in FINAL
    except KfpServiceError as error:
        if error.code == "not-found":
            raise KfpServiceError("not-found", f"Run {run.name} was deleted on {run.connection}.") from None
        raise


def raise_for_state(run: Handle) -> None:
    """Raise what ``--wait`` raises for a run that ended badly."""
    state = run._header.get("state") or run.state
    if state == "FAILED":
        failure = run.view().get("failure") or {}
        why = f" {failure['task']}: {clip(failure['reason'])}" if failure.get("task") else ""
        place = _place(failure.get("source") or {})
        said = f"{run.name} failed.{why}{f' ({place})' if place else ''}"
        error: Any = RunFailed("run-failed", said, failure.get("hint") or "")
    elif state == "CANCELED":
        error = RunCanceled("run-canceled", f"{run.name} was canceled.")
    else:
        return
    error.handle = run
    raise error


def _place(source: dict[str, Any]) -> str:
    """Where a failure stems from: the function, and its line in the cell that defines it, if one does."""
    function = source.get("function")
    if not function:
        return ""
    from .cells import find_line

    found = find_line(str(function), int(source["line"]), str(source.get("text")))
    if found is None:
        return f"line {source['line']} of {function}"
    title, line = found
    return f"{title} line {line}, in {function}"


def _timeout(runs: Sequence[Handle], limit: float) -> WaitTimeout:
    names = ", ".join(run.name for run in runs[:3])
    word = "goes" if len(runs) == 1 else "go"
    error = WaitTimeout("wait-timeout", f"{names} did not end within {words(limit)} and {word} on.")
    error.handle = runs[0]
    return error


def _interrupted(runs: Sequence[Handle]) -> None:
    """Handle the first interrupt: say how to stop, and listen for a second one."""
    names = ", ".join(run.name for run in runs[:3])
    first = runs[0]
    print(
        f"Still running: {names} on {first.connection}. Interrupt again within {SECOND_INTERRUPT:.0f} s to stop "
        f"{'it' if len(runs) == 1 else 'them'}.",
        flush=True,
    )
    try:
        time.sleep(SECOND_INTERRUPT)
    except KeyboardInterrupt:
        for run in runs:
            run.stop()
        print(f"Stop was sent to {names}.", flush=True)
        raise WaitInterrupted("interrupted", f"{names} was told to stop.") from None
    raise WaitInterrupted(
        "interrupted",
        f"the run goes on. %kfp stop {first.name if ' ' not in first.name else first.id[:8]} stops it.",
    ) from None


async def wait_async(run: Handle) -> Handle:
    """Wait without blocking the event loop: ``await r``."""
    loop = asyncio.get_running_loop()
    begin = time.monotonic()
    while not await loop.run_in_executor(None, _is_final, run):
        await asyncio.sleep(_SOON if time.monotonic() - begin < 15 else _LATER)
    await loop.run_in_executor(None, raise_for_state, run)
    return run
