"""Every rule of the source fires where it should, at the right line with its words, and only there."""

from __future__ import annotations

import ast

import pytest

from jupyterlab_kfp.lint import check_source
from jupyterlab_kfp.lint.rules import RULES

from .cases import Case
from .harness import applied, only
from .rule_cases import FIRES, SILENT
from .test_component_names import FIRES as NAMES


@pytest.mark.parametrize("case", FIRES, ids=lambda case: f"{case.rule}-{case.line}")
def test_it_fires(case: Case):
    finding = only(case.rule, check_source(case.cell))
    assert (finding.message, finding.line, finding.level) == (case.message, case.line, case.level)
    # Nothing else is wrong with the cell at this level.
    others = [f for f in check_source(case.cell) if f.is_error and f.rule not in (case.rule, "KFP401")]
    assert others == []
    if case.fixed is not None:
        assert applied(case.cell, finding) == case.fixed


@pytest.mark.parametrize(
    "case", [c for c in (*FIRES, *NAMES) if c.fixed], ids=lambda case: f"{case.rule}-{case.line}"
)
def test_a_quick_fix_ends_its_finding(case: Case):
    finding = only(case.rule, check_source(case.cell))
    mended = applied(case.cell, finding)
    ast.parse(mended)
    assert [f for f in check_source(mended) if f.rule == case.rule] == []


@pytest.mark.parametrize("rules", SILENT)
def test_it_stays_silent_on_correct_code(rules: str):
    ast.parse(SILENT[rules])
    assert [str(f) for f in check_source(SILENT[rules])] == []


def test_every_rule_of_the_source_has_both():
    rules = {rule.id for rule in RULES.values() if rule.stage == "source"} | {"KFP307"}
    assert rules <= {case.rule for case in (*FIRES, *NAMES)}
    silent = {rule for key in SILENT for rule in key.split()}
    assert {rule for rule in rules if rule > "KFP105"} <= silent
