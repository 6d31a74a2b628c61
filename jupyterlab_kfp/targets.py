"""Find the pipeline, the run or the task that a word names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .client import segment
from .compile import Compiled, compile_pipeline, inputs_of_payload, is_component, read_package
from .errors import KfpError, KfpServiceError, KfpUsageError, clip, kind_of, suggest
from .handle import Handle
from .parameters import Typed
from .session import Session, current

_FILE = (".yaml", ".yml", ".json", ".zip", ".tar.gz", ".tgz")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
#: Fewest characters of an id that name a run.
SHORTEST_ID = 6


def pipeline(target: Any, namespace: Mapping[str, Any] | None = None, on: str | None = None) -> Compiled:
    """Find and compile a pipeline.

    Args:
        target: A pipeline, a function of ``@dsl.pipeline``, a ``Compiled``, or text: the name of a variable,
            a draft, a file, or ``NAME[@VERSION]`` on the service.
        namespace: Variables of the notebook.

    Raises:
        KfpUsageError: ``usage-target`` when nothing of this name is there.
    """
    if isinstance(target, Compiled):
        return target
    if not isinstance(target, str):
        return _remember(compile_pipeline(target, cell_of(target)))
    session, word = current(), str(target)
    value = (namespace or {}).get(word)
    if is_component(value):
        return _remember(compile_pipeline(value, cell_of(value)))
    if isinstance(value, Compiled):
        return value
    if word in session.drafts:
        return session.drafts[word]
    if word.lower().endswith(_FILE) or os.path.sep in word:
        return from_file(word)
    if os.path.isfile(word):
        raise KfpUsageError(
            "usage-target",
            f"{clip(word)} is no pipeline file.",
            "A pipeline file ends in .yaml, .yml, .json, .zip or .tar.gz.",
        )
    if value is not None:
        raise KfpUsageError("usage-target", f"{clip(word, 60)} is no pipeline but {kind_of(value)}.")
    found = _on_service(session, word, on)
    if found is not None:
        return found
    known = [n for n, v in (namespace or {}).items() if is_component(v) and not n.startswith("_")]
    raise KfpUsageError(
        "usage-target",
        f"There is no pipeline {clip(word, 60)}: no variable, draft, file, or pipeline on the service.",
        suggest(word, [*known, *session.drafts]).strip() or None,
    )


def _remember(compiled: Compiled) -> Compiled:
    current().drafts[compiled.name] = compiled
    return compiled


def cell_of(component: Any) -> Any:
    """The cell that defined a component or a pipeline, as far as this kernel has seen it."""
    function = getattr(component, "pipeline_func", None) or getattr(component, "python_func", None)
    code = getattr(function, "__code__", None)
    return current().cells_by_file.get(code.co_filename) if code is not None else None


def from_file(path: str) -> Compiled:
    """Read a pipeline file; the gateway says what is in it."""
    if not os.path.exists(path):
        raise KfpUsageError("usage-target", f"There is no file {clip(path)}.", _near_file(path))
    return from_text(read_package(path), path)


def _near_file(path: str) -> str | None:
    folder = os.path.dirname(path) or "."
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    return suggest(os.path.basename(path), [n for n in names if n.endswith(_FILE)]).strip() or None


def from_text(text: str, where: str = "the text") -> Compiled:
    """Take a compiled pipeline as text.

    Raises:
        KfpServiceError: ``bad-pipeline`` with the file's name.
    """
    try:
        answer = current().client.post("/pipelines", {"text": text})
    except KfpError as error:
        if error.code in ("bad-pipeline", "bad-request"):
            raise KfpServiceError(
                "bad-pipeline", f"{where}: {error.message}", error.fix, error.detail
            ) from None
        raise
    payload = answer["payload"]
    return Compiled(str(payload["name"]), text, inputs_of_payload(payload), payload.get("sdk"))


def _on_service(session: Session, word: str, on: str | None) -> Compiled | None:
    name, _, version = word.partition("@")
    connection = session.target(on)
    base = f"/connections/{segment(connection)}/pipelines"
    page = session.client.get(base, {"page_size": 200, "namespace": session.option("ns")})
    rows = page.get("pipelines") or ()
    match = next(
        (row for row in rows if name in (row["name"], row["display_name"], row["pipeline_id"])), None
    )
    if match is None:
        return None
    versions = (
        session.client.get(f"{base}/{segment(match['pipeline_id'])}/versions", {"page_size": 100}).get(
            "versions"
        )
        or ()
    )
    if not versions:
        raise KfpUsageError("usage-target", f"{name} has no version on {connection}.")
    session.saw("versions", *(f"{name}@{v['display_name']}" for v in versions))
    chosen = versions[0]
    if version:
        names = [v["display_name"] for v in versions]
        same = [v for v in versions if version in (v["name"], v["display_name"], v["pipeline_version_id"])]
        if not same:
            raise KfpUsageError(
                "usage-target", f"{name} has no version {version} on {connection}.{suggest(version, names)}"
            )
        chosen = same[0]
    text = session.client.upstream(
        connection,
        "GET",
        f"/apis/v2beta1/pipelines/{segment(match['pipeline_id'])}/versions/{segment(chosen['pipeline_version_id'])}",
    )
    spec = text.get("pipeline_spec")
    if not spec:
        raise KfpServiceError("bad-pipeline", f"{name} on {connection} has no compiled text.")
    import json

    found = from_text(json.dumps(spec), word)
    return Compiled(
        match["display_name"] or found.name,
        found.text,
        found.inputs,
        found.sdk,
        version=(match["pipeline_id"], chosen["pipeline_version_id"]),
    )


def run(target: Any, namespace: Mapping[str, Any] | None = None, on: str | None = None) -> Handle:
    """Find a run: a handle, a variable with one, ``last``, an id, the beginning of an id, or the name of a
    known run.

    Raises:
        KfpUsageError: ``usage-target`` when none or several fit.
    """
    if isinstance(target, Handle):
        return target
    session = current()
    if not isinstance(target, str):
        raise KfpUsageError("usage-target", f"This is no run but {kind_of(target)}.")
    word = str(target)
    value = (namespace or {}).get(word)
    if isinstance(value, Handle):
        return value
    if word == "last":
        if session.last is not None:
            return session.last
        return _newest(session, on)
    if _UUID.fullmatch(word):
        return _by_id(session, word.lower(), on)
    known = [h for h in session.runs.values() if h._header.get("name") == word]
    if len(known) == 1:
        return known[0]
    if re.fullmatch(rf"[0-9a-f\-]{{{SHORTEST_ID},}}", word, re.IGNORECASE):
        return _by_prefix(session, word.lower(), on)
    if value is not None:
        raise KfpUsageError("usage-target", f"{clip(word, 60)} is no run but {kind_of(value)}.")
    handles = [n for n, v in (namespace or {}).items() if isinstance(v, Handle) and not n.startswith("_")]
    fix = f"An id needs {SHORTEST_ID} characters or more." if re.fullmatch(r"[0-9a-f\-]+", word) else None
    raise KfpUsageError(
        "usage-target", f"There is no run {clip(word, 60)}.{suggest(word, [*handles, 'last'])}", fix
    )


def _newest(session: Session, on: str | None) -> Handle:
    connection = session.target(on)
    rows = recent(session, connection, 1)
    if not rows:
        raise KfpUsageError("usage-target", f"There is no run on {connection} yet.")
    return Handle(rows[0]["run_id"], connection, rows[0])


def recent(session: Session, connection: str, count: int = 200) -> list[dict[str, Any]]:
    """The newest runs of a connection."""
    page = session.client.get(
        f"/connections/{segment(connection)}/runs",
        {"page_size": count, "sort_by": "created_at desc", "namespace": session.option("ns")},
    )
    rows: list[dict[str, Any]] = list(page.get("runs") or ())
    session.cache[f"runs:{connection}"] = [(row["run_id"], row["name"]) for row in rows]
    return rows


def _by_id(session: Session, identity: str, on: str | None) -> Handle:
    known = session.runs.get(identity)
    if known is not None and (on is None or on == known.connection):
        return known
    handle = Handle(identity, session.target(on))
    handle.view("header")
    return handle


def _by_prefix(session: Session, prefix: str, on: str | None) -> Handle:
    connection = session.target(on)
    found = {
        h.id: h
        for h in session.runs.values()
        if h.id.startswith(prefix) and (on is None or h.connection == on)
    }
    for row in recent(session, connection):
        if row["run_id"].startswith(prefix):
            found.setdefault(row["run_id"], Handle(row["run_id"], connection, row))
    if not found:
        raise KfpUsageError(
            "usage-target", f"No run on {connection} begins with {prefix}.", "See them: %kfp ls runs"
        )
    if len(found) > 1:
        listed = ", ".join(f"{h.id[:13]} ({h.name})" for h in list(found.values())[:5])
        raise KfpUsageError(
            "usage-target", f"{prefix} fits {len(found)} runs: {listed}.", "Type more of the id."
        )
    return next(iter(found.values()))


def runs(
    targets: Iterable[Any], namespace: Mapping[str, Any] | None = None, on: str | None = None
) -> list[Handle]:
    """Find several runs; a target may be a list of them."""
    found: list[Handle] = []
    for target in targets:
        value = (namespace or {}).get(target) if isinstance(target, str) else target
        if isinstance(value, (list, tuple, set)):
            found += [run(item, namespace, on) for item in value]
        else:
            found.append(run(target, namespace, on))
    if not found:
        raise KfpUsageError("usage-target", "No run was named.")
    return found


def thing(
    target: Any, namespace: Mapping[str, Any] | None = None, on: str | None = None
) -> Handle | Compiled:
    """Find what is to be compared: a run, a pipeline or a file.

    Raises:
        KfpUsageError: ``usage-target`` when there is neither.
    """
    if not isinstance(target, str):
        return target if isinstance(target, Handle) else pipeline(target, namespace, on)
    word = str(target)
    value = (namespace or {}).get(word)
    is_run = word == "last" or isinstance(value, Handle) or bool(_UUID.fullmatch(word))
    if is_run or (value is None and re.fullmatch(r"[0-9a-f]{6,}", word) and word not in current().drafts):
        return run(target, namespace, on)
    if any(handle._header.get("name") == word for handle in current().runs.values()):
        return run(target, namespace, on)
    return pipeline(target, namespace, on)


def task(
    target: Any, namespace: Mapping[str, Any] | None = None, on: str | None = None
) -> tuple[Handle, str | None, int]:
    """Find ``RUN[:TASK][#ATTEMPT]``.

    Returns:
        The run, the task's name or None, and the attempt from 0 (-1 = newest).
    """
    if not isinstance(target, str):
        from .tasks import Task

        if isinstance(target, Task):
            return target.run, target.path, -1
        return run(target, namespace, on), None, -1
    word, attempt = str(target), -1
    match = re.search(r"#(\d+)$", word)
    if match:
        attempt = int(match.group(1)) - 1
        word = word[: match.start()]
        if attempt < 0:
            raise KfpUsageError("usage-target", "Attempts count from #1.")
    left, _, name = word.partition(":")
    found = run(type(target)(left) if isinstance(target, Typed) else left, namespace, on)
    if not name:
        return found, None, attempt
    try:
        return found, found.tasks[name].path, attempt
    except KeyError as error:
        raise KfpUsageError("usage-target", str(error)) from None
