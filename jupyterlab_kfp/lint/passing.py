"""What goes into components and is asked of tasks: KFP205 to KFP208."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from .finding import Finding, Fix
from .interface import PARAMETER_TYPES, Interface
from .values import Tracker

Find = Callable[..., Finding]


def check_call(node: ast.Call, component: Interface, tracker: Tracker, find: Find) -> Iterator[Finding]:
    """Check a call of a component."""
    if node.args and not any(isinstance(argument, ast.Starred) for argument in node.args):
        if not tracker.resolver.v1:
            yield _positional(node, component, tracker, find)
        return
    for keyword in node.keywords:
        if keyword.arg is not None:
            yield from _argument(keyword.arg, keyword.value, component, tracker, find)


def _positional(node: ast.Call, component: Interface, tracker: Tracker, find: Find) -> Finding:
    code = tracker.resolver.code
    named = {k.arg for k in node.keywords}
    names = [name for name in component.inputs if name not in named]
    shown, edits = [], []
    for index, argument in enumerate(node.args):
        name = names[index] if index < len(names) else "…"
        shown.append(f"{name}={code.segment(argument)[:40]}")
        edits.append(code.insert(argument.lineno, argument.col_offset, f"{name}="))
    shown += [f"{k.arg}={code.segment(k.value)[:40]}" for k in node.keywords if k.arg]
    fix = Fix("Write the names", tuple(edits)) if len(node.args) <= len(names) else None
    return find(
        "KFP205",
        f"Call components with names: {code.segment(node.func)}({', '.join(shown)}).",
        node,
        fix,
    )


def _argument(
    name: str, node: ast.expr, component: Interface, tracker: Tracker, find: Find
) -> Iterator[Finding]:
    code, value = tracker.resolver.code, tracker.value(node)
    if value is not None and value.kind == "task":
        shown = code.segment(node)[:60]
        noun = node.id if isinstance(node, ast.Name) else value.label
        outputs = list(value.interface.outputs) if value.interface else []
        if len(outputs) == 1 or value.interface is None:
            fix = Fix(
                f"Write {shown}.output",
                (code.insert(node.end_lineno or 0, node.end_col_offset or 0, ".output"),),
            )
            yield find("KFP207", f'"{noun}" is a task. Use {shown}.output.', node, fix)
        elif outputs:
            listed = ", ".join(f'{shown}.outputs["{output}"]' for output in outputs)
            yield find("KFP207", f'"{noun}" is a task. Use one of {listed}.', node)
        else:
            yield find("KFP207", f'"{noun}" is a task and has no output.', node)
        return
    expected = component.inputs.get(name)
    if expected is None:
        return
    given, label = (value.type, value.label) if value is not None else _constant(node, code)
    if value is not None and (value.kind == "item" or not value.is_late or value.kind == "condition"):
        return
    if given is None or _fits(given, expected, value is None):
        return
    yield find(
        "KFP206",
        f"{label} is {_shown(given)}, {component.name}.{name} is {_shown(expected)}."
        " Change one, or convert in a component.",
        node,
    )


def _constant(node: ast.expr, code: Any) -> tuple[str | None, str]:
    """Type and text of a constant."""
    if isinstance(node, ast.JoinedStr):
        return "str", code.segment(node)[:60]
    if isinstance(node, ast.Constant):
        kind = type(node.value).__name__
        return (kind if kind in PARAMETER_TYPES else None), code.segment(node)[:60]
    if isinstance(node, ast.List):
        return "list", code.segment(node)[:60]
    if isinstance(node, ast.Dict):
        return "dict", code.segment(node)[:60]
    return None, ""


def _fits(given: str, expected: str, constant: bool) -> bool:
    """Tell whether kfp takes one type for another (``kfp/dsl/types/type_utils.py``)."""
    if given == expected:
        return True
    if given in PARAMETER_TYPES and expected in PARAMETER_TYPES:
        # Numbers written into the pipeline are converted; a task's result is not.
        return constant and given in ("int", "bool") and expected in ("int", "float", "bool")
    if given in PARAMETER_TYPES or expected in PARAMETER_TYPES:
        return False
    return "system.Artifact" in (given, expected)


def _shown(kind: str) -> str:
    return kind.removeprefix("system.")


def check_output(node: ast.Attribute | ast.Subscript, tracker: Tracker, find: Find) -> Iterator[Finding]:
    """Check that a task has the output that it is asked for."""
    base = tracker.value(node.value)
    if base is None or base.interface is None:
        return
    outputs = base.interface.outputs
    listed = ", ".join(outputs) or "none"
    if isinstance(node, ast.Subscript):
        if base.kind != "outputs" or not isinstance(node.slice, ast.Constant):
            return
        name = node.slice.value
        if isinstance(name, str) and name not in outputs:
            fix = None
            if len(outputs) == 1:
                only = next(iter(outputs))
                quote = tracker.resolver.code.segment(node.slice)[-1:] or '"'
                fix = Fix(
                    f'Write "{only}"', (tracker.resolver.code.replace(node.slice, f"{quote}{only}{quote}"),)
                )
            yield find("KFP208", f'{base.label} has no output "{name}". It has: {listed}.', node.slice, fix)
    elif base.kind == "task" and node.attr == "output" and len(outputs) != 1:
        if outputs:
            message = f'{base.label} has {len(outputs)} outputs. Use outputs["…"] with one of: {listed}.'
        else:
            message = f"{base.label} has no output."
        yield find("KFP208", message, node)
