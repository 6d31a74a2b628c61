"""Logs by byte offset: nothing is shown twice and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .client import segment
from .errors import KfpServiceError, KfpUsageError
from .session import current
from .tasks import Task

if TYPE_CHECKING:
    from .handle import Handle

#: Bytes asked for at once.
CHUNK = 256 * 1024
_LOGGED = ("task", "exit", "importer")


def lines(
    run: Handle, task: str | None = None, follow: bool = False, stream: str = "main", attempt: int = -1
) -> Iterator[str]:
    """Lines of a task's log, or of all tasks with the task before each line.

    Args:
        follow: Go on until the task, or the run, has ended.
    """
    if stream == "driver" and run.connection == "local":
        raise KfpUsageError(
            "usage-value", "The local service has no drivers, so there is no such log.", "Leave --stream out."
        )
    tasks = run.tasks
    if task is not None:
        found = tasks[task]
        count = len(found.attempts)
        if attempt >= max(count, 1):
            had = "no attempt yet" if count == 0 else f"{count} attempt{'' if count == 1 else 's'}"
            raise KfpUsageError("usage-target", f"{found.path} has {had}, there is no #{attempt + 1}.")
        return task_lines(run, found, follow, stream, attempt)
    return _run_lines(run, follow, stream)


def task_lines(
    run: Handle, task: Task, follow: bool = False, stream: str = "main", attempt: int = -1
) -> Iterator[str]:
    """Lines of one task's log."""
    reader = _Reader(run, task, stream, attempt)
    while True:
        yield from reader.read()
        if reader.ended or not follow:
            break
        time.sleep(0.3)
    yield from reader.rest()


def _run_lines(run: Handle, follow: bool, stream: str) -> Iterator[str]:
    readers: dict[str, _Reader] = {}
    while True:
        final = run.final
        tasks = [t for t in run.tasks if t.kind in _LOGGED and t.attempts]
        for task in tasks:
            readers.setdefault(task.id, _Reader(run, task, stream, -1))
        for reader in readers.values():
            if not reader.ended:
                yield from (f"{reader.task.path} | {line}" for line in reader.read())
        if final or not follow:
            break
        time.sleep(0.5)
    for reader in readers.values():
        yield from (f"{reader.task.path} | {line}" for line in reader.rest())


class _Reader:
    """Reads one log on from where it stopped."""

    def __init__(self, run: Handle, task: Task, stream: str, attempt: int) -> None:
        self.task = task
        self.ended = False
        self._path = f"{run.path}/tasks/{segment(task.id)}/log"
        self._query: dict[str, Any] = {"attempt": attempt, "stream": stream, "limit": CHUNK}
        self._next = 0
        self._open = ""

    def read(self) -> Iterator[str]:
        """Complete lines that are there now."""
        while not self.ended:
            try:
                chunk = current().client.get(self._path, {**self._query, "from": self._next})
            except KfpServiceError as error:
                # A task that has not started has no log yet; that is no error while following.
                if error.code == "not-found" and self._next == 0:
                    return
                raise
            if chunk["offset"] > self._next and self._next:
                yield f"… {chunk['offset'] - self._next} bytes are missing here …"
            self._open += chunk["text"]
            moved = chunk["next"] > self._next
            self._next = chunk["next"]
            *whole, self._open = self._open.split("\n")
            yield from whole
            self.ended = bool(chunk["end"])
            if not moved or self._next >= chunk["size"]:
                return

    def rest(self) -> Iterator[str]:
        """The last line, where it has no line end."""
        if self._open:
            yield self._open
            self._open = ""
