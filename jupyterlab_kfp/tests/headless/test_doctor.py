"""`%kfp doctor` and `jupyter kfp doctor` against real gateways: one that is well, one whose cluster is not there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..real_kernel import Home, Kernel

JUPYTER = str(Path(sys.executable).with_name("jupyter"))
#: Nothing listens there. The token stands where a person may have put it by mistake.
CANARY = "canary-5c77d1e0a9b3"
NOWHERE = {"KF_PIPELINES_ENDPOINT": "http://127.0.0.1:2"}


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A gateway that was told of a cluster where nothing listens."""
    made = Home(tmp_path_factory.mktemp("ill"))
    token = made.folder / "token"
    token.write_text(CANARY)
    made_environment = made.environment
    extra = {**NOWHERE, "KF_PIPELINES_SA_TOKEN_PATH": str(token)}
    made.environment = lambda: {**made_environment(), **extra}  # type: ignore[method-assign]
    yield made
    made.close()


def _call(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [JUPYTER, "kfp", *words],
        cwd=home.folder,
        env=home.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_prints_ten_checks_and_ends_with_zero(home: Home) -> None:
    done = _call(home, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Doctor of local: nothing is wrong"
    assert len([line for line in lines if line[:1] in "✔✘–"]) == 10
    assert "✔ 10 Versions fit" in lines[-1] and "kfp 2." in lines[-1]
    report = json.loads(_call(home, "doctor", "local", "--json").stdout)
    assert [check["state"] for check in report["checks"]].count("failed") == 0
    assert len(report["checks"]) == 10


def test_a_failed_check_names_its_fix_and_the_status_tells_it(ill: Home) -> None:
    done = _call(ill, "doctor", "env")
    assert done.returncode == 3
    assert done.stdout.splitlines()[0] == "Doctor of env (http://127.0.0.1:2): 1 of 10 checks failed"
    failed = [line for line in done.stdout.splitlines() if line.startswith("✘")]
    assert len(failed) == 1 and " 2 TCP connect" in failed[0]
    assert "→ Is the port-forward still running? kubectl port-forward" in done.stdout
    assert 'It needs "TCP connect".' in done.stdout
    assert CANARY not in done.stdout + done.stderr
    assert json.loads(_call(ill, "doctor", "env", "--json").stdout)["checks"][1]["state"] == "failed"
    unknown = _call(ill, "doctor", "evn")
    assert unknown.returncode == 3
    assert 'There is no connection called "evn". Did you mean env?' in unknown.stderr


def test_a_cell_shows_the_report_and_gives_it(ill: Home, tmp_path: Path) -> None:
    kernel = Kernel(ill, tmp_path)
    try:
        kernel.ok("%load_ext jupyterlab_kfp")
        shown = kernel.ok("%kfp doctor env --as d")
        assert len(shown.outputs) == 1
        data = shown.outputs[0]["data"]
        assert data["text/plain"].startswith("Doctor of env (http://127.0.0.1:2): 1 of 10")
        assert "<td>✘ failed</td>" in data["text/html"]
        assert kernel.value("[d.ok, len(d.checks), d.failed[0]['name']]") == [False, 10, "connect"]
        assert kernel.ok("import jupyterlab_kfp as jk; print(jk.doctor('local').ok)").text == "True\n"
        assert CANARY not in json.dumps(shown.outputs)
        answer = kernel.run("%kfp doctor prdo")
        assert answer.error.startswith(
            'KfpConnectionError [conn-unknown]: There is no connection called "prdo"'
        )
    finally:
        kernel.close()
