"""Write what is generated from the table of verbs: the reference in docs/magics.md and src/completion/verbs.json.

``--check`` writes nothing and ends with status 1 when something is not up to date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jupyterlab_kfp.grammar import Option  # noqa: E402
from jupyterlab_kfp.verbs import KINDS, VERBS  # noqa: E402

DOCS = ROOT / "docs" / "magics.md"
TABLE = ROOT / "src" / "completion" / "verbs.json"
BEGIN, END = "<!-- begin of the generated reference -->", "<!-- end of the generated reference -->"


def reference() -> str:
    """The verbs and kinds as Markdown."""
    lines = ["", "### Verbs", ""]
    for verb in VERBS.values():
        usage = " ".join(
            ["%kfp" if verb.magic else "jupyter kfp", verb.name, *(a.usage for a in verb.arguments)]
        )
        where = "" if verb.cli else " Only in a notebook." if verb.magic else " Only on the command line."
        lines += [f"#### `{usage}`", "", f"{verb.help}{where}", ""]
        lines += _options(verb.options)
        lines += [
            "```",
            *(f"{'%kfp' if verb.magic else 'jupyter kfp'} {line}" for line in verb.examples),
            "```",
            "",
        ]
    lines += ["### Kinds of cells", ""]
    for kind in KINDS.values():
        lines += [f"#### `{f'%%kfp {kind.name}'.strip()}`", "", f"{kind.help} The body is {kind.body}.", ""]
        lines += _options(kind.options)
        lines += ["```", *kind.examples, "```", ""]
    return "\n".join(lines)


def _options(options: tuple[Option, ...]) -> list[str]:
    return [*(f"- `{option.usage}` – {option.help}" for option in options), ""] if options else []


def docs(text: str) -> str:
    """The page with its reference written anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{reference()}\n{END}{tail}"


def table() -> str:
    """The words that completion in the browser needs."""

    def option(each: Option) -> dict[str, object]:
        found: dict[str, object] = {"name": each.name, "help": each.help}
        if each.value is not None:
            found["value"] = each.value
        if each.choices:
            found["choices"] = list(each.choices)
        if each.repeat:
            found["repeat"] = True
        if each.optional:
            found["optional"] = True
        if each.short:
            found["short"] = each.short
        return found

    verbs = [
        {
            "name": verb.name,
            "help": verb.help,
            "arguments": [
                {"kind": a.kind, "choices": list(a.choices), "many": a.many} for a in verb.arguments
            ],
            "options": [option(each) for each in verb.options],
        }
        for verb in VERBS.values()
        if verb.magic
    ]
    kinds = [
        {"name": kind.name, "help": kind.help, "options": [option(each) for each in kind.options]}
        for kind in KINDS.values()
    ]

    def lines(rows: list[dict[str, object]]) -> str:
        return ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in rows)

    # One verb a line: a change of one is a change of its line.
    return f'{{\n  "verbs": [\n{lines(verbs)}\n  ],\n  "kinds": [\n{lines(kinds)}\n  ]\n}}\n'


def main() -> int:
    """Write, or check."""
    wanted = {DOCS: docs(DOCS.read_text(encoding="utf-8")), TABLE: table()}
    if "--check" in sys.argv[1:]:
        stale = [
            path
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not up to date: run scripts/write-verbs.py")
        return 1 if stale else 0
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
