"""The local service beside `kfp.local` and beside the floor, a bare process per task."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import rig
from table import Row


def floor_seconds(count: int) -> float:
    """Return the seconds that forking and running `count` components needs with nothing around them."""
    program = Path(__file__).with_name("floor.py")
    done = subprocess.run(
        [sys.executable, str(program), str(count)], check=True, capture_output=True, text=True
    )
    return float(done.stdout.splitlines()[-1])


def chain(gateway: rig.Gateway, folder: str) -> list[Row]:
    """A chain of 20 trivial Python tasks, uncached, warm; each round beside a floor of the same moment."""
    package = rig.compiled("chain", folder, 20)
    rig.run_to_end(gateway.endpoint, package)  # builds the environment: not part of the claim
    rounds = [
        (rig.run_to_end(gateway.endpoint, package, {"x": start}), floor_seconds(20)) for start in range(5)
    ]
    ours = statistics.median(seconds for seconds, _ in rounds)
    floor = statistics.median(seconds for _, seconds in rounds)
    theirs = rig.kfp_local_seconds("chain", 20)
    first = rig.run_to_end(gateway.endpoint, package, {"x": 77}, cache=True)
    cached = statistics.median(
        rig.run_to_end(gateway.endpoint, package, {"x": 77}, cache=True) for _ in range(3)
    )
    return [
        Row(
            "chain of 20 tasks", f"{ours:.2f} s", f"kfp.local {theirs:.2f} s", theirs / ours, ">= 10x faster"
        ),
        Row(
            "the same beside fork-and-run",
            f"{ours:.2f} s",
            f"floor {floor:.2f} s",
            ours / floor,
            "<= 2x the floor",
        ),
        Row(
            "20 tasks, all cached",
            f"{cached * 1000:.0f} ms",
            f"uncached {first:.2f} s",
            first / cached,
            "<= 300 ms",
        ),
    ]


def wide(gateway: rig.Gateway, folder: str) -> Row:
    """16 independent tasks of one second."""
    ours = rig.run_to_end(gateway.endpoint, rig.compiled("wide", folder, 16))
    theirs = rig.kfp_local_seconds("wide", 16)
    return Row("16 tasks of 1 s", f"{ours:.2f} s", f"kfp.local {theirs:.1f} s", theirs / ours, "<= 2.0 s")


def loop(gateway: rig.Gateway, folder: str) -> list[Row]:
    """A loop of 1,000 trivial tasks: time, memory, and answers meanwhile."""
    speaker = rig.client(gateway.endpoint)
    package = rig.compiled("loop", folder, 1000)
    before = gateway.rss_mb()
    begin = time.perf_counter()
    run = speaker.create_run_from_pipeline_package(package, enable_caching=False)
    answers: list[float] = []
    peak = before
    while True:
        asked = time.perf_counter()
        state = speaker.get_run(run.run_id).state
        answers.append(time.perf_counter() - asked)
        peak = max(peak, gateway.rss_mb())
        if state in ("SUCCEEDED", "FAILED"):
            break
        time.sleep(0.25)
    seconds = time.perf_counter() - begin
    answers.sort()
    p95 = answers[int(len(answers) * 0.95)] * 1000
    return [
        Row("loop of 1,000 tasks", f"{seconds:.1f} s", "goal 60 s", 60 / seconds, "<= 60 s"),
        Row(
            "memory while it runs",
            f"+{peak - before:.0f} MB",
            "goal 30 MB",
            30 / max(peak - before, 1),
            "+-30 MB",
        ),
        Row("GET run meanwhile, p95", f"{p95:.0f} ms", "goal 50 ms", 50 / p95, "<= 50 ms"),
    ]


def measure() -> list[Row]:
    """Measure everything about the local service."""
    with rig.gateway() as gateway, tempfile.TemporaryDirectory() as folder:
        rows = chain(gateway, folder)
        rows.append(wide(gateway, folder))
        rows += loop(gateway, folder)
        return rows


def measure_gateway() -> list[Row]:
    """Start time and memory beside a bare Node process that listens."""
    with rig.gateway() as gateway:
        time.sleep(3)
        idle = gateway.rss_mb()
        used = gateway.cpu_seconds()
        time.sleep(5)
        share = (gateway.cpu_seconds() - used) / 5 * 100
        ready, bare = gateway.ready_ms, bare_node_ms()
        size = (Path(rig.ROOT) / "jupyterlab_kfp" / "node" / "gateway.mjs").stat().st_size / 1e6
        return [
            Row("gateway ready", f"{ready:.0f} ms", f"bare node {bare:.0f} ms", ready / bare, "<= 300 ms"),
            Row("gateway idle memory", f"{idle:.0f} MB", "goal 90 MB", idle / 90, "<= 90 MB"),
            Row("gateway idle CPU", f"{share:.1f} %", "goal 0 %", share, "0 %"),
            Row("gateway bundle", f"{size:.1f} MB", "", size, ""),
        ]


def bare_node_ms() -> float:
    """Return the milliseconds until a Node process with nothing but a listening socket says so."""
    code = "require('http').createServer().listen(0,'127.0.0.1',()=>{console.log('up');process.exit()})"
    begin = time.perf_counter()
    subprocess.run([str(rig.BIN / "node"), "-e", code], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000
