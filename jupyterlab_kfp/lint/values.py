"""Follow which expressions of a pipeline stand for values that exist only when it runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from .interface import Interface, interface_of_value
from .resolve import Resolver

#: Methods of a task that give the task back.
_FLUENT = ("set_", "add_", "after", "ignore_upstream_failure", "with_", "apply")
#: What kfp offers that gives a value.
_MAKE_VALUES = frozenset(("Collected", "OneOf"))


@dataclass(frozen=True)
class Value:
    """What an expression stands for.

    Attributes:
        kind: ``param``, ``output``, ``item``, ``condition``, ``task`` or ``outputs``.
        type: Type of a parameter or artifact, where it is known.
        label: How messages call it.
        interface: Of the component of a task.
    """

    kind: str
    label: str = ""
    type: str | None = None
    interface: Interface | None = None

    @property
    def is_late(self) -> bool:
        """Tell whether it is a value that exists only when the pipeline runs."""
        return self.kind in ("param", "output", "item", "condition")


class Tracker:
    """Knows what names stand for while a pipeline's body is read from top to bottom."""

    def __init__(self, resolver: Resolver, components: Mapping[str, Interface]) -> None:
        self.resolver = resolver
        self.components = components
        self.names: dict[str, Value] = {}

    def late(self, node: ast.expr | None) -> bool:
        """Tell whether an expression is a value that exists only when the pipeline runs."""
        value = self.value(node)
        return value is not None and value.is_late

    def value(self, node: ast.expr | None) -> Value | None:
        """What an expression stands for; None when it is ordinary Python or unknown."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Compare):
            plain = not any(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in node.ops)
            if plain and any(self.late(side) for side in (node.left, *node.comparators)):
                return Value("condition")
        if isinstance(node, ast.BoolOp) and any(self.late(side) for side in node.values):
            return Value("condition")
        if isinstance(node, ast.NamedExpr):
            return self.value(node.value)
        if isinstance(node, ast.IfExp):
            first, second = self.value(node.body), self.value(node.orelse)
            return first if first == second else None
        return None

    def component(self, function: ast.expr) -> Interface | None:
        """The component that a call calls."""
        if isinstance(function, ast.Name):
            if function.id in self.components:
                return self.components[function.id]
            if function.id in self.names:
                return None
            value = self.resolver.namespace.get(function.id)
            own = self.resolver
            if function.id in own.functions or function.id in own.classes or function.id in own.imports:
                return None
            return None if value is None else interface_of_value(value, function.id)
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            module = self.resolver.namespace.get(function.value.id)
            value = getattr(module, "__dict__", {}).get(function.attr) if module is not None else None
            return None if value is None else interface_of_value(value, function.attr)
        return None

    def _attribute(self, node: ast.Attribute) -> Value | None:
        base = self.value(node.value)
        if base is None:
            return None
        if base.kind == "item":
            return Value("item", f"{base.label}.{node.attr}")
        if base.kind != "task":
            return None
        if node.attr == "outputs":
            return Value("outputs", base.label, interface=base.interface)
        if node.attr == "output":
            outputs = base.interface.outputs if base.interface else {}
            if len(outputs) == 1:
                ((name, kind),) = outputs.items()
                return Value("output", f"{base.label}.{name}", kind)
            return Value("output", base.label)
        return None

    def _subscript(self, node: ast.Subscript) -> Value | None:
        base = self.value(node.value)
        if base is None:
            return None
        if base.kind == "item":
            return Value("item", base.label)
        if base.kind == "outputs" and isinstance(node.slice, ast.Constant):
            name = str(node.slice.value)
            kind = base.interface.outputs.get(name) if base.interface else None
            return Value("output", f"{base.label}.{name}", kind)
        return None

    def _call(self, node: ast.Call) -> Value | None:
        made = self.component(node.func)
        if made is not None:
            return Value("task", made.name, interface=made if made.known else None)
        known = self.resolver.kfp(node.func)
        if known == "importer":
            return Value("task", "importer")
        if known in _MAKE_VALUES:
            return Value("output", known or "")
        if isinstance(node.func, ast.Attribute) and node.func.attr.startswith(_FLUENT):
            base = self.value(node.func.value)
            if base is not None and base.kind == "task":
                return base
        path = self.resolver.dotted(node.func) or ""
        if path.startswith("kfp.kubernetes.") and node.args:
            return self.value(node.args[0])  # these give the task back
        return None

    def bind(self, target: ast.expr, value: Value | None) -> None:
        """Note what a name stands for from here on."""
        if isinstance(target, ast.Name):
            if value is None:
                self.names.pop(target.id, None)
            else:
                self.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self.bind(item, None)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)

    def merge(self, branches: list[dict[str, Value]]) -> None:
        """Go on after a branch of Python: only what is the same on every way is known."""
        first, *others = branches
        self.names = {
            name: value for name, value in first.items() if all(other.get(name) == value for other in others)
        }
