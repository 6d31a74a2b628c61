"""Compare two runs, pipelines or files."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from typing import Any

from .client import segment
from .compile import Compiled
from .handle import Handle
from .parameters import shown_value
from .session import current
from .text import Shown, table

#: Most that is shown of each part; the object holds all of it.
MOST_PARAMETERS = 30
MOST_COMPONENTS = 10
MOST_LINES = 40


@dataclass
class Side:
    """One of the two things that are compared."""

    label: str
    parameters: dict[str, Any]
    code: dict[str, str]
    text: str
    metrics: dict[str, Any] = field(default_factory=dict)


class Diff(Shown):
    """The difference of two runs, pipelines or files; parts that are equal are empty."""

    def __init__(self, left: Side, right: Side) -> None:
        self.left, self.right = left, right
        #: Parameters that differ: name to the two values, None where one side has none.
        self.parameters = _pairs(left.parameters, right.parameters)
        #: Components whose code differs: name to the lines of the difference.
        self.code = {
            name: _lines(left.code.get(name, ""), right.code.get(name, ""), left.label, right.label)
            for name in dict.fromkeys((*left.code, *right.code))
            if left.code.get(name) != right.code.get(name)
        }
        #: Lines of the difference of the compiled texts.
        self.compiled = _lines(left.text, right.text, left.label, right.label)
        #: Metrics of both: name to the two values.
        self.metrics = {
            name: (left.metrics.get(name), right.metrics.get(name))
            for name in dict.fromkeys((*left.metrics, *right.metrics))
        }

    @property
    def same(self) -> bool:
        """Whether parameters, code and compiled text are equal."""
        return not (self.parameters or self.code or self.compiled)

    def as_json(self) -> Any:
        """For ``--json``."""
        return {
            "left": self.left.label,
            "right": self.right.label,
            "same": self.same,
            "parameters": self.parameters,
            "code": self.code,
            "compiled": self.compiled,
            "metrics": self.metrics,
        }

    def as_text(self) -> str:
        """The parts, one after the other."""
        lines = [f"{self.left.label} → {self.right.label}"]
        lines.append("parameters: same" if not self.parameters else "parameters:")
        shown = [
            f"  {name}: {_shown(name, a)} → {_shown(name, b)}" for name, (a, b) in self.parameters.items()
        ]
        lines += _cut(shown, MOST_PARAMETERS, "parameters that differ", "  ")
        lines += self._code_lines()
        lines.append("compiled text: same" if not self.compiled else f"compiled text: {_size(self.compiled)}")
        lines += [f"  {line}" for line in _cut(self.compiled)]
        if self.metrics:
            lines.append("metrics:")
            rows = [
                (name, _shown(name, a), _shown(name, b), _change(a, b))
                for name, (a, b) in self.metrics.items()
            ]
            head = ("name", self.left.label, self.right.label, "change")
            lines += [f"  {line}" for line in table(head, rows).splitlines()]
        return "\n".join(lines)

    def _code_lines(self) -> list[str]:
        """What both have and differs, line by line; what one side lacks by its name alone."""
        if not self.code:
            return ["code: same"]
        lines = ["code:"]
        for side, other in ((self.left, self.right), (self.right, self.left)):
            alone = [name for name in side.code if name not in other.code]
            if alone:
                names = ", ".join(_cut(alone, MOST_COMPONENTS, "components"))
                lines.append(f"  only in {side.label}: {names}")
        both = [name for name in self.code if name in self.left.code and name in self.right.code]
        # Many components share the room of three.
        most = max(MOST_LINES // 4, 3 * MOST_LINES // max(3, min(len(both), MOST_COMPONENTS)))
        for name in both[:MOST_COMPONENTS]:
            lines.append(f"  {name}: {_size(self.code[name])}")
            lines += [f"    {line}" for line in _cut(self.code[name], most)]
        more = both[MOST_COMPONENTS:]
        return (
            [*lines, f"  … {len(more)} more components that differ: {', '.join(more)[:200]}"]
            if more
            else lines
        )


def compare(left: Handle | Compiled, right: Handle | Compiled, words: tuple[Any, Any] = (None, None)) -> Diff:
    """Compare two things; a run may be compared with a pipeline too.

    Args:
        words: How they were asked for, which tells things of one name apart.
    """
    sides = [_side(left), _side(right)]
    if sides[0].label == sides[1].label:
        for side, word in zip(sides, words, strict=True):
            side.label = str(word) if isinstance(word, str) else side.label
    if sides[0].label == sides[1].label:
        for side, mark in zip(sides, ("1", "2"), strict=True):
            side.label = f"{side.label} ({mark})"
    return Diff(sides[0], sides[1])


def _side(thing: Handle | Compiled) -> Side:
    client = current().client
    if isinstance(thing, Handle):
        source = client.get(f"{thing.path}/source")
        digest = source["digest"]
        values = thing.parameters
        metrics = {
            f"{task}.{name}": value for task, name, kind, value in thing.results.rows() if kind == "metric"
        }
        label = thing.name
    else:
        digest = client.post("/pipelines", {"text": thing.text})["digest"]
        values = {item.name: item.default for item in thing.inputs if item.has_default}
        metrics = {}
        label = thing.name
    kept = f"/pipelines/{segment(digest)}"
    # Formats differ between YAML and JSON, so it is the content that is compared.
    text = json.dumps(client.get(f"{kept}/spec"), indent=2, sort_keys=True, ensure_ascii=False)
    code = {
        component["key"].removeprefix("comp-"): component.get("source")
        or "\n".join([component["image"], *component.get("command", ())])
        for component in client.get(f"{kept}/code")["components"]
    }
    return Side(label, values, code, text, metrics)


def _pairs(left: dict[str, Any], right: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = dict.fromkeys((*left, *right))
    return {
        name: (left.get(name), right.get(name))
        for name in names
        if left.get(name) != right.get(name) or (name in left) != (name in right)
    }


def _lines(left: str, right: str, left_label: str, right_label: str) -> list[str]:
    if left == right:
        return []
    found = difflib.unified_diff(
        left.strip().splitlines(), right.strip().splitlines(), left_label, right_label, lineterm="", n=2
    )
    return list(found)


def _cut(lines: list[str], most: int = MOST_LINES, what: str = "lines", indent: str = "") -> list[str]:
    more = len(lines) - most
    return [*lines[:most], *([f"{indent}… {more} more {what}"] if more > 0 else [])]


def _size(changes: list[str]) -> str:
    """How much a difference is, before its lines: ``+3 −1 lines``."""
    marks = [line[:1] for line in changes[2:]]  # two lines name the sides
    return f"+{marks.count('+')} −{marks.count('-')} lines"


def _shown(name: str, value: Any) -> str:
    return "none" if value is None else shown_value(name, value)


def _change(a: Any, b: Any) -> str:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return "same" if a == b else f"{b - a:+.6g}"
    return "same" if a == b else ""
