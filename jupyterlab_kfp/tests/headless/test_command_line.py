"""``jupyter kfp VERB`` as a subprocess: the words of the notebook, JSON for scripts, statuses that mean something."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..real_kernel import Home

JUPYTER = str(Path(sys.executable).with_name("jupyter"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a compiled pipeline, `train.yaml`."""
    made = tmp_path_factory.mktemp("work")
    from kfp import compiler, dsl

    @dsl.component(base_image="python:3.12")
    def step(rows: int, seconds: float, fail: bool) -> int:
        import time

        print("counting", rows)
        time.sleep(seconds)
        assert not fail, "told to fail"
        return rows + 1

    @dsl.pipeline
    def train(rows: int, seconds: float = 0.0, fail: bool = False):
        step(rows=rows, seconds=seconds, fail=fail)

    compiler.Compiler().compile(train, str(made / "train.yaml"))
    (made / "notes.yaml").write_text("groceries: [milk]\n")
    return made


@pytest.fixture(scope="module")
def kfp(home: Home, folder: Path):
    def call(*arguments: str, limit: float = 60) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [JUPYTER, "kfp", *arguments],
            cwd=folder,
            env=home.environment(),
            capture_output=True,
            text=True,
            timeout=limit,
        )

    return call


def test_run_wait_results_logs(kfp):
    done = kfp("run", "train.yaml", "-p", "rows=3", "--wait")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Succeeded" in done.stdout and "\x1b" not in done.stdout
    results = json.loads(kfp("results", "last", "--json").stdout)
    assert results == [{"task": "step", "name": "Output", "kind": "parameter", "value": 4}]
    assert kfp("logs", "last:step", "--grep", "counting").stdout == "counting 3\n"
    rows = json.loads(kfp("ls", "runs", "--json").stdout)
    assert rows[0]["state"] == "SUCCEEDED"


def test_json_of_a_run_is_one_document(kfp):
    done = kfp("run", "train.yaml", "-p", "rows=3", "--json", "--wait", "--name", "from a script")
    header = json.loads(done.stdout)
    assert header["name"] == "from a script" and header["state"] == "SUCCEEDED"


def test_a_failed_run_is_status_1_with_its_picture_and_one_line(kfp):
    done = kfp("run", "train.yaml", "-p", "rows=3", "-p", "fail=true", "--wait")
    assert done.returncode == 1
    assert "Failed" in done.stdout and "AssertionError: told to fail" in done.stdout
    assert done.stderr.startswith("RunFailed [run-failed]: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("rnu",), 2, "jupyter kfp has no verb rnu. Did you mean run?"),
        (("run", "train.yaml", "--pram", "x=1"), 2, "run has no option --pram. Did you mean --param?"),
        (("run", "train.yaml"), 2, "train needs rows (an integer)"),
        (("run", "train.yaml", "-p", "rows=x"), 2, '"rows" must be an integer, got "x"'),
        (("run", "trian.yaml"), 2, "Did you mean train.yaml?"),
        (("run", "notes.yaml"), 4, "notes.yaml: This is not a compiled pipeline"),
        (("status", "--on", "prod"), 3, 'There is no connection called "prod"'),
        (("stop", "00000000-0000-4000-8000-000000000000"), 4, "[not-found]"),
    ],
)
def test_what_is_wrong_decides_the_status(kfp, arguments, status, sentence):
    done = kfp(*arguments)
    assert done.returncode == status
    assert sentence in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_limit_that_is_over_is_status_124(kfp):
    done = kfp("run", "train.yaml", "-p", "rows=1", "-p", "seconds=30", "--wait=1s")
    assert done.returncode == 124 and "WaitTimeout" in done.stderr
    assert kfp("stop", "last").returncode == 0
    assert kfp("wait", "last", "--timeout", "20s").returncode == 1


def test_an_interrupt_is_status_130_and_leaves_the_run(home, folder, kfp):
    process = subprocess.Popen(
        [JUPYTER, "kfp", "run", "train.yaml", "-p", "rows=1", "-p", "seconds=120", "--wait"],
        cwd=folder,
        env=home.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests started in the background of a shell inherit an ignored SIGINT; a person at a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        runs = json.loads(kfp("ls", "runs", "--limit", "1", "--json").stdout)
        if runs and runs[0]["state"] == "RUNNING":
            break
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupt again within 3 s to stop it." in out
    assert "WaitInterrupted" in error and "the run goes on" in error
    kfp("stop", "last")


def test_a_stopped_service_leaves_its_tasks_and_takes_them_up_again(kfp):
    kfp("run", "train.yaml", "-p", "rows=7", "-p", "seconds=4")
    until = time.monotonic() + 60
    while "counting 7" not in kfp("logs", "last:step").stdout:
        assert time.monotonic() < until
    assert (
        "The local service is stopped. 1 active run waits for its next start: "
        "tasks that run now go on, and new ones begin then."
    ) in kfp("local", "stop").stdout
    assert kfp("wait", "last", "--timeout", "60s").returncode == 0
    # The same attempt, not a second one.
    assert kfp("logs", "last:step").stdout.count("counting 7") == 1
    assert json.loads(kfp("results", "last", "--json").stdout)[0]["value"] == 8


def test_a_terminal_sees_progress_and_a_pipe_does_not(home, folder):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [JUPYTER, "kfp", "run", "train.yaml", "-p", "rows=1", "-p", "seconds=1", "--wait"],
        cwd=folder,
        env=home.environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    out, _ = process.communicate(timeout=30)
    os.close(ours)
    assert process.returncode == 0
    assert b"Running 0/1 tasks" in seen and seen.endswith(b"\r\x1b[K")
    assert "\x1b" not in out


def test_compile_upload_schedule_diff_and_plan_speak_json(kfp, folder):
    assert kfp("compile", "train.yaml", "--out", "train.zip").returncode == 0
    assert (folder / "train.zip").read_bytes()[:2] == b"PK"
    version = json.loads(kfp("upload", "train.zip", "--version", "one", "--json").stdout)
    assert version["pipeline"] == "train" and version["version"] == "one"
    made = json.loads(kfp("schedule", "train@one", "--every", "1d", "-p", "rows=1", "--json").stdout)
    assert len(made["next"]) == 3
    assert kfp("schedule", "rm", made["recurring_run_id"]).returncode == 0
    assert json.loads(kfp("diff", "train.yaml", "train@one", "--json").stdout)["same"] is True
    help_text = kfp("help").stdout
    assert "jupyter kfp VERB" in help_text and "%kfp" not in help_text


def test_what_only_a_notebook_has_is_refused_and_not_offered(kfp):
    refused = kfp("run", "train.yaml", "-p", "rows=1", "--as", "r")
    assert refused.returncode == 2 and "--as works in a notebook only." in refused.stderr
    assert kfp("connect", "prod").stderr.splitlines() == [
        "KfpUsageError [usage-verb]: connect works in a notebook only.",
        "Use --on NAME, or set JUPYTERLAB_KFP_CONNECTION.",
    ]
    help_text = kfp("run", "-h").stdout
    assert "--as" not in help_text and "--wait" in help_text
    # Lines that it names are such as a terminal takes.
    unknown = kfp("status", "--on", "prdo")
    assert unknown.returncode == 3 and "%kfp" not in unknown.stderr


def test_parameters_come_from_json_text_and_files(kfp, folder):
    done = kfp("run", "train.yaml", "--params", '{"rows": 4}', "--wait")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Output = 5 (step)" in done.stdout and "%kfp" not in done.stdout
    (folder / "values.json").write_text('{"rows": 6}')
    (folder / "list.json").write_text("[1]")
    assert "Output = 7 (step)" in kfp("run", "train.yaml", "--params", "values.json", "--wait").stdout
    for word, sentence in (
        ("list.json", "--params needs a dict as JSON, list.json is a list."),
        ("none.json", "--params none.json cannot be read"),
        ("{rows: 1}", "--params needs a dict as JSON, this is none."),
    ):
        refused = kfp("run", "train.yaml", "--params", word)
        assert refused.returncode == 2 and sentence in refused.stderr


def test_a_secret_default_is_planned_as_dots(kfp, folder):
    import yaml

    spec = yaml.safe_load((folder / "train.yaml").read_text())
    spec["root"]["inputDefinitions"]["parameters"]["api_key"] = {
        "parameterType": "STRING",
        "defaultValue": "hunter2-canary",
        "isOptional": True,
    }
    (folder / "signed.yaml").write_text(yaml.safe_dump(spec))
    plan = kfp("plan", "signed.yaml", "-p", "rows=1").stdout
    assert "hunter2" not in plan
    assert "api_key = •••• (default)" in plan
