"""``%%kfp component``, ``container`` and ``yaml``: cells that make one component. Nothing is executed."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from ..errors import KfpUsageError, clip, suggest
from ..session import current
from .body import explain, lines_above, parse_body, run_body
from .parse import Request
from .sdk_warnings import short_sdk_warnings
from .tokens import Token
from .values import text_of
from .words import Namespace, keeper, print_json

#: Types of parameters by the words a user may write.
_PARAMETERS: dict[str, type] = {
    "str": str,
    "string": str,
    "int": int,
    "integer": int,
    "float": float,
    "double": float,
    "bool": bool,
    "boolean": bool,
    "list": list,
    "dict": dict,
}


def component(shell: Any, request: Request, body: str) -> None:
    """Wrap the one function of a body with ``@dsl.component``."""
    __tracebackhide__ = True
    from kfp import dsl

    tree = parse_body(shell, body)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        raise KfpUsageError(
            "usage-name",
            f"%%kfp component needs one function, this cell defines {len(functions)}.",
            "Define several in a %%kfp cell with @dsl.component.",
        )
    name = functions[0].name
    namespace = shell.user_ns
    image = _text(request, "image", namespace)
    packages = [text_of(token, namespace) for token in request.tokens("pip")]
    # Types such as Input[Dataset] are known in the body without an import; the names go away again.
    import typing

    lent = {key: getattr(dsl, key) for key in dsl.__all__}
    lent.update({key: getattr(typing, key) for key in ("List", "Dict", "Optional", "NamedTuple")})
    lent = {key: value for key, value in lent.items() if key not in namespace}
    before = dict(namespace)
    namespace.update(lent)
    try:
        run_body(shell, body)
        function = namespace[name]
        options = {"base_image": image, "packages_to_install": packages or None}
        with short_sdk_warnings():
            made = (
                function
                if _is_component(function)
                else dsl.component(**{key: value for key, value in options.items() if value})(function)
            )
    except Exception as error:
        if not isinstance(error, KfpUsageError):
            explain(error, before)
        raise
    finally:
        for key, value in lent.items():
            if namespace.get(key) is value:
                del namespace[key]
    namespace[name] = made
    _tell(name, made, request, namespace)


def _is_component(value: Any) -> bool:
    from ..compile import is_component

    return is_component(value)


def container(shell: Any, request: Request, body: str) -> None:
    """Make a container component of shell text."""
    __tracebackhide__ = True
    from kfp import dsl

    namespace = shell.user_ns
    if not request.targets:
        raise KfpUsageError(
            "usage-name",
            "%%kfp container needs a name.",
            "For example: %%kfp container fetch --image alpine:3.20",
        )
    name = _identifier(text_of(request.targets[0], namespace), "the component")
    image = _text(request, "image", namespace)
    if not image:
        raise KfpUsageError(
            "usage-option", "%%kfp container needs --image.", "For example: --image alpine:3.20"
        )
    if not body.strip():
        raise KfpUsageError("usage-value", "The shell text is empty.")
    ports: list[tuple[str, Any, Any]] = []
    outputs: set[str] = set()
    for token in request.tokens("in"):
        ports.append(_input(token, namespace))
    for token in request.tokens("out"):
        port = _output(token, namespace)
        outputs.add(port[0])
        ports.append(port)
    names = [port[0] for port in ports]
    for double in {each for each in names if names.count(each) > 1}:
        raise KfpUsageError("usage-name", f"{double} is named twice.")
    made = dsl.container_component(_definition(name, image, body, ports, outputs))
    namespace[name] = made
    _tell(name, made, request, namespace)
    if not request.flag("json") and not request.flag("quiet"):
        _tell_findings(body, [each for each in names if each not in outputs], outputs)


def _tell_findings(body: str, inputs: list[str], outputs: set[str]) -> None:
    """Print what the checks find in the shell text, but for what is silenced."""
    from ..lint.code import ignored_on
    from ..lint.commands import check_shell
    from ..lint.ignored import ignored

    cell = current().cell
    first = 1 + (lines_above(cell.source, body) if cell is not None else 1)
    silenced = ignored()
    lines = body.split("\n")
    for finding in check_shell(body, inputs, sorted(outputs), first):
        number = (finding.line or 0) - first
        here = ignored_on(lines[number]) if 0 <= number < len(lines) else None
        if finding.rule not in silenced and not (here is not None and (not here or finding.rule in here)):
            print(finding)


def _definition(
    name: str, image: str, body: str, ports: list[tuple[str, Any, Any]], outputs: set[str]
) -> Any:
    """The function that ``@dsl.container_component`` reads: its signature is the interface, its answer the
    command.
    """
    from kfp import dsl

    # All on one line, so that a line of the shell's messages is the line of the cell.
    preamble = [f'{port[0]}="${{{index}}}"' for index, port in enumerate(ports, 1)]
    preamble += [f'mkdir -p "$(dirname "${output}")"' for output in sorted(outputs)]
    script = "; ".join(preamble) + "\n" + body

    def define(*values: Any) -> Any:
        given = [value.path if hasattr(value, "path") else value for value in values]
        return dsl.ContainerSpec(image=image, command=["sh", "-ec", script, name], args=given)

    # Parameters with a default come last in a Python signature; the shell's order is that of the line.
    order = [port[0] for port in ports]
    sorted_ports = sorted(ports, key=lambda port: port[2] is not inspect.Parameter.empty)
    places = [[port[0] for port in sorted_ports].index(each) for each in order]

    def function(*values: Any) -> Any:
        return define(*(values[place] for place in places))

    function.__name__ = function.__qualname__ = name
    function.__annotations__ = {port[0]: port[1] for port in sorted_ports}
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, default=default)
            for each, kind, default in sorted_ports
        ]
    )
    return function


def _input(token: Token, namespace: Mapping[str, Any]) -> tuple[str, Any, Any]:
    from kfp import dsl

    text = text_of(token, namespace)
    head, mark, default = text.partition("=")
    name, kind = _port(head, "--in")
    if isinstance(kind, type) and kind in _PARAMETERS.values():
        return name, kind, _default(name, kind, default) if mark else inspect.Parameter.empty
    if mark:
        raise KfpUsageError("usage-value", f"--in {clip(text, 60)}: an artifact has no default.")
    return name, dsl.Input[kind], inspect.Parameter.empty


def _output(token: Token, namespace: Mapping[str, Any]) -> tuple[str, Any, Any]:
    from kfp import dsl

    name, kind = _port(text_of(token, namespace), "--out")
    if isinstance(kind, type) and kind in _PARAMETERS.values():
        return name, dsl.OutputPath(kind), inspect.Parameter.empty
    return name, dsl.Output[kind], inspect.Parameter.empty


def _port(text: str, option: str) -> tuple[str, Any]:
    from kfp import dsl

    name, mark, word = text.partition(":")
    if not mark or not word.strip():
        raise KfpUsageError("usage-value", f"{option} {clip(text, 60)}: write NAME:TYPE.")
    name, word = _identifier(name, option), word.strip()
    if word.lower() in _PARAMETERS:
        return name, _PARAMETERS[word.lower()]
    artifacts = {
        key: value
        for key in dsl.__all__
        if isinstance(value := getattr(dsl, key), type) and issubclass(value, dsl.Artifact)
    }
    if word in artifacts:
        return name, artifacts[word]
    known = [*("str", "int", "float", "bool", "list", "dict"), *artifacts]
    raise KfpUsageError(
        "usage-value", f"{option} {name}: there is no type {clip(word, 40)}.{suggest(word, known)}"
    )


def _default(name: str, kind: type, text: str) -> Any:
    from ..compile import Input
    from ..parameters import Typed, convert

    words = {
        str: "STRING",
        int: "NUMBER_INTEGER",
        float: "NUMBER_DOUBLE",
        bool: "BOOLEAN",
        list: "LIST",
        dict: "STRUCT",
    }
    return convert(Input(name, words[kind]), Typed(text))


def _identifier(text: str, what: str) -> str:
    name = text.strip()
    # It becomes a variable of the shell and of Python.
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or iskeyword(name):
        raise KfpUsageError(
            "usage-name", f'"{clip(name, 60)}" is no name for {what}: letters, digits and _ only.'
        )
    return name


def from_yaml(shell: Any, request: Request, body: str) -> None:
    """Load a component or a compiled pipeline of YAML text."""
    __tracebackhide__ = True
    from kfp import components

    if request.targets:
        raise KfpUsageError("usage-name", f"%%kfp yaml takes no name. Write --as {request.targets[0].shown}.")
    token = request.token("as")
    if token is None:
        raise KfpUsageError(
            "usage-name", "%%kfp yaml needs a variable.", "For example: %%kfp yaml --as grep_op"
        )
    try:
        with short_sdk_warnings():
            made = components.load_component_from_text(body)
    except Exception as reason:
        # The SDK raises whatever its parsers raise; the cause is all that a user can use.
        text = clip(str(reason).strip().splitlines()[0] if str(reason).strip() else type(reason).__name__)
        raise KfpUsageError(
            "usage-value", f"This is neither a component nor a pipeline: {text.rstrip('.')}."
        ) from None
    _tell(token.shown, made, request, shell.user_ns)


def _text(request: Request, key: str, namespace: Mapping[str, Any]) -> str | None:
    token = request.token(key)
    return None if token is None else text_of(token, namespace)


def _tell(variable: str, made: Any, request: Request, namespace: Namespace) -> None:
    """Store what was made as ``--as`` asks, and say in one line what it is."""
    keeper(request, namespace)(made)
    spec = made.component_spec
    inputs = {name: _word(port) for name, port in (spec.inputs or {}).items()}
    outputs = {name: _word(port) for name, port in (spec.outputs or {}).items()}
    if request.flag("json"):
        print_json({"variable": variable, "name": made.name, "inputs": inputs, "outputs": outputs})
    elif not request.flag("quiet"):
        words = [
            f"{what} {', '.join(f'{name} ({kind})' for name, kind in ports.items()) or 'none'}"
            for what, ports in (("inputs", inputs), ("outputs", outputs))
        ]
        print(f"{variable} is a component: {'; '.join(words)}. Nothing was sent.")


def _word(port: Any) -> str:
    """The type of an input or output as the IR names it."""
    words = {
        "String": "STRING",
        "Integer": "NUMBER_INTEGER",
        "Float": "NUMBER_DOUBLE",
        "Boolean": "BOOLEAN",
        "List": "LIST",
        "Dict": "STRUCT",
    }
    kind = str(port.type)
    return words.get(kind, kind.partition("@")[0])
