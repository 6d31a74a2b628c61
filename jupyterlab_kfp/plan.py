"""Plans: what a run would do, told by the gateway. Nothing is sent to any service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .client import segment
from .compile import Compiled
from .errors import clip
from .lint import check_pipeline, count_text
from .parameters import shown_value
from .secret import MASK, secret_name
from .session import current
from .submit import Options, request
from .text import Shown


class Plan(Shown):
    """What a run would do. ``rows`` are pairs of a word and its text, in the order they are shown."""

    def __init__(self, answer: Mapping[str, Any], compiled: Compiled, findings: Sequence[Any] = ()) -> None:
        self._answer = answer
        self._compiled = compiled
        self._findings = tuple(findings)
        self.rows = _rows(answer, compiled, self._findings)

    @property
    def title(self) -> str:
        """The first line."""
        return f"Plan for {self._answer['pipeline']['name']}: nothing was sent"

    @property
    def refusals(self) -> list[str]:
        """Sentences that would refuse the run."""
        return list(self._answer.get("refusals") or ())

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The tasks as the wire has them (``PlannedTask``)."""
        return [dict(task) for task in self._answer.get("tasks") or ()]

    def as_json(self) -> Any:
        """For ``--json``: as the wire has it (``PlanAnswer``), and what the checks found."""
        return {**self._answer, "checks": [str(finding) for finding in self._findings]}

    def as_text(self) -> str:
        """The table as text."""
        width = max(len(word) for word, _ in self.rows) + 2
        gap = "\n" + " " * width
        return "\n".join(
            [self.title, *(f"{word:<{width}}{text.replace(chr(10), gap)}" for word, text in self.rows)]
        )

    def as_html(self) -> str | None:
        """The table as HTML; everything is escaped."""
        import html

        rows = "".join(
            f'<tr><th style="text-align:left;vertical-align:top">{html.escape(word)}</th>'
            f'<td style="text-align:left;white-space:pre-wrap">{html.escape(text)}</td></tr>'
            for word, text in self.rows
        )
        return f"<strong>{html.escape(self.title)}</strong><table><tbody>{rows}</tbody></table>"


def plan_of(compiled: Compiled, values: Mapping[str, Any], options: Options) -> Plan:
    """Ask the gateway what a run would do.

    Raises:
        KfpUsageError: ``bad-param``, as the run would raise it.
    """
    session = current()
    body = request(compiled, values, options)
    del body["idempotency_key"]
    connection = session.target(options.on)
    answer = session.client.post(f"/connections/{segment(connection)}/plan", body)
    return Plan(answer, compiled, check_pipeline(compiled, connection, run=True) if options.lint else ())


def _rows(
    answer: Mapping[str, Any], compiled: Compiled, findings: Sequence[Any]
) -> tuple[tuple[str, str], ...]:
    tasks = list(answer.get("tasks") or ())
    found = [
        ("target", _target(answer)),
        ("pipeline", _pipeline(answer, compiled, tasks)),
        ("parameters", _gap(_parameter(item) for item in _ordered(answer, compiled)) or "none"),
        ("images", _grouped(tasks, lambda task: [task["image"]] if task.get("image") else [])),
        ("packages", _grouped(tasks, lambda task: task.get("packages") or [])),
        (
            "resources",
            _gap(f"{task['path']}: {task['resources']}" for task in tasks if task.get("resources")),
        ),
        ("secrets", _grouped(tasks, lambda task: task.get("secrets") or [])),
        ("cache", _cache(tasks)),
        ("isolation", _grouped(tasks, lambda task: [task["isolation"]] if task.get("isolation") else [])),
        ("checks", _checks(findings)),
        ("warnings", "\n".join(answer.get("warnings") or ())),
        ("refused", "\n".join(answer.get("refusals") or ())),
    ]
    always = ("target", "pipeline", "parameters")
    return tuple((word, text) for word, text in found if text or word in always)


def _target(answer: Mapping[str, Any]) -> str:
    info = answer["target"]
    where = info["ref"]["profile"]
    namespace = answer.get("namespace") or info["ref"].get("namespace")
    parts = [f"{where} / {namespace}" if namespace else where]
    if info.get("kfp_version") and where != "local":
        parts.append(f"KFP {info['kfp_version']}")
    parts.append(f"experiment {answer['experiment']}")
    return ", ".join(parts)


def _pipeline(answer: Mapping[str, Any], compiled: Compiled, tasks: Sequence[Any]) -> str:
    payload = answer["pipeline"]
    size = int(payload.get("size") or 0)
    digest = str(payload.get("ir_digest") or compiled.digest).partition(":")[2][:8]
    sdk = payload.get("sdk") or compiled.sdk
    parts = [
        f"IR {digest}",
        f"{size} B" if size < 1024 else f"{round(size / 1024)} KB",
        *([sdk] if sdk else []),
        f"{len(tasks)} task{'' if len(tasks) == 1 else 's'}",
    ]
    text = ", ".join(parts)
    last = answer.get("last_run")
    if last is None:
        return text
    words = (("changed", "changed"), ("added", "new"), ("removed", "removed"))
    changes = [f"{', '.join(last[key])} {word}" for key, word in words if last.get(key)]
    return f"{text}; since last run: {', '.join(changes) or 'no change'}"


def _ordered(answer: Mapping[str, Any], compiled: Compiled) -> list[Any]:
    """Parameters in the order of the signature, which a compiled pipeline has lost."""
    order = {item.name: index for index, item in enumerate(compiled.inputs)}
    return sorted(answer.get("parameters") or (), key=lambda item: order.get(item["name"], len(order)))


def _parameter(item: Mapping[str, Any]) -> str:
    if "json" not in item and (item["origin"] == "given" or secret_name(item["name"])):
        # The gateway keeps values of secret-looking names to itself.
        return f"{item['name']} = {MASK} ({item['origin']})"
    value = json.loads(item["json"]) if "json" in item else None
    shown = item["json"] if isinstance(value, str) and not value else shown_value(item["name"], value)
    return f"{item['name']} = {shown} ({item['origin']})"


def _gap(parts: Any) -> str:
    return "   ".join(parts)


def _grouped(tasks: Sequence[Mapping[str, Any]], read: Any) -> str:
    """Group tasks by a value they share: ``python:3.12 (load, clean)   alpine (fetch)``."""
    groups: dict[str, list[str]] = {}
    for task in tasks:
        for value in read(task):
            groups.setdefault(str(value), []).append(str(task["path"]))
    return _gap(f"{clip(value)} ({', '.join(paths)})" for value, paths in groups.items())


def _cache(tasks: Sequence[Mapping[str, Any]]) -> str:
    groups: dict[str, list[str]] = {}
    for task in tasks:
        source = task.get("cached_from")
        word = f"{task['cache']}, run {str(source)[:6]}" if source else str(task["cache"])
        if word == "unknown":
            word = "known when its inputs are"
        groups.setdefault(word, []).append(str(task["path"]))
    return _gap(f"{', '.join(paths)}: {word}" for word, paths in groups.items())


def _checks(findings: Sequence[Any]) -> str:
    if not findings:
        return ""
    count = count_text(findings)
    return f"{count}: {findings[0]}" if len(findings) == 1 else "\n".join([count, *map(str, findings)])
