"""What can stand at the cursor of a ``%kfp`` or ``%%kfp`` line. Only what is known already: never a request."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..compile import Input, inputs_of_pipeline, is_component, is_pipeline
from ..grammar import Argument, Kind, Option, Verb, find_option
from ..handle import Handle
from ..parameters import TYPE_WORDS, shown_value
from ..session import Session, current
from ..verbs import KINDS, SCHEDULE_ACTS, VERBS

_LINE = re.compile(r"^\s*(?:[\w\s,.\[\]'\"]+=\s*)?%kfp\s+(?P<rest>.*)$", re.DOTALL)
_CELL = re.compile(r"^%%kfp\s+(?P<rest>.*)$", re.DOTALL)
_FILES = (".yaml", ".yml", ".json", ".zip", ".tar.gz")
#: Most candidates of one kind.
MOST = 200


@dataclass(frozen=True)
class Candidate:
    """One completion: its text, what it is, and a word about it."""

    text: str
    kind: str
    about: str = ""


def complete(
    before: str, first_line: bool, namespace: Mapping[str, Any]
) -> tuple[str, list[Candidate]] | None:
    """Complete a line.

    Args:
        before: The line up to the cursor.
        first_line: Whether it is the first line of the cell, where ``%%kfp`` may stand.

    Returns:
        The word at the cursor and its candidates; None where the line is none of ours.
    """
    cell = _CELL.match(before) if first_line else None
    line = cell or _LINE.match(before)
    if line is None:
        return None
    rest = line.group("rest")
    words = rest.split()
    word = words.pop() if rest and not rest[-1].isspace() else ""
    found = _Completer(current(), namespace)
    candidates = found.in_cell(words, word) if cell else found.in_line(words, word)
    seen: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.text.startswith(word):
            seen.setdefault(candidate.text, candidate)
    return word, list(seen.values())


class _Completer:
    def __init__(self, session: Session, namespace: Mapping[str, Any]) -> None:
        self._session = session
        self._namespace = namespace

    def in_line(self, words: list[str], word: str) -> Iterator[Candidate]:
        """Candidates behind ``%kfp``."""
        if not words:
            yield from (Candidate(verb.name, "verb", verb.help) for verb in VERBS.values() if verb.magic)
            return
        verb = VERBS.get(words[0])
        if verb is not None:
            yield from self._behind(verb, words[1:], word)

    def in_cell(self, words: list[str], word: str) -> Iterator[Candidate]:
        """Candidates behind ``%%kfp``."""
        if not words:
            yield from (Candidate(name, "kind", kind.help) for name, kind in KINDS.items() if name)
        kind = KINDS.get(words[0]) if words else None
        yield from self._behind(kind or KINDS[""], words[1:] if kind else words, word)

    def _behind(self, owner: Verb | Kind, words: list[str], word: str) -> Iterator[Candidate]:
        targets, used, waiting = _read(owner, words)
        if waiting is not None:
            yield from self._values(waiting, targets, words, "")
        elif word.startswith("--") and "=" in word:
            name = word.partition("=")[0]
            option = find_option(owner.options, name)
            if option is not None:
                yield from self._values(option, targets, words, f"{name}=")
        elif word.startswith("-"):
            yield from (
                Candidate(option.name, "option", option.help)
                for option in owner.options
                if option.repeat or option.name not in used
            )
        elif isinstance(owner, Verb) and owner.arguments:
            last = owner.arguments[-1]
            index = len(targets)
            if index < len(owner.arguments) or last.many:
                argument = owner.arguments[min(index, len(owner.arguments) - 1)]
                yield from self._targets(argument, owner, targets, word)

    def _targets(self, argument: Argument, verb: Verb, targets: list[str], word: str) -> Iterator[Candidate]:
        yield from (Candidate(choice, "word") for choice in argument.choices)
        if argument.kind == "pipeline":
            yield from self._pipelines(word)
        elif argument.kind == "run":
            yield from self._runs()
        elif argument.kind == "task":
            yield from self._tasks(word) if ":" in word else self._runs()
        elif argument.kind == "connection":
            yield from self._known("connections", "connection", ("local",))
        elif argument.kind == "schedule":
            if not targets:
                yield from (Candidate(act, "word") for act in SCHEDULE_ACTS)
                yield from self._pipelines(word)
            else:
                yield from self._known("schedules", "schedule")
        elif argument.kind == "thing":
            yield from self._runs()
            yield from self._pipelines(word)
        elif verb.name == "help":
            yield from (Candidate(name, "verb", known.help) for name, known in VERBS.items())
        elif verb.name == "config" and not targets:
            from ..session import OPTIONS

            yield from (Candidate(name, "option", about) for name, about in OPTIONS.items())

    def _values(self, option: Option, targets: list[str], words: list[str], head: str) -> Iterator[Candidate]:
        found: Iterable[Candidate] = ()
        if option.choices:
            found = (Candidate(choice, "value") for choice in option.choices)
        elif option.name == "--param":
            found = self._parameters(targets, words)
        elif option.name == "--params":
            found = (
                Candidate(name, "variable", "dict")
                for name, value in self._namespace.items()
                if isinstance(value, dict) and not name.startswith("_")
            )
        elif option.name == "--on":
            found = self._known("connections", "connection", ("local",))
        elif option.name == "--exp":
            found = self._known("experiments", "experiment", ("Default",))
        elif option.name == "--ns":
            found = self._known("namespaces", "namespace")
        elif option.value in ("FILE", "DIR"):
            found = self._files(("",))
        yield from (Candidate(head + each.text, each.kind, each.about) for each in found)

    def _parameters(self, targets: list[str], words: list[str]) -> Iterator[Candidate]:
        """Parameters that were not given yet, with their type and default; and the choices of each."""
        given = {word.partition("=")[0] for word in words if "=" in word}
        for item in self._inputs(targets[0]) if targets else ():
            if item.artifact or item.name in given:
                continue
            kind = TYPE_WORDS.get(item.type, item.type)
            default = f", default {shown_value(item.name, item.default)}" if item.has_default else ""
            yield Candidate(f"{item.name}=", "parameter", f"{kind}{default}")
            choices = item.literals or ((True, False) if item.type == "BOOLEAN" else ())
            yield from (
                Candidate(
                    f"{item.name}={str(choice).lower() if isinstance(choice, bool) else choice}", "value"
                )
                for choice in choices
            )

    def _inputs(self, name: str) -> tuple[Input, ...]:
        value = self._namespace.get(name)
        if is_component(value):
            return inputs_of_pipeline(value)
        draft = self._session.drafts.get(name)
        return draft.inputs if draft is not None else ()

    def _pipelines(self, word: str) -> Iterator[Candidate]:
        """Pipelines; behind an ``@`` also versions, with blanks escaped as the line needs it."""
        for name, value in list(self._namespace.items()):
            if not name.startswith("_") and is_pipeline(value):
                yield Candidate(name, "pipeline", "variable")
        yield from (Candidate(name, "pipeline", "draft") for name in self._session.drafts)
        yield from self._known("pipelines", "pipeline")
        if "@" in word:
            names = self._session.cache.get("versions", ())
            yield from (Candidate(name.replace(" ", "\\ "), "version") for name in names[:MOST])
        yield from self._files(_FILES)

    def _runs(self) -> Iterator[Candidate]:
        yield Candidate("last", "run", "the newest run")
        for name, value in list(self._namespace.items()):
            if isinstance(value, Handle) and not name.startswith("_"):
                yield Candidate(name, "run", str(value._header.get("name", "")))
        for handle in reversed(list(self._session.runs.values())):
            yield Candidate(handle.id[:8], "run", str(handle._header.get("name", "")))
        for identity, name in self._session.cache.get(f"runs:{self._session.connection}", ()):
            yield Candidate(identity[:8], "run", name)

    def _tasks(self, word: str) -> Iterator[Candidate]:
        head = word.partition(":")[0]
        handle = self._session.last if head == "last" else self._namespace.get(head)
        if not isinstance(handle, Handle):
            handle = next((run for run in self._session.runs.values() if run.id.startswith(head)), None)
        if handle is not None:
            yield from (Candidate(f"{head}:{path}", "task", state) for path, state in handle.seen.items())

    def _known(self, what: str, kind: str, always: tuple[str, ...] = ()) -> Iterator[Candidate]:
        yield from (Candidate(name, kind) for name in (*always, *self._session.cache.get(what, ())[:MOST]))

    def _files(self, endings: tuple[str, ...]) -> Iterator[Candidate]:
        try:
            names = sorted(entry.name for entry in os.scandir(".") if not entry.name.startswith("."))
        except OSError:
            return  # the folder of the kernel is gone: there is nothing to offer
        yield from (Candidate(name, "file") for name in names[:MOST] if name.endswith(endings))


def _read(owner: Verb | Kind, words: list[str]) -> tuple[list[str], set[str], Option | None]:
    """The targets before the cursor, the options used, and the option that waits for its value."""
    targets: list[str] = []
    used: set[str] = set()
    waiting: Option | None = None
    for word in words:
        if waiting is not None:
            waiting = None
        elif word.startswith("-"):
            option = find_option(owner.options, word.partition("=")[0])
            if option is not None:
                used.add(option.name)
                if option.value is not None and not option.optional and "=" not in word:
                    waiting = option
        else:
            targets.append(word)
    return targets, used, waiting
