"""Find the functions that a pipeline is made of."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any, cast

from ..compile import is_component


def function_of(component: Any) -> FunctionType | None:
    """The Python function behind a component or a pipeline; None for those made of YAML."""
    for name in ("pipeline_func", "python_func"):
        function = getattr(component, name, None)
        if isinstance(function, FunctionType):
            return function
    return None


def definitions_of(pipeline: Any) -> list[tuple[FunctionType, str]]:
    """The function of a pipeline and those of all components and sub-pipelines it names, in the order
    they are met, each with its kind: ``pipeline``, ``component`` or ``container``.
    """
    found: list[tuple[FunctionType, str]] = []
    waiting = [pipeline]
    seen: set[int] = set()
    while waiting:
        component = waiting.pop(0)
        function: FunctionType | None = function_of(component)
        if function is None or id(function) in seen:
            continue
        seen.add(id(function))
        found.append((function, _kind(component)))
        if getattr(component, "pipeline_func", None) is function:
            waiting += [value for value in _referenced(cast(FunctionType, function)) if is_component(value)]
    return found


def _kind(component: Any) -> str:
    name = type(component).__name__
    return {"GraphComponent": "pipeline", "PythonComponent": "component"}.get(name, "container")


def _referenced(function: FunctionType) -> Iterator[Any]:
    """Values of the names that a function uses, of its closure too."""
    for name in _names(function.__code__):
        if name in function.__globals__:
            yield function.__globals__[name]
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue  # a name that is not bound yet


def _names(code: CodeType) -> list[str]:
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names += _names(constant)
    return names
