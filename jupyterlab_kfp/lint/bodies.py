"""What a component does with its outputs, with files and with secrets: KFP109, KFP111, KFP112."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from ..secret import secret_name, secret_text
from .definitions import Definition
from .finding import Finding
from .resolve import Resolver
from .scope import defaults, parameters
from .signatures import type_name

_SECRET = "This looks like a secret and would be stored in clear text. Use a Kubernetes secret."
#: Places that an image or a mounted volume has too.
_COMMON = re.compile(
    r"^(?:/(?:tmp|dev|proc|sys|etc|mnt|data|var|usr|opt|bin|run|gcs|s3|minio|workspace|app|srv|kfp[\w-]*)(?:/|$)"
    r"|[a-zA-Z][\w+.-]*://)"
)
_READERS = re.compile(r"^(?:read_\w+|load|loads?_\w+|imread|loadtxt|genfromtxt|open|fromfile)$")
#: Modules whose readers take the path of a file.
_FILE_MODULES = {
    "pandas",
    "pd",
    "np",
    "numpy",
    "joblib",
    "cv2",
    "Image",
    "torch",
    "xr",
    "pl",
    "polars",
    "sf",
    "io",
}


def check_outputs(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Find declared outputs that the body never touches."""
    if definition.kind in ("pipeline", "old"):
        return
    used = {n.id for n in definition.nodes if isinstance(n, ast.Name)}
    if used & {"locals", "vars", "exec", "eval"}:
        return
    stub = all(
        isinstance(s, ast.Pass) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        for s in definition.node.body
    )
    for arg in parameters(definition.node):
        if arg.annotation is None or arg.arg in used:
            continue
        name = type_name(arg.annotation, resolver)
        path = name == "OutputPath" or (
            isinstance(arg.annotation, ast.Call) and type_name(arg.annotation.func, resolver) == "OutputPath"
        )
        container = definition.kind == "container"
        if path or name == "Output" or _is_annotated_output(arg.annotation):
            yield resolver.code.find(
                "KFP113" if container else "KFP109",
                f'Output "{arg.arg}" is never written.',
                arg,
                level="E" if path and not container and not stub else "W",
                definition=definition.name,
            )
        elif container:
            yield resolver.code.find(
                "KFP113", f'Input "{arg.arg}" is never used.', arg, definition=definition.name
            )


def _is_annotated_output(annotation: ast.expr) -> bool:
    return "OutputAnnotation" in ast.unparse(annotation)


def check_files(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Find constant paths that are opened for reading."""
    if definition.kind != "component":
        return
    calls = [n for n in definition.nodes if isinstance(n, ast.Call)]
    written = {path for call in calls for path in _written(call)}
    for call in calls:
        path = _read(call)
        if path is None or path.value in written or _is_elsewhere(str(path.value)):
            continue
        yield resolver.code.find(
            "KFP111",
            f'"{str(path.value)[:100]}" is a file of this computer. Pass it as an artifact or use an importer.',
            path,
            definition=definition.name,
        )


def _is_elsewhere(path: str) -> bool:
    """Tell whether a path is likely one of the image or of a volume."""
    if _COMMON.match(path):
        return True
    # A volume can be mounted anywhere; a folder of this computer is where the path probably comes from.
    return path.startswith("/") and not os.path.isdir("/" + path.split("/")[1])


def _text(node: ast.expr | None) -> ast.Constant | None:
    return node if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def _read(call: ast.Call) -> ast.Constant | None:
    """The constant path that a call reads."""
    path = _text(call.args[0] if call.args else None)
    function = call.func
    if path is None:
        return None
    if isinstance(function, ast.Name):
        if function.id != "open" or set(_mode(call)) & set("wax"):
            return None
        return path
    if isinstance(function, ast.Attribute) and _READERS.match(function.attr):
        root = function.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or root.id not in _FILE_MODULES:
            return None
        if set(_mode(call)) & set("wax") or not re.search(r"[./\\]", str(path.value)):
            return None
        return path
    return None


def _mode(call: ast.Call) -> str:
    given = (
        call.args[1]
        if len(call.args) > 1
        else next((k.value for k in call.keywords if k.arg == "mode"), None)
    )
    text = _text(given)
    return str(text.value) if text is not None else ""


def _written(call: ast.Call) -> Iterator[str]:
    """Constant paths that a call may write: everything that is no mere reading."""
    if _read(call) is None:
        for argument in (*call.args, *(k.value for k in call.keywords)):
            for node in _constants(argument):  # also in a list of words of a command
                text = _text(node) if isinstance(node, ast.expr) else None
                if text is not None:
                    yield str(text.value)


def _constants(node: ast.expr) -> Iterator[ast.expr]:
    """A constant, or those in a list; calls inside speak for themselves."""
    if isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            yield from _constants(item)
    elif isinstance(node, ast.Constant):
        yield node


def check_secrets(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Find constants that look like a key or a token."""
    seen: set[int] = set()
    for name, value in _named(definition):
        if id(value) not in seen and _is_secret(name, value):
            seen.add(id(value))
            yield resolver.code.find("KFP112", _SECRET, value, definition=definition.name)


def _named(definition: Definition) -> Iterator[tuple[str, ast.expr]]:
    """Constants with the name that they get; an empty one for those without."""
    yield from defaults(definition.node).items()
    constants: list[ast.expr] = []
    for statement in definition.node.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Constant):
                constants.append(node)
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Subscript) and _text(target.slice) is not None:
                    yield str(getattr(target.slice, "value", "")), node.value  # os.environ["TOKEN"] = …
            elif (
                isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and node.value is not None
            ):
                yield node.target.id, node.value
            elif isinstance(node, ast.Call):
                for keyword in node.keywords:
                    yield keyword.arg or "", keyword.value
                if _attribute(node.func) in ("set_env_variable", "EnvVar", "V1EnvVar"):
                    names = [*node.args, *(k.value for k in node.keywords if k.arg in ("name", "value"))]
                    if len(names) == 2 and _text(names[0]) is not None:
                        yield str(getattr(names[0], "value", "")), names[1]
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if _text(key) is not None:
                        yield str(getattr(key, "value", "")), value
    for constant in constants:
        yield "", constant


def _attribute(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_secret(name: str, value: ast.expr) -> bool:
    text = _text(value)
    if text is None:
        return False
    shown = str(text.value)
    if secret_text(shown):
        return True
    # A name alone decides only where the value could be one: no blank, no placeholder, no path, no word.
    return (
        bool(name)
        and secret_name(name)
        and len(shown) >= 8
        and re.fullmatch(r"[^\s{}<>$]+", shown) is not None
        and re.search(r"\d|[^\w\-./]", shown) is not None
        and "/" not in shown
        and not name.endswith(("_name", "_key_name"))
    )
