"""Evaluate ``{expr}`` in the notebook's namespace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import KfpUsageError, clip, kind_of, suggest
from ..parameters import Typed
from .tokens import Token


def evaluate(token: Token, namespace: Mapping[str, Any]) -> Any:
    """Give the value of a word: text as ``Typed``, a word that is exactly one ``{expr}`` as the Python value.

    Raises:
        KfpUsageError: ``usage-value`` when an expression is none, or fails.
    """
    if len(token.parts) == 1 and token.parts[0][0] == "expr":
        return _expression(token.parts[0][1], namespace)
    pieces = [text if kind == "text" else str(_expression(text, namespace)) for kind, text in token.parts]
    return Typed("".join(pieces))


def text_of(token: Token, namespace: Mapping[str, Any]) -> str:
    """Give the value of a word as text."""
    return str(evaluate(token, namespace))


def _expression(source: str, namespace: Mapping[str, Any]) -> Any:
    text = source.strip()
    if not text:
        raise KfpUsageError("usage-value", "{} is empty. A plain brace is \\{.")
    try:
        code = compile(f"({text}\n)", "<%kfp>", "eval")
    except SyntaxError:
        fix = ""
        if re.match(r"""^(['"]?)[\w\- ]+\1\s*:""", text):
            fix = f" Write {{{{{clip(text)}}}}}."
        raise KfpUsageError("usage-value", f"{clip(text)} is not an expression.{fix}") from None
    try:
        return eval(code, dict(namespace))
    except NameError as reason:
        name = getattr(reason, "name", None) or clip(text)
        known = [n for n in namespace if not n.startswith("_")]
        raise KfpUsageError(
            "usage-name", f'"{name}" in {{{clip(text)}}} is not defined.{suggest(name, known)}'
        ) from None
    except Exception as reason:
        shown = f"{type(reason).__name__}: {clip(reason)}".rstrip(": ")
        raise KfpUsageError("usage-value", f"{{{clip(text)}}} fails: {shown}.") from None


def parameters(tokens: list[Token], dictionary: Token | None, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Read ``--params`` and ``-p``; ``-p`` wins.

    Raises:
        KfpUsageError: ``usage-value`` when ``-p`` has no ``=`` or ``--params`` gives no dict.
    """
    found: dict[str, Any] = {}
    if dictionary is not None:
        found.update(_dictionary(dictionary, namespace))
    for token in tokens:
        halves = token.split("=")
        if halves is None or halves[0].literal is None:
            raise KfpUsageError("usage-value", f"-p {token.shown}: write NAME=VALUE.")
        name = (halves[0].literal or "").strip()
        if not name:
            raise KfpUsageError("usage-value", f"-p {token.shown}: the name is missing. Write NAME=VALUE.")
        found[name] = evaluate(halves[1], namespace)
    return found


def _json_parameters(word: str) -> dict[str, Any]:
    """Read ``--params`` from a file, or from JSON text, which a command line has in place of expressions."""
    import json

    where = "this" if word.startswith("{") else clip(word, 60)
    try:
        if word.startswith("{"):
            found = json.loads(word)
        else:
            with open(word, encoding="utf-8") as file:
                found = json.load(file)
    except OSError as reason:
        raise KfpUsageError("usage-value", f"--params {where} cannot be read: {reason.strerror}.") from None
    except ValueError:
        raise KfpUsageError("usage-value", f"--params needs a dict as JSON, {where} is none.") from None
    if not isinstance(found, dict):
        raise KfpUsageError("usage-value", f"--params needs a dict as JSON, {where} is {kind_of(found)}.")
    return found


def _dictionary(token: Token, namespace: Mapping[str, Any]) -> dict[str, Any]:
    literal = token.literal
    if literal is not None:
        if literal.endswith(".json") or literal.startswith("{"):
            return _json_parameters(literal)
        if not literal.isidentifier():
            raise KfpUsageError(
                "usage-value",
                f"--params needs a dict, got {clip(literal, 60)}.",
                "Write the name of a variable, {{'name': value}}, or a .json file.",
            )
        if literal not in namespace:
            known = [n for n, v in namespace.items() if isinstance(v, dict) and not n.startswith("_")]
            raise KfpUsageError(
                "usage-name", f'--params: "{clip(literal)}" is not defined.{suggest(literal, known)}'
            )
        value = namespace[literal]
    else:
        value = evaluate(token, namespace)
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise KfpUsageError(
            "usage-value", f"--params needs a dict of names, {token.shown} is {kind_of(value)}."
        )
    return dict(value)
