"""Names of kfp 1.8 and of early kfp 2: KFP401 to KFP403, KFP405."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .definitions import KINDS
from .finding import Finding, Fix
from .resolve import Resolver

#: Names that kfp 2 does not have, each with what to use.
_GONE = {
    "create_component_from_func": "@dsl.component",
    "func_to_container_op": "@dsl.component",
    "ContainerOp": "@dsl.container_component",
    "VolumeOp": "kfp.kubernetes.CreatePVC",
    "ResourceOp": "a component",
    "VolumeSnapshotOp": "a component",
    "build_python_component": "@dsl.component(target_image=…)",
    "run_pipeline_func_on_cluster": "kfp.Client()",
}
#: Methods of tasks that kfp 2 does not have.
_METHODS = {
    "add_pvolumes": "kfp.kubernetes.mount_pvc",
    "add_env_variable": "set_env_variable",
    "set_image_pull_policy": "kfp.kubernetes.set_image_pull_policy",
    "add_volume": "kfp.kubernetes.mount_pvc",
    "add_volume_mount": "kfp.kubernetes.mount_pvc",
}
_ARCHIVES = (".zip", ".tar.gz", ".tgz")


def check_old(resolver: Resolver) -> Iterator[Finding]:
    """Check a source for what kfp 2 lacks."""
    code, v1 = resolver.code, resolver.v1
    for node in ast.walk(code.tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _import(node, resolver)
        elif isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Load):
            name = resolver.kfp(node)
            path = resolver.dotted(node) or ""
            if (
                name in _GONE
                and not v1
                and re.match(r"kfp\.(?:(?:dsl|components|compiler|v2\.dsl|v2\.components)\.)?\w+$", path)
            ):
                yield code.find("KFP401", _gone(name, _GONE[name]), node)
            elif name == "Condition" and not v1:
                fix = Fix("Write dsl.If", (code.replace(node, _instead(node)),))
                yield code.find("KFP402", "Use dsl.If.", node, fix=fix if "." in code.segment(node) else None)
        elif isinstance(node, ast.Call):
            yield from _call(node, resolver, v1)
    yield from _same_files(resolver)


def _gone(name: str, instead: str) -> str:
    return f"kfp 2 has no {name}. Use {instead}, or %kfp v1 on."


def _instead(node: ast.expr) -> str:
    return f"{ast.unparse(node.value)}.If" if isinstance(node, ast.Attribute) else "dsl.If"


def _import(node: ast.Import | ast.ImportFrom, resolver: Resolver) -> Iterator[Finding]:
    code = resolver.code
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
    if any(module == "kfp.v2" or module.startswith("kfp.v2.") for module in modules) or (
        modules == ["kfp"] and isinstance(node, ast.ImportFrom) and any(a.name == "v2" for a in node.names)
    ):
        yield code.find("KFP402", "Import from kfp: kfp.v2 is its old name.", node)
    elif isinstance(node, ast.ImportFrom) and modules[0].split(".")[0] == "kfp" and not resolver.v1:
        for alias in node.names:
            if alias.name in _GONE:
                yield code.find("KFP401", _gone(alias.name, _GONE[alias.name]), node)


def _call(node: ast.Call, resolver: Resolver, v1: bool) -> Iterator[Finding]:
    code, function = resolver.code, node.func
    if not isinstance(function, ast.Attribute):
        return
    if function.attr in ("add_pvolumes", "add_env_variable") and not v1:
        if _speaks_kfp(resolver):
            yield code.find("KFP401", _gone(function.attr, _METHODS[function.attr]), function)
    elif function.attr == "compile" and not v1 and _is_compiler(function.value, resolver):
        package = next((k.value for k in node.keywords if k.arg == "package_path"), None) or (
            node.args[1] if len(node.args) > 1 else None
        )
        path = resolver.literal(package)
        if isinstance(path, str) and path.lower().endswith(_ARCHIVES) and package is not None:
            yield code.find(
                "KFP403",
                f"kfp 2 writes .yaml only. %kfp compile --out {path} makes the archive.",
                package,
            )


def _speaks_kfp(resolver: Resolver) -> bool:
    return any(
        name in ("kfp", "dsl") or (resolver.dotted(ast.Name(id=name, ctx=ast.Load())) or "").startswith("kfp")
        for name in {n.id for n in ast.walk(resolver.code.tree) if isinstance(n, ast.Name)}
    )


def _is_compiler(node: ast.expr, resolver: Resolver) -> bool:
    if isinstance(node, ast.Call):
        return resolver.kfp(node.func) == "Compiler"
    if isinstance(node, ast.Name):
        source = resolver.assigned.get(node.id)
        if isinstance(source, ast.Assign):
            return isinstance(source.value, ast.Call) and resolver.kfp(source.value.func) == "Compiler"
        value = resolver.namespace.get(node.id)
        return type(value).__name__ == "Compiler" and type(value).__module__.startswith("kfp")
    return False


def _same_files(resolver: Resolver) -> Iterator[Finding]:
    """Find components that write the file of another."""
    writers: dict[str, str] = {}
    for call in (n for n in ast.walk(resolver.code.tree) if isinstance(n, ast.Call)):
        if resolver.kfp(call.func) not in (*KINDS, "create_component_from_func", "func_to_container_op"):
            continue
        node = next((k.value for k in call.keywords if k.arg == "output_component_file"), None)
        path = resolver.literal(node)
        if not isinstance(path, str) or node is None:
            continue
        name = _component_name(call, resolver)
        if path in writers and writers[path] != name:
            yield resolver.code.find(
                "KFP405", f'{name} overwrites "{path}", which {writers[path]} wrote.', node
            )
        writers[path] = name


def _component_name(call: ast.Call, resolver: Resolver) -> str:
    if call.args and isinstance(call.args[0], ast.Name):
        return call.args[0].id
    for function in resolver.functions.values():
        if call in function.decorator_list:
            return function.name
    return "a component"
