"""The local service beside `kfp.local` and beside the floor, a bare fork per task."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
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
    first = rig.run_to_end(gateway.endpoint, package, {"x": 1000}, cache=True)
    cached = statistics.median(
        rig.run_to_end(gateway.endpoint, package, {"x": 1000}, cache=True) for _ in range(3)
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
    package = rig.compiled("loop", folder, 1000)
    small = rig.compiled("loop", folder, 10)
    rig.run_to_end(gateway.endpoint, small)
    before = gateway.rss_mb()
    begin = time.perf_counter()
    run = rig.start_run(gateway.endpoint, package)
    answers: list[float] = []
    peak = before
    while True:
        asked = time.perf_counter()
        answer = rig.ask(gateway.endpoint, f"runs/{run}")
        answers.append(time.perf_counter() - asked)
        state = json.loads(answer)["state"]
        peak = max(peak, gateway.rss_mb())
        if state in ("SUCCEEDED", "FAILED"):
            break
        time.sleep(0.1)
    seconds = time.perf_counter() - begin
    p95 = percentile(answers) * 1000
    floor = floor_seconds(1000)
    return [
        Row(
            "loop of 1,000 tasks", f"{seconds:.1f} s", f"one by one {floor:.1f} s", seconds / floor, "<= 60 s"
        ),
        Row(
            "memory while it runs",
            f"+{peak - before:.0f} MB",
            f"before {before:.0f} MB",
            peak / before,
            "+-30 MB",
        ),
        Row("GET run meanwhile, p95", f"{p95:.0f} ms", "goal 50 ms", p95 / 50, "<= 50 ms"),
    ]


def listing(gateway: rig.Gateway, folder: str) -> Row:
    """Lists of 10,000 runs, filtered, sorted and paged, beside the same question to a hundred."""
    rig.run_to_end(gateway.endpoint, rig.compiled("loop", folder, 10))
    copies(gateway, 100)
    few = answer_times(gateway)
    copies(gateway, 10_000)
    many = answer_times(gateway)
    return Row(
        "page of 10,000 runs, p95",
        f"{percentile(many) * 1000:.1f} ms",
        f"100 runs {percentile(few) * 1000:.1f} ms",
        percentile(many) / percentile(few),
        "<= 20 ms",
    )


def copies(gateway: rig.Gateway, count: int) -> None:
    """Multiply the newest run, with all it left in the store, straight in the store: executing ten thousand would take a day."""
    with contextlib.closing(sqlite3.connect(gateway.database)) as store, store:
        kept = store.execute("SELECT id FROM runs ORDER BY created_at DESC LIMIT 1").fetchone()[0]
        runs = [column[1] for column in store.execute("PRAGMA table_info(runs)")]
        tasks = [column[1] for column in store.execute("PRAGMA table_info(tasks)")]
        texts = [column[1] for column in store.execute("PRAGMA table_info(run_texts)")]
        changed = {
            "id": "printf('%s-%05d', :mark, value)",
            "name": "printf('run number %d', value)",
            "state": "CASE value % 3 WHEN 0 THEN 'FAILED' ELSE 'SUCCEEDED' END",
            "created_at": "created_at - value * 1000",
        }
        of_task = {"task_id": "printf('%s-%05d-%d', :mark, value, number)", "run_id": changed["id"]}
        numbers = (
            "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < :count)"
        )
        given = {"mark": f"copy-{count}", "count": count, "kept": kept}
        for table, columns, own, key in (
            ("runs", runs, changed, "id"),
            ("tasks", tasks, of_task, "run_id"),
            ("run_texts", texts, {"run_id": changed["id"]}, "run_id"),
        ):
            store.execute(
                f"{numbers} INSERT INTO {table} ({', '.join(columns)}) "
                f"SELECT {', '.join(own.get(name, name) for name in columns)} FROM {table}, n WHERE {key} = :kept",
                given,
            )


def answer_times(gateway: rig.Gateway) -> list[float]:
    """Ask for pages in different orders and return the seconds of each answer."""
    times = []
    substring = {"operation": "IS_SUBSTRING", "key": "name", "string_value": "7"}
    failed = {"operation": "EQUALS", "key": "state", "string_value": "FAILED"}
    for order in ("created_at desc", "name", "created_at", "finished_at desc", "name desc"):
        for predicates in ([], [substring], [failed]):
            token = ""
            for _ in range(3):
                query = urllib.parse.urlencode(
                    {
                        "page_size": 20,
                        "sort_by": order,
                        "filter": json.dumps({"predicates": predicates}),
                        "page_token": token,
                    }
                )
                begin = time.perf_counter()
                page = rig.ask(gateway.endpoint, f"runs?{query}")
                times.append(time.perf_counter() - begin)
                token = json.loads(page).get("next_page_token", "")
    return times


def percentile(values: list[float], share: float = 0.95) -> float:
    """Return the value below which this share of all values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure() -> list[Row]:
    """Measure everything about the local service."""
    with rig.gateway() as gateway, tempfile.TemporaryDirectory() as folder:
        rows = chain(gateway, folder)
        rows.append(wide(gateway, folder))
        rows += loop(gateway, folder)
        rows.append(listing(gateway, folder))
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
        node = Path(rig.ROOT) / "jupyterlab_kfp" / "node"
        size = sum(file.stat().st_size for file in node.glob("*.mjs")) / 1e6
        return [
            Row("gateway ready", f"{ready:.0f} ms", f"bare node {bare:.0f} ms", ready / bare, "<= 300 ms"),
            Row(
                "gateway idle memory",
                f"{idle:.0f} MB",
                f"bare node {(bare_mb := bare_node_mb()):.0f} MB",
                idle / bare_mb,
                "<= 90 MB",
            ),
            Row("gateway idle CPU", f"{share:.1f} %", "goal 0 %", share, "0 %"),
            Row("gateway bundle", f"{size:.1f} MB", "", size, ""),
        ]


def bare_node_ms() -> float:
    """Return the milliseconds until a Node process with nothing but a listening socket says so."""
    code = "require('http').createServer().listen(0,'127.0.0.1',()=>{console.log('up');process.exit()})"
    begin = time.perf_counter()
    subprocess.run([str(rig.BIN / "node"), "-e", code], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def bare_node_mb() -> float:
    """Return the resident memory of a Node process with nothing but a listening socket."""
    code = "require('http').createServer().listen(0,'127.0.0.1',()=>{console.log('up')})"
    with subprocess.Popen([str(rig.BIN / "node"), "-e", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            return rig.Gateway(process.pid, "", 0, Path()).rss_mb()
        finally:
            process.kill()
