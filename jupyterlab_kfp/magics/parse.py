"""Read the line of a magic or of a command into a request. Knows no IPython and no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from keyword import iskeyword

from ..errors import KfpUsageError, suggest
from ..grammar import Kind, Option, Verb
from ..verbs import KINDS, VERBS
from .tokens import Token, text_token, tokenize


@dataclass
class Request:
    """What a line asks for.

    Attributes:
        verb: The verb, or the kind for a cell.
        targets: Positional words in order.
        options: By key: a list for options that repeat, True for switches and for values left out.
        help: True for ``-h``.
    """

    verb: str
    targets: list[Token] = field(default_factory=list)
    options: dict[str, Token | list[Token] | bool] = field(default_factory=dict)
    help: bool = False

    def flag(self, key: str) -> bool:
        """Tell whether a switch is there."""
        return bool(self.options.get(key))

    def token(self, key: str) -> Token | None:
        """The value of an option that takes one; None where it is not there or has no value."""
        value = self.options.get(key)
        return value if isinstance(value, Token) else None

    def tokens(self, key: str) -> list[Token]:
        """The values of an option that repeats."""
        value = self.options.get(key)
        return value if isinstance(value, list) else []


_HELP = ("-h", "--help")


def parse_line(line: str, cli: bool = False) -> Request:
    """Read the line of ``%kfp``.

    Raises:
        KfpUsageError: ``usage-verb``, ``usage-option``, ``usage-value`` or ``usage-target``.
    """
    return parse_tokens(tokenize(line), cli)


def parse_tokens(words: list[Token], cli: bool = False) -> Request:
    """Read words that are split already, as the command line gives them."""
    if not words:
        return Request("help" if cli else "status")
    first = words[0].literal or words[0].shown
    if first in _HELP:
        return Request("help")
    known = {name: v for name, v in VERBS.items() if (v.cli if cli else v.magic)}
    verb = known.get(first)
    if verb is None and any(word.literal in _HELP for word in words[1:]):
        # Help never fails: it says which verbs there are.
        return Request("help", [words[0]])
    if verb is None:
        prefix = "jupyter kfp" if cli else "%kfp"
        if first in VERBS:
            where = "in a notebook" if cli else "on the command line"
            fix = "Use --on NAME, or set JUPYTERLAB_KFP_CONNECTION." if first == "connect" else None
            raise KfpUsageError("usage-verb", f"{first} works {where} only.", fix)
        raise KfpUsageError(
            "usage-verb",
            f"{prefix} has no verb {words[0].shown}.{suggest(first, known)}",
            f"{prefix} help lists them.",
        )
    request = Request(verb.name)
    _options(request, words[1:], verb, verb.name, cli)
    if not request.help:
        _check_targets(request, verb, "jupyter kfp" if cli else "%kfp")
    return request


def continued(line: str, body: str) -> tuple[str, str]:
    """Join the line of a cell magic that goes on after a trailing backslash; IPython hands over its first
    line only.

    Returns:
        The whole line, and what is left of the body.
    """
    while (stripped := line.rstrip()).endswith("\\") and body:
        following, _, body = body.partition("\n")
        line = f"{stripped[:-1]} {following.strip()}"
    return line, body


def parse_cell(line: str) -> Request:
    """Read the line of ``%%kfp``: kind, name and options. ``verb`` is the kind, ``targets`` holds the
    name.
    """
    words = tokenize(line)
    kind = KINDS[""]
    if words and words[0].literal in KINDS and words[0].literal:
        kind = KINDS[words[0].literal]
        words = words[1:]
    request = Request(kind.name)
    _options(request, words, kind, f"%%kfp {kind.name}".strip())
    if len(request.targets) > 1 and not request.help:
        shown = request.targets[0].shown
        kinds = [name for name in KINDS if name]
        hint = suggest(shown, kinds) if not kind.name else ""
        raise KfpUsageError(
            "usage-name", f"%%kfp takes one name, got {' '.join(t.shown for t in request.targets)}.{hint}"
        )
    return request


def _options(request: Request, words: list[Token], owner: Verb | Kind, name: str, cli: bool = False) -> None:
    index = 0
    plain = False
    while index < len(words):
        word = words[index]
        index += 1
        head = word.parts[0][1] if word.parts and word.parts[0][0] == "text" else ""
        if plain or (word.quoted and not head.startswith("-")) or not _is_option(head):
            request.targets.append(word)
            continue
        if head == "--":
            plain = True
            continue
        typed, value = _cut(word)
        if typed in _HELP:
            request.help = True
            continue
        option = owner.option(typed)
        if option is None and typed.startswith("-p") and not typed.startswith("--") and owner.option("-p"):
            # `-prows=1`, as many tools allow it.
            option, value = owner.option("-p"), Token((("text", head[2:]), *word.parts[1:]))
        if option is None:
            here = [o for o in owner.options if o.cli or not cli]
            names = [o.name for o in here] + [o.short for o in here if o.short]
            raise KfpUsageError("usage-option", f"{name} has no option {typed}.{suggest(typed, names)}")
        if cli and not option.cli:
            raise KfpUsageError("usage-option", f"{option.name} works in a notebook only.")
        index = _store(request, option, value, words, index, name)
    kept = request.token("as")
    if kept is not None:
        variable = kept.literal or ""
        if not variable.isidentifier() or iskeyword(variable):
            raise KfpUsageError("usage-name", f"--as {kept.shown}: this is no name of a variable.")


def _is_option(head: str) -> bool:
    """A dash begins an option, but not a negative number and not a dash alone."""
    return head.startswith("-") and head != "-" and not head[1:2].isdigit() and not head[1:2] == "."


def _cut(word: Token) -> tuple[str, Token | None]:
    """Cut ``--name=value``."""
    if word.parts[0][1].startswith("--"):
        halves = word.split("=")
        if halves is not None and halves[0].literal is not None:
            return halves[0].literal, halves[1]
    return word.literal if word.literal is not None else word.parts[0][1], None


def _store(
    request: Request, option: Option, value: Token | None, words: list[Token], index: int, name: str
) -> int:
    if option.value is None:
        if value is not None:
            raise KfpUsageError("usage-option", f"{name}: {option.name} takes no value.")
        request.options[option.key] = True
        return index
    if value is None and not option.optional:
        following = words[index] if index < len(words) else None
        if following is None or (
            following.literal is not None and _is_option(following.literal) and not following.quoted
        ):
            raise KfpUsageError("usage-option", f"{name}: {option.name} needs a value ({option.value}).")
        value = following
        index += 1
    if (
        value is not None
        and option.choices
        and value.literal is not None
        and value.literal not in option.choices
    ):
        known = ", ".join(option.choices)
        hint = suggest(value.literal, option.choices)
        raise KfpUsageError(
            "usage-value", f"{option.name} cannot be {value.shown}.{hint}", f"It can be: {known}."
        )
    if option.repeat:
        listed = request.options.setdefault(option.key, [])
        if isinstance(listed, list) and value is not None:
            listed.append(value)
    else:
        request.options[option.key] = True if value is None else value
    return index


def _check_targets(request: Request, verb: Verb, prefix: str) -> None:
    count = len(request.targets)
    needed = [a for a in verb.arguments if a.required]
    if count < len(needed):
        raise KfpUsageError(
            "usage-target",
            f"{verb.name} needs {needed[count].usage}.",
            f"For example: {prefix} {verb.examples[0]}",
        )
    if count > len(verb.arguments) and not (verb.arguments and verb.arguments[-1].many):
        extra = request.targets[len(verb.arguments)]
        hint = f" An option begins with --: --{extra.shown}?" if verb.option(f"--{extra.shown}") else ""
        raise KfpUsageError("usage-target", f"{verb.name} takes no {extra.shown}.{hint}")
    for argument, word in zip(verb.arguments, request.targets, strict=False):
        if argument.choices and word.literal is not None and word.literal not in argument.choices:
            raise KfpUsageError(
                "usage-target",
                f"{verb.name} knows no {word.shown}.{suggest(word.literal, argument.choices)}",
                f"It knows: {', '.join(argument.choices)}.",
            )


def from_arguments(arguments: list[str]) -> list[Token]:
    """Words of the command line: the shell has split them and ``{}`` means nothing there."""
    return [text_token(argument) for argument in arguments]
