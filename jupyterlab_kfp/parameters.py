"""Read parameter values by the types a pipeline declares, before anything is sent."""

from __future__ import annotations

import json
import math
import numbers
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .compile import Compiled, Input
from .errors import KfpServiceError, KfpUsageError, clip, suggest

#: Words for types in messages.
TYPE_WORDS = {
    "STRING": "a string",
    "NUMBER_INTEGER": "an integer",
    "NUMBER_DOUBLE": "a number",
    "BOOLEAN": "true or false",
    "LIST": "a list",
    "STRUCT": "a dict",
}


class Typed(str):
    """A value as it was typed, to be read by the declared type; a plain ``str`` is a value already."""


def check(compiled: Compiled, given: Mapping[str, Any]) -> dict[str, Any]:
    """Check and convert parameters.

    Args:
        compiled: The pipeline.
        given: Values by name; ``Typed`` ones are text to be read.

    Returns:
        JSON values by name, in the order of the pipeline.

    Raises:
        KfpUsageError: ``bad-param`` naming the first wrong value, or all missing ones.
        KfpServiceError: ``unsupported`` (KFP503) for a pipeline that takes an artifact.
    """
    known = {item.name: item for item in compiled.inputs}
    for item in compiled.inputs:
        if item.artifact and not item.optional:
            raise KfpServiceError(
                "unsupported",
                f'KFP503: KFP cannot pass the artifact "{item.name}" to a run.',
                "Wrap the pipeline with an importer.",
            )
    parameters = {name: item for name, item in known.items() if not item.artifact}
    for name in given:
        if name not in parameters:
            takes = ", ".join(parameters) if parameters else "no parameters"
            raise KfpUsageError(
                "bad-param",
                f'{compiled.name} has no parameter "{clip(name, 60)}".{suggest(name, parameters, chr(34) + "{}" + chr(34))}'
                f" It takes: {takes}.",
            )
    result: dict[str, Any] = {}
    for name, item in parameters.items():
        if name in given:
            value = convert(item, given[name])
            # KFP takes no null: what has no default is left out, which means the same.
            if value is not None or item.has_default:
                result[name] = value
    missing = [
        n for n, item in parameters.items() if n not in result and not item.optional and not item.has_default
    ]
    if missing:
        words = ", ".join(f"{n} ({TYPE_WORDS.get(parameters[n].type, parameters[n].type)})" for n in missing)
        raise KfpUsageError("bad-param", f"{compiled.name} needs {words}.", f"For example: -p {missing[0]}=…")
    return result


def convert(item: Input, value: Any) -> Any:
    """Bring one value into the JSON form of its type.

    Raises:
        KfpUsageError: ``bad-param`` when it does not fit.
    """
    if isinstance(value, Typed):
        # `null` is a text like others, but for a text that is declared as optional and has no other default.
        if item.optional and str(value) == "null" and (item.type != "STRING" or not item.has_default):
            return None
        converted = _from_text(item, str(value))
    elif value is None:
        if not item.optional:
            raise _wrong(item, value)
        return None
    else:
        converted = _from_python(item, value)
    if item.literals and converted not in item.literals:
        known = ", ".join(_text(choice) for choice in item.literals)
        hint = suggest(str(value), [str(choice) for choice in item.literals])
        raise KfpUsageError(
            "bad-param", f'"{item.name}" must be one of {known}, got "{clip(value, 60)}".{hint}'
        )
    return converted


def _from_text(item: Input, text: str) -> Any:
    if item.type == "STRING":
        return text
    word = text.strip()
    if item.type == "NUMBER_INTEGER" and re.fullmatch(r"[+-]?\d+(_\d+)*", word):
        return int(word)
    if item.type == "NUMBER_DOUBLE":
        try:
            number = float(word)
        except ValueError:
            raise _wrong(item, text) from None
        if math.isfinite(number):
            return number
    if item.type == "BOOLEAN" and word.lower() in ("true", "false"):
        return word.lower() == "true"
    if item.type in ("LIST", "STRUCT"):
        try:
            return _from_python(item, json.loads(word, parse_constant=_no_constant))
        except ValueError:
            raise _wrong(item, text) from None
    raise _wrong(item, text)


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _from_python(item: Input, value: Any) -> Any:
    if item.type == "STRING" and isinstance(value, str):
        return str(value)
    if item.type == "BOOLEAN":
        if isinstance(value, bool):
            return value
        if type(value).__name__ in ("bool_", "bool") and type(value).__module__.startswith("numpy"):
            return bool(value)
    if item.type == "NUMBER_INTEGER" and isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    if item.type == "NUMBER_DOUBLE" and isinstance(value, numbers.Real) and not isinstance(value, bool):
        if math.isfinite(value):
            return int(value) if isinstance(value, numbers.Integral) else float(value)
    if item.type == "LIST" and isinstance(value, (list, tuple)):
        return _jsonable(item, list(value))
    if item.type == "STRUCT" and isinstance(value, Mapping):
        return _jsonable(item, dict(value))
    raise _wrong(item, value)


def _jsonable(item: Input, value: Any) -> Any:
    try:
        return json.loads(json.dumps(value, allow_nan=False, default=_scalar))
    except (TypeError, ValueError) as reason:
        raise KfpUsageError("bad-param", f'"{item.name}" cannot be sent: {clip(reason)}.') from None


def _scalar(value: Any) -> Any:
    """numpy scalars inside lists are numbers like others."""
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _wrong(item: Input, value: Any) -> KfpUsageError:
    from .secret import looks_secret, secret_name

    word = TYPE_WORDS.get(item.type, item.type)
    shown = "••••" if secret_name(item.name) or looks_secret(item.name, value) else clip(value, 60)
    kind = "" if isinstance(value, str) else f" ({type(value).__name__})"
    return KfpUsageError("bad-param", f'"{item.name}" must be {word}, got "{shown}"{kind}.')


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def shown_value(name: str, value: Any) -> str:
    """A value as plans and tables show it: JSON-like, cut, dots for secrets."""
    from .secret import looks_secret

    if looks_secret(name, value):
        return "••••"
    return clip(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), 200)


def names(inputs: Iterable[Input]) -> list[str]:
    """Names of the parameters among inputs."""
    return [item.name for item in inputs if not item.artifact]
