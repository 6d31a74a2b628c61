"""What verbs, kinds, arguments and options are made of. ``verbs`` holds the one table of them."""

from __future__ import annotations

from dataclasses import dataclass

#: What a positional argument is; decides how it is resolved and what completion offers.
TARGETS = ("pipeline", "run", "task", "connection", "schedule", "thing", "word")


@dataclass(frozen=True)
class Option:
    """An option.

    Attributes:
        name: With its dashes.
        help: One sentence.
        value: Name of the value; None for a switch.
        short: Another spelling.
        repeat: May be given more than once.
        optional: The value may be left out, as in ``--wait`` and ``--wait=10m``.
        choices: The values allowed; empty for any.
        cli: False where it makes no sense without a notebook.
        key: Name in the request.
    """

    name: str
    help: str
    value: str | None = None
    short: str | None = None
    repeat: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    cli: bool = True

    @property
    def key(self) -> str:
        """Name under which the parsed value is kept."""
        return self.name.lstrip("-").replace("-", "_")

    @property
    def usage(self) -> str:
        """How it is written."""
        shown = "|".join(self.choices) if self.choices else self.value
        long = (
            self.name
            if shown is None
            else f"{self.name}[={shown}]"
            if self.optional
            else f"{self.name} {shown}"
        )
        return f"{self.short}, {long}" if self.short else long


@dataclass(frozen=True)
class Argument:
    """A positional argument: its name for people and its kind from ``TARGETS``."""

    name: str
    kind: str
    required: bool = True
    many: bool = False
    choices: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it is written."""
        shown = "|".join(self.choices) or self.name
        shown = f"{shown} …" if self.many else shown
        return shown if self.required else f"[{shown}]"


@dataclass(frozen=True)
class Verb:
    """A verb.

    Attributes:
        name: The word.
        help: One sentence.
        arguments: Positional arguments in order.
        options: Its options.
        examples: Lines as a user types them behind ``%kfp``.
        cli: False where it makes no sense without a notebook.
        magic: False where it is for the command line alone.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    cli: bool = True
    magic: bool = True

    def option(self, word: str) -> Option | None:
        """Find an option by the way it was typed."""
        return find_option(self.options, word)


@dataclass(frozen=True)
class Kind:
    """A kind of ``%%kfp`` cell: what its body is and which options it takes."""

    name: str
    help: str
    body: str
    options: tuple[Option, ...]
    examples: tuple[str, ...] = ()

    def option(self, word: str) -> Option | None:
        """Find an option by the way it was typed."""
        return find_option(self.options, word)


def find_option(options: tuple[Option, ...], word: str) -> Option | None:
    """Find an option by the way it was typed."""
    return next((option for option in options if word in (option.name, option.short)), None)
