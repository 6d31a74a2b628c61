"""Ctrl-C while a cell compiles, submits, waits or follows a log; and waits that end by themselves."""

from __future__ import annotations

import os
import signal
import time

import pytest

from ..real_kernel import Kernel

NAP = """%%kfp --quiet
from kfp import dsl
@dsl.component(base_image="python:3.12")
def nap(seconds: int) -> int:
    import time
    print("sleeping", flush=True)
    time.sleep(seconds)
    return seconds
@dsl.pipeline
def napping(seconds: int = 60):
    nap(seconds=seconds).set_caching_options(False)
"""


@pytest.fixture(scope="module", autouse=True)
def defined(kernel: Kernel) -> None:
    kernel.ok("%kfp connect local")
    kernel.ok(NAP)


def started(kernel: Kernel, cell: str) -> str:
    """Start a cell and wait until it has made a run."""
    before = len(list((kernel.home.folder / "data" / "jupyterlab-kfp" / "runs").glob("*/t*/a0")))
    identity = kernel.start(cell)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if len(list((kernel.home.folder / "data" / "jupyterlab-kfp" / "runs").glob("*/t*/a0"))) > before:
            time.sleep(0.5)
            return identity
        time.sleep(0.05)
    raise AssertionError("no task has started")


def test_one_interrupt_ends_the_wait_and_not_the_run(kernel):
    identity = started(kernel, "%kfp run napping --as r --wait")
    kernel.interrupt()
    answer = kernel.finish(identity)
    assert "Still running: napping" in answer.text and "Interrupt again within 3 s to stop it." in answer.text
    (error,) = answer.errors
    assert error.startswith("WaitInterrupted [interrupted]: the run goes on. %kfp stop ")
    assert answer.runs[-1]["runs"][0]["snapshot"]["state"] == "RUNNING"
    assert kernel.value("r.state") == "RUNNING"
    kernel.ok("%kfp stop r")


def test_two_interrupts_stop_the_run(kernel):
    identity = started(kernel, "%kfp run napping --as r --wait")
    kernel.interrupt()
    time.sleep(1)
    kernel.interrupt()
    answer = kernel.finish(identity)
    (error,) = answer.errors
    assert "Stop was sent to napping" in answer.text and "was told to stop" in error
    assert kernel.value("r.wait(check=False, timeout='20s').state") == "CANCELED"


def test_an_interrupt_during_the_submit_names_the_run_that_was_made(kernel):
    gateway = kernel.home.address["pid"]
    os.kill(gateway, signal.SIGSTOP)
    try:
        identity = kernel.start("%kfp run napping -p seconds=30 --no-lint")
        time.sleep(2)
        kernel.interrupt()
        time.sleep(0.5)
    finally:
        os.kill(gateway, signal.SIGCONT)
    answer = kernel.finish(identity)
    assert answer.status == "error" and "KeyboardInterrupt" in answer.errors[0]
    assert "Interrupted, but the run was made: napping" in answer.text
    kernel.ok("%kfp stop last")


def test_following_a_log_just_ends(kernel):
    kernel.ok("%kfp run napping -p seconds=30 --as r")
    identity = kernel.start("%kfp logs r:nap --follow")
    time.sleep(2)
    kernel.interrupt()
    answer = kernel.finish(identity)
    assert answer.status == "ok" and answer.text.endswith("sleeping\n")
    kernel.ok("%kfp stop r")


def test_waits_for_canceled_and_deleted_runs_end(kernel):
    kernel.ok("%kfp run napping -p seconds=30 --as r --quiet\n%kfp stop r")
    assert "RunCanceled [run-canceled]" in kernel.run("%kfp wait r").error
    kernel.ok("%kfp run napping -p seconds=1 --as r --wait --quiet")
    kernel.ok("from jupyterlab_kfp import session as _s; _s.current().client.delete(r.path)")
    error = kernel.run("%kfp wait r --timeout 10s --quiet").error
    assert "was deleted on local" in error


def test_a_limit_that_is_over_says_that_the_run_goes_on(kernel):
    error = kernel.run("%kfp run napping -p seconds=20 --as r --wait=1s").error
    assert (
        error.startswith("WaitTimeout [wait-timeout]: napping")
        and "did not end within 1s and goes on" in error
    )
    assert kernel.value("r.state") in ("RUNNING", "PENDING")
    kernel.ok("r.stop()")
