"""Completion in the kernel: words of the table and what is known already, never a request."""

from __future__ import annotations

import os
import signal

import pytest

from ..real_kernel import Kernel, completions

DEFINE = """%%kfp --quiet
from kfp import dsl
@dsl.component(base_image="python:3.12")
def step(rows: int, fast: bool = True) -> int:
    return rows
@dsl.pipeline
def train(rows: int, fast: bool = True, lr: float = 0.1):
    step(rows=rows, fast=fast)
"""


@pytest.fixture(scope="module", autouse=True)
def known(kernel: Kernel) -> None:
    kernel.ok(
        "%kfp connect local\nimport pathlib; pathlib.Path('saved.yaml').write_text('x'); values = {'a': 1}"
    )
    kernel.ok(DEFINE)
    kernel.ok("r = %kfp run train -p rows=1 --exp tuning --wait --quiet")
    kernel.ok("r.tasks\n%kfp ls experiments")
    kernel.ok(
        "%kfp upload train --pipeline stored --version v1\n%kfp upload train --pipeline stored --version 'v 2'"
    )
    kernel.ok("%kfp config ns team-a\n%kfp ls runs\n%kfp config ns ''\n")


CASES = [
    ("%kfp ru", ["run"]),
    ("x = %kfp ru", ["run"]),
    ("%kfp sta", ["status"]),
    ("%%kfp ", ["run", "component", "container", "yaml"]),
    ("%%kfp run --no", ["--no-cache", "--no-lint"]),
    ("%%kfp container fetch --im", ["--image"]),
    ("%kfp run tr", ["train"]),
    ("%kfp run sa", ["saved.yaml"]),
    ("%kfp run sto", ["stored"]),
    ("%kfp run stored@", ["stored@v1", "stored@v\\ 2"]),
    ("%kfp schedule stored@v1", ["stored@v1"]),
    ("%kfp run train --ns te", ["team-a"]),
    ("%kfp run train --show gr", ["graph"]),
    ("%kfp run train --show=gr", ["--show=graph"]),
    ("%kfp run train --on lo", ["local"]),
    ("%kfp run train --exp tu", ["tuning"]),
    ("%kfp run train --params va", ["values"]),
    ("%kfp run train -p ", ["rows=", "fast=", "fast=true", "fast=false", "lr="]),
    ("%kfp run train -p rows=1 -p l", ["lr="]),
    ("%kfp run train -p fast=f", ["fast=false"]),
    ("%kfp logs r:", ["r:step"]),
    ("%kfp logs last:st", ["last:step"]),
    ("%kfp attach la", ["last"]),
    ("%kfp ls exp", ["experiments"]),
    ("%kfp schedule tr", ["trigger", "train"]),
    ("%kfp help up", ["upload"]),
    ("%kfp config lint", ["lint.ignore"]),
    ("%kfp local st", ["start", "stop", "status"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_is_offered(text, expected, kernel):
    found, replaced, _ = completions(kernel, text)
    assert found == sorted(expected) or sorted(found) == sorted(expected)
    assert replaced == ("" if text.endswith(" ") else text.split()[-1])


def test_plain_lines_are_left_alone(kernel):
    found, _, _ = completions(kernel, "values.ke")
    assert any(each.endswith("keys") for each in found)


def test_a_gateway_that_hangs_is_not_noticed(kernel):
    gateway = kernel.home.address["pid"]
    os.kill(gateway, signal.SIGSTOP)
    try:
        found, _, seconds = completions(kernel, "%kfp run tr")
    finally:
        os.kill(gateway, signal.SIGCONT)
    assert found == ["train"] and seconds < 2
