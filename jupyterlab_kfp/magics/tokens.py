"""Split the line of a magic into words, as the grammar of ``%kfp`` says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import KfpUsageError, clip

_OPEN = {"{": "}", "[": "]", "(": ")"}


@dataclass(frozen=True)
class Token:
    """One word: literal text and ``{expr}`` parts in order.

    Attributes:
        parts: Pairs of kind (``text`` or ``expr``) and content.
        start: Offset in the line, for completion.
        end: Offset behind the last character.
    """

    parts: tuple[tuple[str, str], ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    quoted: bool = field(default=False, compare=False)

    @property
    def literal(self) -> str | None:
        """The text of a word without expressions; None where it has one."""
        if any(kind == "expr" for kind, _ in self.parts):
            return None
        return "".join(text for _, text in self.parts)

    @property
    def shown(self) -> str:
        """The word as a message may show it."""
        return clip("".join(text if kind == "text" else "{" + text + "}" for kind, text in self.parts))

    def split(self, mark: str) -> tuple[Token, Token] | None:
        """Cut at the first ``mark`` in literal text; None where there is none."""
        for index, (kind, text) in enumerate(self.parts):
            if kind == "text" and mark in text:
                left, right = text.split(mark, 1)
                before = (*self.parts[:index], ("text", left)) if left else self.parts[:index]
                after = (("text", right), *self.parts[index + 1 :]) if right else self.parts[index + 1 :]
                return Token(before, self.start, self.end), Token(after, self.start, self.end)
        return None


def text_token(text: str) -> Token:
    """A word of plain text."""
    return Token((("text", text),))


def tokenize(line: str) -> list[Token]:
    """Split on blanks; quotes group, ``{…}`` is one piece, ``\\`` escapes, ``#`` after a blank starts a
    comment.

    Raises:
        KfpUsageError: ``usage-value`` for a quote or a brace that is not closed.
    """
    line = line.replace("\\\r\n", "  ").replace("\\\n", "  ").replace("\n", " ")
    tokens: list[Token] = []
    at, size = 0, len(line)
    while at < size:
        if line[at].isspace():
            at += 1
            continue
        if line[at] == "#":
            break
        start = at
        parts: list[tuple[str, str]] = []
        text: list[str] = []
        quoted = False

        def flush(text: list[str] = text, parts: list[tuple[str, str]] = parts) -> None:
            if text:
                parts.append(("text", "".join(text)))
                text.clear()

        while at < size and not line[at].isspace():
            char = line[at]
            if char == "\\" and at + 1 < size:
                text.append(line[at + 1])
                at += 2
            elif char in "'\"":
                quoted = True
                at = _quoted(line, at, text, parts, flush)
            elif char == "{":
                end = brace_end(line, at)
                flush()
                parts.append(("expr", line[at + 1 : end]))
                at = end + 1
            else:
                text.append(char)
                at += 1
        flush()
        tokens.append(Token(tuple(parts), start, at, quoted))
    return tokens


def _quoted(
    line: str, at: int, text: list[str], parts: list[tuple[str, str]], flush: Callable[[], None]
) -> int:
    """Read a quoted piece that begins at ``at``; give the offset behind it."""
    quote, begin = line[at], at
    at += 1
    while at < len(line):
        char = line[at]
        if char == "\\" and at + 1 < len(line) and line[at + 1] in (quote, "\\", "{"):
            text.append(line[at + 1])
            at += 2
        elif char == quote:
            return at + 1
        elif char == "{":
            end = brace_end(line, at)
            flush()
            parts.append(("expr", line[at + 1 : end]))
            at = end + 1
        else:
            text.append(char)
            at += 1
    raise KfpUsageError("usage-value", f"The quote in {clip(line[begin:])} is not closed.")


def brace_end(line: str, at: int) -> int:
    """Offset of the brace that closes the one at ``at``; Python strings and brackets inside are stepped
    over.
    """
    waiting = ["}"]
    index = at + 1
    while index < len(line):
        char = line[index]
        if char in "'\"":
            index = _string_end(line, index)
            continue
        if char in _OPEN:
            waiting.append(_OPEN[char])
        elif char in "}])":
            if char != waiting[-1]:
                break
            waiting.pop()
            if not waiting:
                return index
        index += 1
    raise KfpUsageError(
        "usage-value", f"The brace in {clip(line[at:])} is not closed. A plain brace is \\{{."
    )


def _string_end(line: str, at: int) -> int:
    quote = line[at] * 3 if line.startswith(line[at] * 3, at) else line[at]
    index = at + len(quote)
    while index < len(line):
        if line[index] == "\\":
            index += 2
            continue
        if line.startswith(quote, index):
            return index + len(quote)
        index += 1
    return len(line)
