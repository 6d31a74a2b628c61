"""pandas frames of runs, tasks, lists and artifacts; pandas is imported only here."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import KfpUsageError

if TYPE_CHECKING:
    from .handle import Handle


def pandas() -> Any:
    """Import pandas.

    Raises:
        KfpUsageError: ``pandas-missing``.
    """
    try:
        import pandas as found
    except ModuleNotFoundError as reason:
        if reason.name != "pandas":
            raise
        raise KfpUsageError(
            "pandas-missing",
            "This kernel has no pandas, which makes frames.",
            "Install it: %pip install pandas",
        ) from None
    return found


def frame_of_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None) -> Any:
    """A frame of rows."""
    return pandas().DataFrame(list(rows), columns=list(columns) if columns is not None else None)


def frame_of_tasks(run: Handle) -> Any:
    """One row a task: path, state, start, duration, error and the scalars it wrote."""
    tasks = list(run.tasks)
    rows = [
        {
            "task": task.path,
            "kind": task.kind,
            "state": task.state,
            "start": task.start,
            "duration": task.duration,
            "attempts": len(task.attempts),
            "error": task.error,
            **{
                name: value
                for name, value in task.outputs.items()
                if isinstance(value, (int, float, str, bool))
            },
        }
        for task in tasks
    ]
    return frame_of_rows(rows)


def frame_of_runs(runs: Sequence[Handle]) -> Any:
    """One row a run: name, state, duration, its parameters, and the metrics and scalars of its tasks."""
    rows = []
    for run in runs:
        results = run.results
        rows.append(
            {
                "run": run.name,
                "id": run.id,
                **run.parameters,
                "state": run._header["state"],
                "duration": run.duration,
                **results.scalars,
            }
        )
    return frame_of_rows(rows)


def read_frame(name: str, uri: str, content: bytes, options: Mapping[str, Any]) -> Any:
    """Read an artifact's content as a frame.

    Raises:
        KfpUsageError: ``usage-value`` when it is no table.
    """
    found = pandas()
    low = uri.lower()
    try:
        if content.startswith(b"PAR1"):
            return found.read_parquet(io.BytesIO(content), **options)
        if content[:1] in (b"{", b"["):
            lines = low.endswith((".jsonl", ".ndjson")) or (
                content.startswith(b"{") and b"}\n{" in content.replace(b"\r", b"")
            )
            return found.read_json(io.BytesIO(content), **{"lines": lines, **options})
        head = content[:4096].split(b"\n", 1)[0]
        separator = "\t" if low.endswith(".tsv") or head.count(b"\t") > head.count(b",") else ","
        return found.read_csv(io.BytesIO(content), **{"sep": separator, **options})
    except (ValueError, ImportError) as reason:
        raise KfpUsageError(
            "usage-value",
            f'"{name}" cannot be read as a table: {str(reason)[:120]}.',
            "Use .bytes() or .text().",
        ) from None
