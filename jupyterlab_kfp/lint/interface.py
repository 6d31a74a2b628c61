"""What components take and give, from their source or from the running kernel."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .definitions import Definition
from .resolve import Resolver, walk_own
from .scope import bound, parameters
from .signatures import named_fields, type_name

#: Parameter types as people write them, from the words of Python and of component files.
_PARAMETERS = {
    "int": "int",
    "integer": "int",
    "float": "float",
    "double": "float",
    "str": "str",
    "string": "str",
    "text": "str",
    "bool": "bool",
    "boolean": "bool",
    "list": "list",
    "jsonarray": "list",
    "dict": "dict",
    "jsonobject": "dict",
}
PARAMETER_TYPES = frozenset(_PARAMETERS.values())


@dataclass(frozen=True)
class Interface:
    """Inputs and outputs of a component with their types; None where a type is not known.

    ``known`` is False where not even the names are.
    """

    name: str
    inputs: Mapping[str, str | None]
    outputs: Mapping[str, str | None]
    known: bool = True


def interface_of(definition: Definition, resolver: Resolver) -> Interface:
    """Read the interface of a definition from its source."""
    if definition.kind == "old":
        return Interface(definition.name, {}, {}, known=False)
    inputs: dict[str, str | None] = {}
    outputs: dict[str, str | None] = {}
    for arg in parameters(definition.node):
        annotation = arg.annotation
        target, kind = inputs, None
        if isinstance(annotation, ast.Call):  # InputPath("String"), OutputPath(int)
            called = type_name(annotation.func, resolver)
            target = outputs if called == "OutputPath" else inputs
            kind = None if not annotation.args else _type(type_name(annotation.args[0], resolver))
        elif isinstance(annotation, ast.Subscript) and type_name(annotation.value, resolver) in (
            "Input",
            "Output",
        ):
            target = outputs if type_name(annotation.value, resolver) == "Output" else inputs
            kind = _artifact(type_name(annotation.slice, resolver))
        elif annotation is not None:
            name = type_name(annotation, resolver)
            if name == "OutputPath":
                target = outputs
            elif name in ("PipelineTaskFinalStatus", "TaskConfig", "EmbeddedInput"):
                continue
            kind = _type(name)
            if kind == "list" and "Artifact" not in ast.unparse(annotation) and _holds_artifacts(annotation):
                kind = None
        target[arg.arg] = kind
    returns = definition.node.returns
    if definition.kind != "container" and returns is not None and not _is_nothing(returns):
        fields = named_fields(returns, resolver)
        if fields is not None:
            outputs.update(dict.fromkeys(fields))
            outputs.update(_field_types(returns, resolver))
        else:
            outputs["Output"] = _type(type_name(returns, resolver))
    return Interface(definition.name, inputs, outputs)


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _holds_artifacts(annotation: ast.expr) -> bool:
    inner = annotation.slice if isinstance(annotation, ast.Subscript) else None
    name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", None)
    return name is not None and name.lower() not in _PARAMETERS and name not in ("Any", "Dict", "List")


def _field_types(annotation: ast.expr, resolver: Resolver) -> dict[str, str | None]:
    if not isinstance(annotation, ast.Call) or len(annotation.args) < 2:
        return {}
    listed = annotation.args[1]
    found: dict[str, str | None] = {}
    for item in listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else ():
        if isinstance(item, ast.Tuple) and len(item.elts) == 2 and isinstance(item.elts[0], ast.Constant):
            found[str(item.elts[0].value)] = _type(type_name(item.elts[1], resolver))
    return found


def _type(name: str | None) -> str | None:
    return _PARAMETERS.get(name.lower()) if name else None


def _artifact(name: str | None) -> str | None:
    return None if name in (None, "List", "list") else f"system.{name}"


def interface_of_value(value: Any, name: str) -> Interface | None:
    """Read the interface of a component of the running kernel; None when it is something else."""
    spec = getattr(value, "component_spec", None)
    if spec is None or not type(value).__module__.startswith("kfp."):
        return None
    inputs = {key: _spec_type(item) for key, item in (spec.inputs or {}).items()}
    outputs = {key: _spec_type(item) for key, item in (spec.outputs or {}).items()}
    return Interface(name, inputs, outputs)


def _spec_type(item: Any) -> str | None:
    if getattr(item, "is_artifact_list", False):
        return None
    text = str(getattr(item, "type", "") or "")
    return _type(text) or (text.split("@")[0] if text.startswith("system.") else None)


def visible(definition: Definition, listed: list[Definition], resolver: Resolver) -> dict[str, Interface]:
    """Interfaces of the components that a definition can call, by the name they are called by.

    Inside of functions a name means what the nearest function makes of it.
    """
    found = _level(resolver.code.tree, [d for d in listed if not d.outer], resolver)
    for function in (*definition.outer, definition.node):
        here = [d for d in listed if d.outer and d.outer[-1] is function]
        for name in {arg.arg for arg in parameters(function)} | bound(function.body):
            found.pop(name, None)
        found.update(_level(function, here, resolver))
    return found


def _level(scope: ast.AST, listed: list[Definition], resolver: Resolver) -> dict[str, Interface]:
    """Components that one scope defines; ``op = dsl.component(function)`` names the component, not the function."""
    found = {d.name: interface_of(d, resolver) for d in listed}
    called = {id(d.call): d for d in listed if d.call is not None and d.call not in d.node.decorator_list}
    for node in walk_own(scope) if called else ():
        if (
            isinstance(node, ast.Assign)
            and id(node.value) in called
            and isinstance(node.targets[0], ast.Name)
        ):
            made = called[id(node.value)]
            found.pop(made.name, None)
            found[node.targets[0].id] = interface_of(made, resolver)
    return found
