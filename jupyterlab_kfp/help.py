"""The help of verbs and kinds, written from their table."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .grammar import Kind, Option, Verb
from .verbs import KINDS, VERBS

#: Widest column of options: a notebook's cell has about 90 characters.
WIDEST = 28


def help_text(name: str | None = None, prefix: str = "%kfp") -> str:
    """Write the help of one verb, or of all.

    Args:
        name: A verb; None lists them.
        prefix: How a line begins: ``%kfp`` or ``jupyter kfp``.
    """
    if name is not None and name in VERBS:
        return _verb_help(VERBS[name], prefix)
    here = [v for v in VERBS.values() if (v.magic if prefix == "%kfp" else v.cli)]
    width = max(len(v.name) for v in here)
    lines = [f"{prefix} VERB [TARGET …] [OPTION …]", ""]
    lines += [f"  {v.name:<{width}}  {v.help}" for v in here]
    if prefix == "%kfp":
        lines += ["", "%%kfp [KIND] [NAME] [OPTION …]", ""]
        lines += [f"  {k.name or '(none)':<{width}}  {k.help} The body is {k.body}." for k in KINDS.values()]
    lines += ["", f"{prefix} VERB -h shows more."]
    return "\n".join(lines)


def _verb_help(verb: Verb, prefix: str) -> str:
    usage = " ".join(
        [prefix, verb.name, *(a.usage for a in verb.arguments), *(["[OPTION …]"] if verb.options else [])]
    )
    lines = [usage, "", verb.help]
    notebook = prefix == "%kfp"
    options = [option for option in verb.options if notebook or option.cli]
    if options:
        lines += ["", *_options(options)]
    if verb.examples:
        # What only a notebook has is left out: variables.
        shown = [line if notebook else re.sub(r" --as \w+", "", line) for line in verb.examples]
        lines += ["", "Examples:", *(f"  {prefix} {line}" for line in shown if notebook or "{" not in line)]
    return "\n".join(lines)


def _options(options: Iterable[Option]) -> list[str]:
    """Options in two columns; one that is too wide for its column has a line of its own."""
    usages = [(option.usage, option.help) for option in options]
    width = max((len(usage) for usage, _ in usages if len(usage) <= WIDEST), default=WIDEST)
    lines = []
    for usage, about in usages:
        if len(usage) > width:
            lines += [f"  {usage}", f"  {'':<{width}}  {about}"]
        else:
            lines.append(f"  {usage:<{width}}  {about}")
    return lines


def cell_help(name: str) -> str:
    """Write the help of one kind of cell."""
    kind: Kind = KINDS[name]
    lines = [
        f"%%kfp {name} [NAME] [OPTION …]".replace("  ", " "),
        "",
        f"{kind.help} The body is {kind.body}.",
        "",
    ]
    lines += _options(kind.options)
    return "\n".join([*lines, "", "Examples:", *(f"  {line}" for line in kind.examples)])
