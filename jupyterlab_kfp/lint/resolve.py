"""Tell what the names of a source stand for: modules, names of kfp, components."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from .code import Code
from .scope import Function

#: What `kfp.dsl` is called where nothing says otherwise: a cell that was not executed yet.
_USUAL = {"dsl": "kfp.dsl", "kfp": "kfp", "components": "kfp.components", "compiler": "kfp.compiler"}


class Resolver:
    """Looks names up in a source and in the namespace of the notebook."""

    def __init__(self, code: Code, namespace: Mapping[str, Any]) -> None:
        self.code = code
        self.namespace = namespace
        #: Import statements by the name they bind, anywhere outside of components.
        self.imports: dict[str, tuple[ast.Import | ast.ImportFrom, ast.alias]] = {}
        #: Modules that are imported with a star.
        self.stars: list[str] = []
        #: Functions and classes of the top level.
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        #: Other names that the top level binds.
        self.assigned: dict[str, ast.AST] = {}
        self._read(code.tree)

    def _read(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                self._read_import(child)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions[child.name] = child
            elif isinstance(child, ast.ClassDef):
                self.classes[child.name] = child
            elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                self.assigned[child.id] = node
            elif isinstance(child, ast.ExceptHandler) and child.name:
                self.assigned[child.name] = child
                self._read(child)
            elif not isinstance(child, ast.Lambda):
                self._read(child)

    def _read_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(str(getattr(node, "module", "") or ""))
            else:
                self.imports[alias.asname or alias.name.split(".")[0]] = (node, alias)

    def dotted(self, node: ast.expr) -> str | None:
        """Full name of an expression such as ``dsl.component``; None when it is no path of names."""
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return None if base is None else f"{base}.{node.attr}"
        return self._root(node.id) if isinstance(node, ast.Name) else None

    def _root(self, name: str) -> str | None:
        if name in self.imports:
            node, alias = self.imports[name]
            if isinstance(node, ast.ImportFrom):
                return f"{node.module or ''}.{alias.name}"
            return alias.name if alias.asname else alias.name.split(".")[0]
        if name in self.functions or name in self.classes or name in self.assigned:
            return None
        if name in self.namespace:
            return _name_of(self.namespace[name])
        if name in _USUAL:
            return _USUAL[name]
        if any(star.split(".")[0] == "kfp" for star in self.stars) and name in STAR_NAMES:
            return f"kfp.dsl.{name}"
        return None

    def kfp(self, node: ast.expr) -> str | None:
        """Last part of a name of kfp: ``component`` for ``dsl.component``; None for anything else."""
        path = self.dotted(node)
        if path is None or path.split(".")[0] not in ("kfp", "kfp_v2"):
            return None
        return path.rsplit(".", 1)[-1]

    @property
    def v1(self) -> bool:
        """Tell whether names of kfp 1.8 work here: by the compatibility layer, or because it is kfp 1.8."""
        layer = sys.modules.get("jupyterlab_kfp.v1")
        if layer is not None and bool(getattr(layer, "is_on", lambda: False)()):
            return True
        version = str(getattr(sys.modules.get("kfp"), "__version__", "2"))
        return version.split(".")[0] in ("0", "1")

    def literal(self, node: ast.expr | None) -> Any:
        """Value of a constant, or of a variable of the notebook that holds one; None when it is unknown."""
        if node is None:
            return None
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            pass
        if isinstance(node, ast.Name):
            source = self.assigned.get(node.id)
            if isinstance(source, (ast.Assign, ast.AnnAssign)) and source.value is not None:
                try:
                    return ast.literal_eval(source.value)
                except (ValueError, TypeError, SyntaxError):
                    return None
            value = self.namespace.get(node.id) if source is None else None
            if isinstance(value, (str, int, float, list, tuple, dict)):
                return value
        return None


STAR_NAMES = frozenset(
    (
        "component",
        "container_component",
        "notebook_component",
        "pipeline",
        "importer",
        "If",
        "Elif",
        "Else",
        "Condition",
        "ParallelFor",
        "ExitHandler",
        "Collected",
        "OneOf",
        "ContainerSpec",
    )
)


def _name_of(value: Any) -> str | None:
    if isinstance(value, ModuleType):
        return value.__name__
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None)
    return f"{module}.{name}" if isinstance(module, str) and isinstance(name, str) else None


def walk_own(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those below it, without the insides of functions and classes."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from walk_own(child)
