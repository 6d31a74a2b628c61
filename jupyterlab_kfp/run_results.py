"""What tasks wrote, as Python objects. Bytes come through the gateway; nothing is kept here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .client import segment
from .errors import KfpServiceError, KfpUsageError, suggest
from .session import current
from .tasks import MissingName, Task, TaskList, canonical, find_task
from .text import Shown, table

if TYPE_CHECKING:
    from .handle import Handle

#: Bytes of an artifact that are read without being asked twice.
READ_LIMIT = 100 * 1024 * 1024
_DONE = frozenset(("SUCCEEDED", "CACHED", "FAILED", "CANCELED", "SKIPPED", "NOT_REACHED"))


class Artifact:
    """An artifact that a task wrote."""

    def __init__(self, run: Handle, raw: Mapping[str, Any], task: Task | None = None) -> None:
        self._run = run
        self._raw = raw
        self._task = task

    @property
    def name(self) -> str:
        """Name of the output."""
        return str(self._raw["name"])

    @property
    def type(self) -> str:
        """Schema title, for example ``system.Model``."""
        return str(self._raw["type"])

    @property
    def uri(self) -> str | None:
        """Address on the store of the service."""
        return self._raw.get("uri")

    @property
    def size(self) -> int | None:
        """Bytes, where known."""
        return self._raw.get("size")

    @property
    def metadata(self) -> dict[str, Any]:
        """Metadata that the task wrote."""
        if self._task is not None and "cut" in self._raw:
            return dict(self._task.value("outputs", self._raw))
        return dict(json.loads(self._raw.get("metadata") or "{}"))

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder; its content comes as a tar.gz then."""
        identity = self._raw.get("artifact_id")
        if not identity:
            return False
        info = current().client.get(f"{self._run.path}/artifacts/{segment(str(identity))}", {"info": "1"})
        return bool(info["is_folder"])

    def frame(self, limit: int | None = READ_LIMIT, **options: Any) -> Any:
        """The content as a pandas frame: CSV, TSV, JSON, JSON lines or Parquet, told by the content itself.

        Args:
            options: Passed to the reader of pandas.
        """
        from .frames import read_frame

        return read_frame(self.name, self.uri or "", self.bytes(limit), options)

    def _stream(self) -> Iterator[bytes]:
        identity = self._raw.get("artifact_id")
        if not identity:
            raise KfpServiceError("not-found", f'The content of "{self.name}" is not kept by the service.')
        return current().client.stream(f"{self._run.path}/artifacts/{segment(str(identity))}")

    def bytes(self, limit: int | None = READ_LIMIT) -> bytes:
        """The content; a folder comes as a tar.gz.

        Args:
            limit: Most bytes to read; None reads all.

        Raises:
            KfpServiceError: ``too-large``.
        """
        pieces, size = [], 0
        for piece in self._stream():
            pieces.append(piece)
            size += len(piece)
            if limit is not None and size > limit:
                raise KfpServiceError(
                    "too-large",
                    f'"{self.name}" is larger than {limit // (1024 * 1024)} MiB.',
                    "Read it with limit=None, or save it with download(path).",
                )
        return b"".join(pieces)

    def text(self, encoding: str = "utf-8", limit: int | None = READ_LIMIT) -> str:
        """The content as text."""
        return self.bytes(limit).decode(encoding)

    def json(self, limit: int | None = READ_LIMIT) -> Any:
        """The content read as JSON."""
        return json.loads(self.bytes(limit))

    def download(self, path: str) -> str:
        """Write the content to a file; an existing folder gets a file of the artifact's name.

        Returns:
            The path written.
        """
        target = os.path.join(path, self.name) if os.path.isdir(path) else path
        part = f"{target}.part"
        try:
            with open(part, "wb") as file:
                for piece in self._stream():
                    file.write(piece)
            os.replace(part, target)
        except OSError as reason:
            raise KfpUsageError("usage-value", f"{target} cannot be written: {reason.strerror}.") from None
        finally:
            if os.path.exists(part):
                os.unlink(part)
        return target

    def __repr__(self) -> str:
        size = f", {self.size} bytes" if self.size is not None else ""
        return f"<{self.type} {self.name}{size}>"


class TaskResults(Mapping[str, Any]):
    """What one task wrote: values of output parameters and artifacts by name."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._parameters: dict[str, Any] = {}
        self._metrics: dict[str, Any] = {}
        self._artifacts: dict[str, Artifact] = {}
        for item in task.raw.get("outputs") or ():
            if item["kind"] == "artifact":
                self._artifacts[item["name"]] = Artifact(task.run, item, task)
            elif "json" in item:
                kept = self._metrics if item["kind"] == "metric" else self._parameters
                kept[item["name"]] = _number(item["type"], task.value("outputs", item))

    @property
    def metrics(self) -> dict[str, Any]:
        """Metrics by name."""
        return dict(self._metrics)

    @property
    def artifacts(self) -> dict[str, Artifact]:
        """Artifacts by name."""
        return dict(self._artifacts)

    @property
    def parameters(self) -> dict[str, Any]:
        """Output parameters by name."""
        return dict(self._parameters)

    def _all(self) -> dict[str, Any]:
        return {**self._metrics, **self._artifacts, **self._parameters}

    def __getitem__(self, name: str) -> Any:
        """Value of an output.

        Raises:
            KfpServiceError: ``not-ready`` while the task runs.
            KeyError: with the nearest name and the list.
        """
        found = self._all()
        if name in found:
            return found[name]
        if self.task.state not in _DONE:
            word = self.task.state.replace("_", " ").capitalize()
            raise KfpServiceError("not-ready", f"{self.task.path} is {word}.", "Wait for it: r.wait()")
        listed = ", ".join(found) or "nothing"
        raise MissingName(f'{self.task.path} wrote no "{name}".{suggest(name, found)} It wrote: {listed}.')

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


def _number(kind: str, value: Any) -> Any:
    """Integers stay integers, also where the wire writes them as 1.0."""
    if kind == "NUMBER_INTEGER" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "NUMBER_DOUBLE" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


class Results(Mapping[str, TaskResults], Shown):
    """What a run wrote, by task."""

    def __init__(self, run: Handle, view: Mapping[str, Any], only: str | None = None) -> None:
        self._run = run
        self._tasks = TaskList(run, view)
        self._only = only

    def _leaves(self) -> list[Task]:
        found = [
            t for t in self._tasks if t.kind in ("task", "importer", "exit", "dag") or t.raw.get("outputs")
        ]
        if self._only is not None:
            wanted = find_task(self._tasks, self._only)
            return [t for t in found if t.path == wanted.path or t.path.startswith(f"{wanted.path}.")]
        return found

    def __getitem__(self, name: str) -> TaskResults:
        """Results of a task, by name or path.

        Raises:
            KeyError: with the nearest name and the list.
        """
        return TaskResults(find_task(self._tasks, name))

    def __iter__(self) -> Iterator[str]:
        return iter([task.path for task in self._leaves()])

    def __len__(self) -> int:
        return len(self._leaves())

    @property
    def scalars(self) -> dict[str, Any]:
        """All scalar parameters and metrics as ``{"task.name": value}``."""
        found = {}
        for task in self._leaves():
            results = TaskResults(task)
            for name, value in {**results.metrics, **results.parameters}.items():
                if isinstance(value, (str, int, float, bool)) and not _handed_on(name):
                    found[f"{task.path}.{name}"] = value
        return found

    def all(self, task: str, name: str) -> list[Any]:
        """One output of every iteration, in order; skipped iterations are left out.

        Raises:
            KeyError: when no such task is in the run.
        """
        wanted = canonical(task)
        same = [t for t in self._tasks if wanted in (canonical(t.name), canonical(t.path).rsplit(".", 1)[-1])]
        if not same:
            find_task(self._tasks, task)
        ordered = sorted(same, key=lambda t: _order(t.path))
        return [TaskResults(t)[name] for t in ordered if t.state not in ("SKIPPED", "NOT_REACHED")]

    def rows(self) -> list[tuple[str, str, str, Any]]:
        """Task, name, kind and value or artifact of everything written."""
        found: list[tuple[str, str, str, Any]] = []
        for task in self._leaves():
            results = TaskResults(task)
            found += [
                (task.path, n, "parameter", v) for n, v in results.parameters.items() if not _handed_on(n)
            ]
            found += [(task.path, n, "metric", v) for n, v in results.metrics.items()]
            found += [(task.path, n, "artifact", a) for n, a in results.artifacts.items()]
        return found

    def as_json(self) -> Any:
        """For ``--json``."""
        return [
            {
                "task": task,
                "name": name,
                "kind": kind,
                **({"type": v.type, "uri": v.uri} if kind == "artifact" else {"value": v}),
            }
            for task, name, kind, v in self.rows()
        ]

    def as_text(self) -> str:
        """The table."""
        rows = [(task, name, kind, _shown(value)) for task, name, kind, value in self.rows()]
        return table(("task", "name", "kind", "value"), rows) if rows else "There are no results."


def _handed_on(name: str) -> bool:
    """Tell whether an output is one that a group hands on from a task inside of it, under a name of the compiler."""
    return name.startswith("pipelinechannel--")


def _shown(value: Any) -> str:
    from .errors import clip

    if isinstance(value, Artifact):
        return clip(f"{value.type} {value.uri or ''}".strip(), 80)
    return clip(value if isinstance(value, str) else json.dumps(value), 80)


def _order(path: str) -> list[tuple[int, str]]:
    import re

    return [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in re.split(r"(\d+)", path)]
