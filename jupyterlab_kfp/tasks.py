"""Tasks of a run as Python objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .durations import parse_time, words
from .errors import suggest

if TYPE_CHECKING:
    from .handle import Handle


def elapsed(start: str | None, end: str | None) -> float | None:
    """Seconds between two times of the wire; up to now without an end, None without a start."""
    begin = parse_time(start)
    if begin is None:
        return None
    finish = parse_time(end) or datetime.now(timezone.utc)
    return max(0.0, (finish - begin).total_seconds())


class Task:
    """One task instance, as it was when it was read."""

    def __init__(self, run: Handle, raw: Mapping[str, Any]) -> None:
        self.run = run
        self._raw = raw

    @property
    def id(self) -> str:
        """Id on the service."""
        return str(self._raw["id"])

    @property
    def name(self) -> str:
        """Name that people read."""
        return str(self._raw["name"])

    @property
    def path(self) -> str:
        """Place in the run, for example ``for-loop-2[0].train``."""
        return str(self._raw["path"])

    @property
    def kind(self) -> str:
        """``task``, ``dag``, ``condition``, ``loop``, ``iteration``, ``exit`` or ``importer``."""
        return str(self._raw["kind"])

    @property
    def state(self) -> str:
        """``PENDING``, ``RUNNING``, ``SUCCEEDED``, ``CACHED``, ``FAILED``, ``SKIPPED``, …"""
        return str(self._raw["state"])

    @property
    def reason(self) -> str | None:
        """Why it waits, was skipped or was not reached."""
        return self._raw.get("reason")

    @property
    def start(self) -> datetime | None:
        """When it started."""
        return parse_time(self._raw.get("started_at"))

    @property
    def duration(self) -> float | None:
        """Seconds it took, or takes up to now."""
        return elapsed(self._raw.get("started_at"), self._raw.get("finished_at"))

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """Attempts, oldest first."""
        return [dict(attempt) for attempt in self._raw.get("attempts") or ()]

    @property
    def error(self) -> str | None:
        """Why it failed, one line."""
        return (self._raw.get("failure") or {}).get("reason")

    @property
    def exit_code(self) -> int | None:
        """Exit code of the newest attempt, where one is known."""
        failure = self._raw.get("failure") or {}
        if "exit_code" in failure:
            return int(failure["exit_code"])
        codes = [a["exit_code"] for a in self._raw.get("attempts") or () if "exit_code" in a]
        return int(codes[-1]) if codes else None

    @property
    def pod(self) -> str | None:
        """Name of the newest attempt's pod; None where it is no pod."""
        attempts = self._raw.get("attempts") or ()
        return str(attempts[-1]["id"]) if attempts and self.run.connection != "local" else None

    @property
    def image(self) -> str | None:
        """Container image."""
        return self._raw.get("image")

    @property
    def inputs(self) -> dict[str, Any]:
        """Inputs by name: values of parameters, addresses of artifacts."""
        return {item["name"]: self._shown("inputs", item) for item in self._raw.get("inputs") or ()}

    @property
    def outputs(self) -> dict[str, Any]:
        """Outputs by name: values of parameters and metrics, addresses of artifacts."""
        return {item["name"]: self._shown("outputs", item) for item in self._raw.get("outputs") or ()}

    def value(self, side: str, item: Mapping[str, Any]) -> Any:
        """A value of the task, ``side`` being ``inputs`` or ``outputs``; of an artifact its metadata."""
        if "cut" in item:  # too long to come with the run
            from .client import segment
            from .session import current

            path = f"{self.run.path}/tasks/{segment(self.id)}/{side}/{segment(str(item['name']))}"
            return current().client.get(path)
        return json.loads(item["metadata"] if item["kind"] == "artifact" else item["json"])

    def _shown(self, side: str, item: Mapping[str, Any]) -> Any:
        if item.get("redacted"):
            return "••••"
        return self.value(side, item) if "json" in item else item.get("uri")

    @property
    def raw(self) -> Mapping[str, Any]:
        """The task as the wire has it (``TaskView``)."""
        return self._raw

    def logs(self, follow: bool = False, stream: str = "main", attempt: int = -1) -> Any:
        """Text of its log; with ``follow`` an iterator of lines."""
        return self.run.logs(self.path, follow, stream, attempt)

    def __repr__(self) -> str:
        took = f" {words(self.duration)}" if self.duration is not None else ""
        error = f" {self.error}" if self.error else ""
        return f"<Task {self.path} {self.state}{took}{error}>"


def _explained(raw: Mapping[str, Any], failure: Mapping[str, Any]) -> Mapping[str, Any]:
    """A failed task with the exception that the gateway has found in its log."""
    own = raw.get("failure") or {}
    return {**raw, "failure": {**own, "reason": failure.get("reason") or own.get("reason")}}


class TaskList(list[Task]):
    """Tasks in order; also takes names and paths: ``tasks["train"]``, ``tasks["loop-1[3].train"]``."""

    def __init__(self, run: Handle, view: Mapping[str, Any]) -> None:
        failure = view.get("failure") or {}
        super().__init__(
            Task(run, _explained(raw, failure) if raw["id"] == failure.get("task_id") else raw)
            for raw in (view.get("tasks") or {}).values()
        )

    def __getitem__(self, key: Any) -> Any:
        """Find by number or by name.

        Raises:
            KeyError: with the nearest name and the list.
        """
        return find_task(self, key) if isinstance(key, str) else super().__getitem__(key)


def find_task(tasks: Iterable[Task], name: str) -> Task:
    """Find a task by path, id or name. A name that several tasks share gives the first one that is no group.

    Raises:
        KeyError: with the nearest name and the list.
    """
    listed = list(tasks)
    wanted = canonical(name)
    for same in (
        lambda t: t.path == name or t.id == name,
        lambda t: canonical(t.path) == wanted,
        lambda t: t.name == name and t.kind != "iteration",
        lambda t: canonical(t.name) == wanted and t.kind != "iteration",
        lambda t: canonical(t.path).rsplit(".", 1)[-1] == wanted,
    ):
        found = [task for task in listed if same(task)]
        if found:
            return found[0]
    names = list(dict.fromkeys(task.path for task in listed))
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    # A task in a loop is asked for by its own name as well.
    near = suggest(name, [*names, *(task.name for task in listed if task.kind != "iteration")])
    raise MissingName(f'There is no task "{name}".{near} There are: {shown or "none yet"}.')


def canonical(path: str) -> str:
    """Bring a path into one form: ``_`` and ``-`` are the same, and ``loop-1`` is ``for-loop-1``."""
    return re.sub(r"(^|\.)for-loop-", r"\1loop-", path.lower().replace("_", "-"))


class MissingName(KeyError):
    """A ``KeyError`` that prints its sentence as it is."""

    def __str__(self) -> str:
        return str(self.args[0])
