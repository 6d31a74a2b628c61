"""Run every check and every test suite; end with one line that adds them up.

A check (lint, types, packaging) counts as one test. A suite that could not run, or that executed no test,
counts as one failure: silence is never success. Where CI is set, what failed is tried twice more (a shared machine
may stall for seconds); what passes only then is named after the table, so that it gets mended.
``--only a,b`` runs some suites during development.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from machine import bring_browser, bring_podman, bring_ui_tests

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
REPORTS = ROOT / ".test-reports"


@dataclass
class Count:
    """How many tests a suite passed, failed and skipped, and what failed: name and first line of why."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped


@dataclass
class Suite:
    """One runner: its command, and how its report is counted (none = the exit status is one test).

    ``only_failed`` repeats nothing but what failed: an option, or a function from names to a whole command.
    """

    name: str
    command: list[str]
    count: Callable[[], Count] | None = None
    cwd: Path = ROOT
    env: dict[str, str] | None = None
    prepare: Callable[[], None] | None = None
    only_failed: str | Callable[[list[str]], list[str]] | None = None
    #: Runs only where ``--only`` names it.
    on_demand: bool = False
    #: Suites of one group that follow each other run two at a time.
    group: str = ""


def first_line(text: str | None) -> str:
    """Cut a failure's text to the line that says most, without terminal colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text or "").strip().splitlines()
    return lines[0].strip()[:160] if lines else ""


def count_junit(path: Path) -> Count:
    """Count a JUnit report; a test case is one test, suites are not counted twice."""
    count = Count()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        tags = {child.tag for child in case}
        if tags & {"failure", "error"}:
            count.failed += 1
            why = next(child for child in case if child.tag in ("failure", "error"))
            count.failures.append((case.get("name", ""), first_line(why.get("message") or why.text)))
        elif "skipped" in tags:
            count.skipped += 1
        else:
            count.passed += 1
    return count


def count_jest(path: Path) -> Count:
    """Count jest's JSON report; a file that did not load is one failure."""
    report = json.loads(path.read_text())
    broken = [
        (file["name"], first_line(file["message"]))
        for file in report["testResults"]
        if file["status"] == "failed" and not file["assertionResults"]
    ]
    failures = [
        (test["fullName"], first_line(next(iter(test["failureMessages"]), "")))
        for file in report["testResults"]
        for test in file["assertionResults"]
        if test["status"] == "failed"
    ]
    failed = report["numFailedTests"] + len(broken)
    return Count(report["numPassedTests"], failed, report["numPendingTests"], failures + broken)


def count_playwright(path: Path) -> Count:
    """Count Playwright's JSON report; a flaky test is a failure."""
    report = json.loads(path.read_text())
    stats = report["stats"]
    failures: list[tuple[str, str]] = []
    suites = list(report["suites"])
    while suites:
        inner = suites.pop()
        suites += inner.get("suites", [])
        for spec in inner.get("specs", []):
            errors = [e for test in spec["tests"] for result in test["results"] for e in result["errors"]]
            if errors:
                failures.append((spec["title"], first_line(errors[0].get("message"))))
    return Count(stats["expected"], stats["unexpected"] + stats["flaky"], stats["skipped"], failures)


def node_tests(names: list[str], report: Path) -> list[str]:
    """Write the command of Node's test runner, for all tests or for those of these names."""
    if any(name.endswith(".test.ts") for name in names):
        names = []  # The file failed as a whole.
    return [
        "node",
        "--conditions=jupyterlab-kfp-source",
        "--test",
        # Node matches the pattern against the test's name with those of its suites before it.
        *(f"--test-name-pattern={re.escape(name)}$" for name in names),
        "--test-reporter=./scripts/failures-reporter.mjs",
        "--test-reporter-destination=stdout",
        "--test-reporter=junit",
        f"--test-reporter-destination={report}",
        "model/src/**/*.test.ts",
        "gateway/src/**/*.test.ts",
    ]


def python_tests(names: list[str], report: Path) -> list[str]:
    """Write the command of pytest, for all tests or for the files in which tests of these names failed.

    Whole files, because the cells of one notebook build on each other.
    """
    files = set()
    if names:
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            parts = case.get("classname", "").split(".")
            while parts and not (ROOT / "/".join(parts)).with_suffix(".py").is_file():
                parts.pop()
            if parts and case.get("name") in names:
                files.add("/".join(parts) + ".py")
    return [str(BIN / "python"), "-m", "pytest", "-q", f"--junitxml={report}", *sorted(files)]


def kernel_suite(name: str, on_demand: bool = False) -> Suite:
    """The magics in a kernel of other versions: one of the environments of ``kernel-environment.py``."""
    python, report = str(BIN / "python"), REPORTS / f"{name}.xml"
    build = [python, "scripts/kernel-environment.py", name]
    tests = [f"jupyterlab_kfp/tests/magics/test_{part}.py" for part in ("example_cells", "python_api")]
    return Suite(
        name,
        [python, "-m", "pytest", "-q", *tests, f"--junitxml={report}"],
        lambda: count_junit(report),
        env={"KFP_TEST_PYTHON": str(BIN.parent / name / "bin" / "python")},
        prepare=lambda: subprocess.run(build, cwd=ROOT, check=True) and None,
        on_demand=on_demand,
    )


def browser_projects() -> list[str]:
    """Name the browser projects that have tests."""
    # The longest first: it takes one of two lanes for itself.
    folders = {
        "lab": ["lab"],
        "stories": ["stories"],
        "notebook": ["notebook"],
        "hub": ["secured"],
        "token": ["secured"],
    }
    tests = ROOT / "ui-tests" / "tests"
    return [name for name, places in folders.items() if all((tests / place).is_dir() for place in places)]


def suites() -> list[Suite]:
    """Name every suite, fast ones first."""
    jlpm = str(BIN / "jlpm")
    python = str(BIN / "python")
    jest, node, pytest = REPORTS / "jest.json", REPORTS / "node.xml", REPORTS / "pytest.xml"
    notebooks = REPORTS / "notebooks.xml"
    rows = [
        Suite("lint", [jlpm, "lint:check"], group="checks"),
        Suite("types", [jlpm, "typecheck"], prepare=bring_ui_tests, group="checks"),
        Suite("ruff", [str(BIN / "ruff"), "check", "."], group="checks"),
        Suite("ruff-format", [str(BIN / "ruff"), "format", "--check", "."], group="checks"),
        Suite("mypy", [str(BIN / "mypy")], group="checks"),
        Suite("installed", [python, "scripts/check-installed.py"], group="checks"),
        Suite(
            "jest", [jlpm, "jest", "--json", f"--outputFile={jest}"], lambda: count_jest(jest), group="checks"
        ),
        Suite(
            "node",
            node_tests([], node),
            lambda: count_junit(node),
            prepare=bring_podman,
            only_failed=lambda names: node_tests(names, node),
        ),
        Suite(
            "pytest",
            python_tests([], pytest),
            lambda: count_junit(pytest),
            only_failed=lambda names: python_tests(names, pytest),
        ),
        Suite(
            "notebooks",
            [python, "-m", "pytest", "-q", "examples/tests", f"--junitxml={notebooks}"],
            lambda: count_junit(notebooks),
            only_failed="--last-failed",
        ),
        kernel_suite("oldest"),
        # Each takes a minute and a Python that not every machine has.
        kernel_suite("python3.12", on_demand=True),
        kernel_suite("python3.13", on_demand=True),
        Suite("wheel", [python, "scripts/check-wheel.py"]),
    ]
    for project in browser_projects():
        report = REPORTS / f"browser-{project}.json"
        rows.append(
            Suite(
                f"browser-{project}",
                [jlpm, "playwright", "test", f"--project={project}"],
                lambda report=report: count_playwright(report),
                cwd=ROOT / "ui-tests",
                env={"PLAYWRIGHT_JSON_OUTPUT_NAME": str(report), "JUPYTERLAB_KFP_PROJECT": project},
                prepare=bring_browser,
                only_failed="--last-failed",
                group="browsers",
            )
        )
    return rows


def run(suite: Suite, command: list[str]) -> Count:
    """Run one suite to its end, whatever happens, and count it."""
    if not suite.group:
        print(f"\n=== {suite.name}", flush=True)
    env = {**os.environ, **(suite.env or {})}
    try:
        if suite.prepare:
            suite.prepare()
        if suite.group:
            # Two at once would write between each other's lines.
            done = subprocess.run(
                command, cwd=suite.cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            print(f"\n=== {suite.name}\n{done.stdout}", end="", flush=True)
            status = done.returncode
        else:
            status = subprocess.run(command, cwd=suite.cwd, env=env).returncode
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"{suite.name} did not run: {error}", flush=True)
        return Count(failed=1)
    if suite.count is None:
        return Count(1) if status == 0 else Count(failed=1, failures=[(suite.name, f"status {status}")])
    try:
        count = suite.count()
    except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
        print(f"{suite.name} left no report: {error}", flush=True)
        return Count(failed=1)
    if count.passed + count.failed == 0:
        print(f"{suite.name} executed no test.", flush=True)
        count.failed = 1
    elif status != 0 and count.failed == 0:
        print(f"{suite.name} ended with status {status}.", flush=True)
        count.failed = 1
    return count


def run_again(suite: Suite, before: Count) -> Count:
    """Repeat what failed; the tests that passed before stay counted."""
    print(f"\n{suite.name} failed ({before.failed}): once more", flush=True)
    # A suite that failed as a whole left no list of failed tests behind.
    if suite.only_failed is None or not before.failures:
        return run(suite, suite.command)
    if isinstance(suite.only_failed, str):
        command = [*suite.command, suite.only_failed]
    else:
        command = suite.only_failed([name for name, _ in before.failures])
    if command == suite.command:
        return run(suite, command)
    count = run(suite, command)
    # Files without a chosen test, or tests beside a chosen one, count as passed, too.
    mended = max(0, min(count.passed, before.failed - count.failed))
    return Count(before.passed + mended, count.failed, before.skipped, count.failures)


@dataclass
class Outcome:
    """What became of a suite: what it counts in the end, and what failed before it was repeated."""

    suite: str
    count: Count
    seconds: float
    failed_once: list[tuple[str, str]]


def run_suite(suite: Suite) -> Outcome:
    """Run a suite; where CI is set, what failed is repeated, up to twice."""
    begin = time.monotonic()
    failed_once: list[tuple[str, str]] = []
    count = run(suite, suite.command)
    for _ in range(2 if "CI" in os.environ else 0):
        if count.failed == 0:
            break
        failed_once += count.failures
        count = run_again(suite, count)
    return Outcome(suite.name, count, time.monotonic() - begin, failed_once)


def run_all(chosen: list[Suite]) -> list[Outcome]:
    """Run suites in their order, those of a group two at a time."""
    outcomes: list[Outcome] = []
    for group, members in itertools.groupby(chosen, key=lambda suite: suite.group):
        suites = list(members)
        if not group:
            outcomes += map(run_suite, suites)
            continue
        for suite in suites:
            # Nothing is installed below the feet of another; what fails here is told when the suite runs.
            with contextlib.suppress(OSError, RuntimeError, subprocess.CalledProcessError):
                if suite.prepare:
                    suite.prepare()
        with ThreadPoolExecutor(max_workers=2) as lanes:
            outcomes += lanes.map(run_suite, suites)
    return outcomes


def main() -> int:
    """Run the suites and print the table and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="comma-separated names of suites")
    only = {name for name in parser.parse_args().only.split(",") if name}
    chosen = [suite for suite in suites() if suite.name in only or not (only or suite.on_demand)]
    if only - {suite.name for suite in chosen}:
        parser.error(f"no such suite: {', '.join(sorted(only - {suite.name for suite in chosen}))}")

    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    # Images of pipelines under test cannot be pulled; the tests of containers say what they want themselves.
    os.environ.setdefault("JUPYTERLAB_KFP_ISOLATION", "namespace")
    outcomes = run_all(chosen)
    total = Count()
    for outcome in outcomes:
        total.passed += outcome.count.passed
        total.failed += outcome.count.failed
        total.skipped += outcome.count.skipped

    print("\nsuite                  passed  failed  skipped  seconds")
    for outcome in outcomes:
        count = outcome.count
        numbers = f"{count.passed:>6}  {count.failed:>6}  {count.skipped:>7}  {outcome.seconds:>7.0f}"
        name = f"{outcome.suite} (again)" if outcome.failed_once else outcome.suite
        print(f"{name:<22} {numbers}")
    for outcome in outcomes:
        for title, failures in (("Failed once", outcome.failed_once), ("Failed", outcome.count.failures)):
            for test, why in failures:
                print(f"{title}: {outcome.suite}: {test}: {why}")
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"\n{total.passed} passed, {total.failed} failed{skipped}", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
