"""Types of parameters and results of components and pipelines: KFP106 to KFP110."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..compile import sdk_version
from .code import Code
from .definitions import Definition
from .finding import Finding
from .literals import kind_of_literal, literals_are_refused
from .resolve import Resolver, walk_own
from .returns import falls_through, returns_of
from .scope import parameters

#: Types that people try and kfp cannot pass, each with what to use.
_BAD = {
    "tuple": "Use a list.",
    "Tuple": "Use a list.",
    "set": "Use a list.",
    "Set": "Use a list.",
    "frozenset": "Use a list.",
    "FrozenSet": "Use a list.",
    "bytes": "Use Input[Artifact] and Output[Artifact].",
    "bytearray": "Use Input[Artifact] and Output[Artifact].",
    "complex": "Use two floats.",
    "DataFrame": "Use Input[Dataset] and Output[Dataset].",
    "Series": "Use Input[Dataset] and Output[Dataset].",
    "ndarray": "Use a list, or Input[Dataset] and Output[Dataset].",
    "Tensor": "Use a list, or Input[Dataset] and Output[Dataset].",
    "datetime": "Use a str.",
    "date": "Use a str.",
    "Path": "Use a str, or Input[Artifact] and Output[Artifact].",
}
_CONSTANTS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "bool": (bool,),
    "list": (list,),
    "List": (list,),
    "dict": (dict,),
    "Dict": (dict,),
}
_GUESSES = {"int": "int", "float": "float", "bool": "bool", "list": "list", "dict": "dict"}


def check_signature(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Check the annotations of a definition."""
    code = resolver.code
    if definition.kind == "old":
        return
    if not resolver.v1:
        yield from _untyped(definition, code)
    for annotation in filter(None, (arg.annotation for arg in parameters(definition.node))):
        name = type_name(annotation, resolver)
        if name in _BAD:
            yield code.find(
                "KFP107",
                f"KFP cannot pass {article(name)} as a parameter. {_BAD[name]}",
                annotation,
                definition=definition.name,
            )
        elif name == "Literal" and literals_are_refused():
            yield code.find(
                "KFP107",
                f"{sdk_version()} cannot pass a Literal. Use {kind_of_literal(annotation)}, and check the value inside.",
                annotation,
                definition=definition.name,
            )
    returns = definition.node.returns
    if definition.kind == "component":
        name = type_name(returns, resolver) if returns is not None else None
        if returns is not None and name in _BAD:
            advice = "Use NamedTuple to return several values." if name in ("tuple", "Tuple") else _BAD[name]
            yield code.find(
                "KFP107",
                f"KFP cannot pass {article(name)} as a result. {advice}",
                returns,
                definition=definition.name,
            )
        yield from _returns(definition, resolver)


def article(noun: str) -> str:
    """``a DataFrame``, ``an ndarray``."""
    return f"{'an' if noun[0].lower() in 'aeiou' or noun == 'ndarray' else 'a'} {noun}"


def type_name(annotation: ast.expr, resolver: Resolver) -> str | None:
    """Name of a type without its module, its parameters and ``Optional``."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [s for s in (annotation.left, annotation.right) if not _is_none(s)]
        return type_name(sides[0], resolver) if len(sides) == 1 else None
    if isinstance(annotation, ast.Subscript):
        base = type_name(annotation.value, resolver)
        return type_name(annotation.slice, resolver) if base == "Optional" else base
    if isinstance(annotation, ast.Name) and annotation.id in resolver.classes:
        return None  # the user's own class of that name
    path = resolver.dotted(annotation)
    if path is not None:
        return path.rsplit(".", 1)[-1]
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    return annotation.id if isinstance(annotation, ast.Name) else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _untyped(definition: Definition, code: Code) -> Iterator[Finding]:
    from .scope import defaults

    values = defaults(definition.node)
    for arg in parameters(definition.node):
        if arg.annotation is not None or arg.arg == "self":
            continue
        value = values.get(arg.arg)
        guess = type(getattr(value, "value", None)).__name__ if isinstance(value, ast.Constant) else "int"
        example = _GUESSES.get(guess, "str" if guess == "str" else "int")
        yield code.find(
            "KFP106",
            f'Parameter "{arg.arg}" has no type. KFP needs one, for example {arg.arg}: {example}.',
            arg,
            definition=definition.name,
        )


def _returns(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    code, node = resolver.code, definition.node
    if any(isinstance(n, (ast.Yield, ast.YieldFrom)) for s in node.body for n in walk_own(s)):
        return
    values = [r for r in returns_of(node) if r.value is not None and not _is_none(r.value)]
    if node.returns is None or _is_none(node.returns):
        if values and node.returns is None:
            yield code.find(
                "KFP108",
                f"{definition.name} returns a value but declares no return type. It will fail at the end.",
                values[0],
                definition=definition.name,
            )
        return
    name = type_name(node.returns, resolver)
    if _is_optional(node.returns):
        return
    shown = code.segment(node.returns)
    fields = named_fields(node.returns, resolver)
    if fields is not None:
        shown = "NamedTuple"
        yield from _fields(definition, values, fields, resolver)
    bare = next((r for r in returns_of(node) if r.value is None or _is_none(r.value)), None)
    if bare is not None or falls_through(node.body):
        yield code.find(
            "KFP110",
            f"One path returns nothing, {shown} is declared.",
            bare or node.returns,
            definition=definition.name,
        )
    for statement in values:
        given = _constant(statement.value)
        if name in _CONSTANTS and given is not None and not _fits(given, _CONSTANTS[name]):
            yield code.find(
                "KFP110",
                f"{code.segment(statement.value)[:60]} is {type(given).__name__}, {shown} is declared."
                if statement.value is not None
                else "",
                statement,
                definition=definition.name,
            )


def _is_optional(annotation: ast.expr) -> bool:
    text = ast.unparse(annotation)
    return "Optional" in text or "None" in text


def _constant(node: ast.expr | None) -> Any:
    if isinstance(node, ast.JoinedStr):
        return ""
    if isinstance(node, (ast.List, ast.ListComp)):
        return []
    if isinstance(node, (ast.Dict, ast.DictComp)):
        return {}
    return node.value if isinstance(node, ast.Constant) else None


def _fits(value: Any, types: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in types or int in types
    return isinstance(value, types)


def named_fields(annotation: ast.expr, resolver: Resolver) -> list[str] | None:
    """Fields of a ``NamedTuple`` annotation; None when it is something else, or they cannot be told."""
    if isinstance(annotation, ast.Name):
        if annotation.id in resolver.classes:
            return _class_fields(resolver.classes[annotation.id], resolver)
        source = resolver.assigned.get(annotation.id)
        if isinstance(source, ast.Assign):
            return tuple_fields(source.value)
        value = resolver.namespace.get(annotation.id)
        fields = getattr(value, "_fields", None)
        return list(fields) if isinstance(value, type) and isinstance(fields, tuple) else None
    return tuple_fields(annotation)


def _class_fields(node: ast.ClassDef, resolver: Resolver) -> list[str] | None:
    if not any((resolver.dotted(base) or ast.unparse(base)).endswith("NamedTuple") for base in node.bases):
        return None
    return [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]


def tuple_fields(node: ast.expr) -> list[str] | None:
    """Fields of ``NamedTuple(…)`` or ``namedtuple(…)`` written out."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in ("NamedTuple", "namedtuple"):
        return None
    if len(node.args) < 2:
        return [k.arg for k in node.keywords if k.arg] if node.keywords else None
    listed = node.args[1]
    if isinstance(listed, ast.Constant) and isinstance(listed.value, str):
        return listed.value.replace(",", " ").split()
    if not isinstance(listed, (ast.List, ast.Tuple)):
        return None
    found = []
    for item in listed.elts:
        first = item.elts[0] if isinstance(item, (ast.Tuple, ast.List)) and item.elts else item
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            return None
        found.append(first.value)
    return found


def _fields(
    definition: Definition, values: list[ast.Return], fields: list[str], resolver: Resolver
) -> Iterator[Finding]:
    """Find returned tuples that lack a declared field."""
    local = {
        target.id: statement.value
        for statement in ast.walk(definition.node)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for statement in values:
        missing = _missing(statement.value, fields, local)
        if missing:
            names = ", ".join(f'"{name}"' for name in missing)
            word = "Output" if len(missing) == 1 else "Outputs"
            verb = "is" if len(missing) == 1 else "are"
            yield resolver.code.find(
                "KFP109", f"{word} {names} {verb} never written.", statement, definition=definition.name
            )


def _missing(value: ast.expr | None, fields: list[str], local: dict[str, ast.expr]) -> list[str]:
    if isinstance(value, ast.Tuple):
        if any(isinstance(item, ast.Starred) for item in value.elts):
            return []
        return fields[len(value.elts) :]
    if not isinstance(value, ast.Call) or any(k.arg is None for k in value.keywords):
        return []
    if any(isinstance(argument, ast.Starred) for argument in value.args):
        return []
    made = tuple_fields(value.func)  # namedtuple("Out", …)(…)
    if made is None and isinstance(value.func, ast.Name) and value.func.id in local:
        made = tuple_fields(local[value.func.id])
    if made is None or "defaults" in {k.arg for k in getattr(value.func, "keywords", ())}:
        return []
    given = {*made[: len(value.args)], *(str(k.arg) for k in value.keywords)}
    return [name for name in fields if name not in given and name not in made] or [
        name for name in made if name not in given and name in fields
    ]
