"""Write the table of checks in ``docs/checks.md`` from the table that the code uses."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_kfp.lint.rules import RULES, Rule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "checks.md"
BEGIN = "<!-- rules: written by scripts/write-checks.py -->"
END = "<!-- end of rules -->"


def table() -> str:
    """The rules as a table of Markdown, as prettier leaves it."""
    head = ("Rule", "Level", "Found when", "Message, for example")
    rows = [head, *(_row(rule) for rule in RULES.values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def _row(rule: Rule) -> tuple[str, ...]:
    texts = (f"{rule.id} {rule.name}", rule.level, rule.when, f"`{rule.example}`")
    return tuple(text.replace("|", "\\|") for text in texts)


def page(before: str) -> str:
    """The page with the table of now."""
    head, _, rest = before.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
