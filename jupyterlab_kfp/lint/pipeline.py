"""Check a compiled pipeline: the sources of what it is made of, and its text through the gateway."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from ..cells import digest
from ..session import current
from .check import check_definitions
from .finding import Finding, Findings, arrange
from .ignored import ignored, ignored_at
from .loop_places import loops_of
from .origins import Origin, origins_of
from .rules import SEVERITY

if TYPE_CHECKING:
    from ..compile import Compiled

_LEVELS = {word: level for level, word in SEVERITY.items()}


def check_compiled(
    compiled: Compiled, target: str | None = None, run: bool = False
) -> tuple[Findings, Mapping[str, Any]]:
    """Check the sources of a pipeline and its text.

    Returns:
        All findings, and the gateway's description of the pipeline with them in it; empty where there is no
        text, which is the case for a version on a service.
    """
    found: list[Finding] = []
    origins = list(origins_of(compiled.source)) if compiled.source is not None else []
    hidden = ignored()
    for origin in origins:
        found += check_definitions(origin.resolver, origin.definitions, origin.functions, hidden)
    if compiled.version is not None and not compiled.text:
        return arrange(found), {}
    from ..submit import cell_reference

    optional = {
        "sdk": compiled.sdk,
        "cell": cell_reference(compiled),
        "order": [each.name for each in compiled.inputs] or None,
        "lint": [finding.wire(compiled.cell) for finding in arrange(found)][:500] or None,
    }
    answer = current().client.post(
        "/pipelines",
        {
            "text": compiled.text,
            "check": _context(compiled, origins, target, run),
            **{key: value for key, value in optional.items() if value is not None},
        },
    )
    of_text = [_from_wire(raw) for raw in answer.get("findings") or ()]
    _remember(of_text, origins)
    return arrange([*found, *of_text]), answer


def _remember(findings: list[Finding], origins: list[Origin]) -> None:
    """Note for each cell what its pipeline's text has shown, for marks in the editor."""
    session = current()
    for origin in origins:
        if origin.code.cell is not None:
            session.text_findings[digest(origin.code.cell.source)] = [
                replace(finding, where="")
                for finding in findings
                if finding.definition in origin.functions and finding.where == origin.code.where
            ]


def _context(compiled: Compiled, origins: list[Origin], target: str | None, run: bool) -> dict[str, Any]:
    """What the text does not say (``CheckContext`` of the model)."""
    context: dict[str, Any] = {
        "run": run,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "places": _places(compiled, origins),
    }
    if target:
        context["target"] = "local" if target == "local" else "cluster"
    oldest = _oldest_python()
    if oldest:
        context["oldestPython"] = oldest
    if ignored():
        context["ignore"] = sorted(ignored())
    return context


def _places(compiled: Compiled, origins: list[Origin]) -> dict[str, Any]:
    """Where the components of a pipeline are defined, by the names that the SDK gives them, and its loops by those
    of their items.
    """
    from .sources import function_of

    places: dict[str, Any] = {}
    root = getattr(function_of(compiled.source), "__name__", None)
    for origin in origins:
        code = origin.code
        for definition in origin.definitions:
            if definition.name not in origin.functions:
                continue
            node, column = definition.node, code.column(definition.node.lineno, definition.node.col_offset)
            start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            place: dict[str, Any] = {
                "line": node.lineno,
                "end_line": node.lineno,
                "column": column,
                "end_column": len(code.line(node.lineno)),
                "definition": definition.name,
            }
            if code.where:
                place["where"] = code.where
            if code.cell is not None and code.cell != compiled.cell:
                place["cell"] = code.cell.reference()
            silenced = ignored_at(code, range(start, node.lineno + 1))
            if silenced:
                place["ignore"] = silenced
            places[re.sub(r"[^a-z0-9]+", "-", definition.name.lower()).strip("-")] = place
            if definition.name == root:
                places[""] = place
            if definition.kind == "pipeline":
                for name, call in loops_of(definition, origin.resolver):
                    silent = ignored_at(code, range(call.lineno, (call.end_lineno or call.lineno) + 1))
                    places.setdefault(
                        f"loop {name}",
                        {
                            **place,
                            "line": call.lineno,
                            "end_line": call.end_lineno,
                            "column": code.column(call.lineno, call.col_offset),
                            "end_column": code.column(
                                call.end_lineno or call.lineno, call.end_col_offset or 0
                            ),
                            **({"ignore": [*silenced, *silent]} if silenced or silent else {}),
                        },
                    )
    return places


def _from_wire(raw: Mapping[str, Any]) -> Finding:
    return Finding(
        str(raw["rule"]),
        _LEVELS[str(raw["severity"])],
        str(raw["message"]),
        raw.get("line"),
        raw.get("end_line"),
        raw.get("column"),
        raw.get("end_column"),
        None,
        str(raw.get("where") or ""),
        raw.get("definition"),
    )


@cache
def _oldest_python() -> str | None:
    """Oldest Python of the kernel's ``kfp``."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        known = metadata("kfp")
    except PackageNotFoundError:
        return None
    text = known["Requires-Python"] if "Requires-Python" in known else ""
    match = re.search(r">=\s*(\d+\.\d+)", text)
    return match.group(1) if match else None
