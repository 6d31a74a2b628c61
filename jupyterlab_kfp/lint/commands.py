"""Shell text of container components: KFP113."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from .definitions import Definition
from .finding import Finding
from .resolve import Resolver
from .rules import RULES

_TEE = re.compile(r"\|\s*tee\b")
_PIPEFAIL = re.compile(r"\bset\s+-\w*o\s+pipefail\b|\bpipefail\b")
TEE = '"tee" hides a failure of the command before it.'


def check_commands(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Check the texts of a container component's command; inputs and outputs are checked with the signature."""
    if definition.kind != "container":
        return
    for statement in definition.node.body:
        texts = [n for n in ast.walk(statement) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        for node in texts:
            if hides_failure(str(node.value)):
                yield resolver.code.find("KFP113", TEE, node, definition=definition.name)
        for listed in (n for n in ast.walk(statement) if isinstance(n, ast.List)):
            yield from _python(listed, definition, resolver)


def _python(listed: ast.List, definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Find Python behind ``-c`` that does not parse."""
    words = listed.elts
    for index, word in enumerate(words[:-1]):
        text = words[index + 1]
        if not (isinstance(word, ast.Constant) and word.value == "-c" and index > 0):
            continue
        program = words[index - 1]
        if not (
            isinstance(program, ast.Constant) and re.fullmatch(r"(?:.*/)?python[\d.]*", str(program.value))
        ):
            continue
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            line = broken_line(text.value)
            if line is not None:
                yield resolver.code.find("KFP113", unparsed(line), text, definition=definition.name)


def hides_failure(text: str) -> bool:
    """Tell whether a pipe into ``tee`` hides how its first command ended."""
    return _TEE.search(text) is not None and _PIPEFAIL.search(text) is None


def broken_line(text: str) -> int | None:
    """Line at which a Python text does not parse; None when it does."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except ValueError:
        return None
    return None


def unparsed(line: int) -> str:
    """The sentence for Python that does not parse."""
    return f"The Python text after -c does not parse: line {line}."


def check_shell(body: str, inputs: Iterable[str], outputs: Iterable[str], first: int = 2) -> list[Finding]:
    """Check the shell text of a ``%%kfp container`` cell.

    Args:
        inputs: Shell variables that hold inputs.
        outputs: Shell variables that hold the paths of outputs.
        first: Line of the cell at which the body begins.
    """
    level = RULES["KFP113"].level
    lines = body.split("\n")
    found = [
        Finding("KFP113", level, f'Input "{name}" is never used.', 1)
        for name in inputs
        if not _uses(body, name)
    ]
    found += [
        Finding("KFP113", level, f'Output "{name}" is never written.', 1)
        for name in outputs
        if not _uses(body, name)
    ]
    if _PIPEFAIL.search(body) is None:
        found += [
            Finding("KFP113", level, TEE, number, number, match.start(), match.end())
            for number, line in enumerate(lines, first)
            for match in _TEE.finditer(line)
        ]
    return found


def _uses(body: str, name: str) -> bool:
    return re.search(rf"\$(?:{{[#!]?)?{re.escape(name)}\b", body) is not None
