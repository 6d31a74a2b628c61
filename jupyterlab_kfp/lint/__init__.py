"""Static checks of pipelines: of the source, of compiled components and of the compiled text.

``check_source`` reads a cell before it runs, ``check_pipeline`` a compiled pipeline with the sources of all its
components; ``require`` keeps a run with errors from being sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .finding import Edit, Finding, Findings, Fix, count_text, render

if TYPE_CHECKING:
    from ..cells import Cell
    from ..compile import Compiled

__all__ = [
    "Edit",
    "Finding",
    "Findings",
    "Fix",
    "check_pipeline",
    "check_shell",
    "check_source",
    "count_text",
    "describe",
    "hint",
    "lint",
    "render",
    "require",
]

#: What is raised where a task was meant: by ``kfp``, or by a plain function that got a pipeline's values.
_NO_TASK = re.compile(r"Task is missing|Pipeline\w*Channel|PipelineTask|has no attribute 'outputs?'")


def check_shell(body: str, inputs: Iterable[str], outputs: Iterable[str], first: int = 2) -> Findings:
    """Check the shell text of a ``%%kfp container`` cell.

    Args:
        inputs: Shell variables that hold inputs.
        outputs: Shell variables that hold the paths of outputs.
        first: Line of the cell at which the body begins.
    """
    from .commands import check_shell as check
    from .finding import arrange
    from .ignored import ignored

    hidden = ignored()
    return arrange(f for f in check(body, inputs, outputs, first) if f.rule not in hidden)


def check_source(text: str, cell: Cell | None = None, namespace: Mapping[str, Any] | None = None) -> Findings:
    """Check a cell before it runs; never raises, and gives nothing where the source is no Python.

    Args:
        text: The whole cell as the user wrote it, its ``%%kfp`` line too: lines of findings count from there.
        cell: Carried in the findings.
        namespace: Variables of the notebook now.
    """
    from .check import check_text
    from .ignored import ignored

    return check_text(text, cell, namespace, ignore=ignored())


def check_pipeline(compiled: Compiled, target: str | None = None, run: bool = False) -> Findings:
    """Check a compiled pipeline: the sources of its components, and its text by the gateway.

    Args:
        target: Connection that it is for; ``local`` and clusters lack different things.
        run: It is about to be run, so what no run can have is an error.
    """
    return describe(compiled, target, run)[0]


def describe(
    compiled: Compiled, target: str | None = None, run: bool = False
) -> tuple[Findings, Mapping[str, Any]]:
    """Check a compiled pipeline as ``check_pipeline`` does.

    Returns:
        The findings, and the gateway's description of the pipeline (``DescribeAnswer``) that holds them.
    """
    from .pipeline import check_compiled

    return check_compiled(compiled, target, run)


def require(compiled: Compiled, target: str | None = None) -> Findings:
    """Check a pipeline before it is sent.

    Returns:
        The warnings.

    Raises:
        KfpLintError: With every error found; nothing may be sent.
    """
    from ..errors import KfpLintError

    found = check_pipeline(compiled, target, run=True)
    if found.errors:
        raise KfpLintError(found.errors, compiled.name)
    return found


def hint(error: BaseException, findings: Iterable[Finding]) -> None:
    """Add the errors that were found in a cell to an exception of the same cell, which they may explain.

    Where there is none, a plain function that a pipeline calls may explain why there is no task.
    """
    listed = list(findings)
    lines = [str(finding) for finding in listed if finding.is_error]
    if not lines and _NO_TASK.search(str(error)):
        lines = [
            f"{finding} Put @dsl.component above it to make it one."
            for finding in listed
            if finding.rule == "KFP211"
        ]
    if not lines:
        return
    if hasattr(error, "add_note"):
        for line in lines:
            error.add_note(line)
    else:  # Python 3.10
        print("\n".join(lines))


def lint(target: Any = None, *, on: str | None = None) -> Findings:
    """Check a pipeline, a file, or every cell that this kernel has executed.

    Args:
        target: A pipeline, its name, or a file; None for all definitions of the notebook's kernel.
        on: Connection that it is for.
    """
    from .verb import check

    return check(target, on)
