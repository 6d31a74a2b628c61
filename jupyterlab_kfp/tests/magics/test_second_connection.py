"""A kernel with a second connection: KFP behind a sign-in. Its token is seen nowhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..real_kernel import ROOT, Answer, Home, Kernel

SERVER = ROOT / "gateway/src/testing/serve-cluster.ts"
NODE = shutil.which("node", path=os.path.dirname(sys.executable)) or shutil.which("node")
CANARY = "canary-e81f0c2277ab-token-of-the-cluster"

pytestmark = pytest.mark.skipif(not SERVER.exists() or NODE is None, reason="needs the checkout and Node")

DEFINE = """%%kfp --quiet
from kfp import dsl
@dsl.component(base_image="python:3.12")
def clean(rows: int) -> int:
    return rows - 1
@dsl.pipeline
def train(rows: int = 100, lr: float = 0.1):
    clean(rows=rows)
"""


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel whose gateway knows the cluster `env`, in a zone of its own."""
    folder = tmp_path_factory.mktemp("far")
    token = folder / "token"
    token.write_text(CANARY)
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    with subprocess.Popen(
        [str(NODE), "--conditions=jupyterlab-kfp-source", str(SERVER), CANARY],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": path},
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        home = Home(folder)
        environment = {
            "KF_PIPELINES_ENDPOINT": address,
            "KF_PIPELINES_SA_TOKEN_PATH": str(token),
            "TZ": "Asia/Kolkata",
        }
        kernel = Kernel(home, folder, environment)
        try:
            kernel.ok("%load_ext jupyterlab_kfp")
            kernel.ok(DEFINE)
            # The gateway has read it; here it would be the user's own choice for kfp.Client.
            kernel.ok("%kfp local start\nimport os; del os.environ['KF_PIPELINES_ENDPOINT']")
            yield kernel
        finally:
            kernel.close()
            home.close()
            server.terminate()


def _all(answer: Answer) -> str:
    return json.dumps(answer.outputs)


def test_it_is_found_and_names_how_it_signed_in(far: Kernel) -> None:
    shown = far.ok("%kfp connect").text
    assert re.match(r"Connected: env, KFP 2\.17\.0\S*, signed in by service-account token\n", shown)
    assert far.ok("import kfp; print(kfp.Client(namespace='x').list_runs().total_size)").text.startswith(
        "None\n"
    )


def test_05_a_plan_for_it_sends_nothing(far: Kernel) -> None:
    shown = far.ok("%kfp plan train -p rows=100 --on env --as p")
    lines = shown.outputs[0]["data"]["text/plain"].splitlines()
    assert lines[0] == "Plan for train: nothing was sent"
    assert re.match(r"target +env, KFP 2\.17\.0\S*, experiment Default$", lines[1])
    assert re.match(r"pipeline +IR [0-9a-f]{8}, \d+ KB, kfp 2\.\S+, 1 task", lines[2])
    assert re.match(r"parameters +rows = 100 \(given\)   lr = 0\.1 \(default\)$", lines[3])
    assert "images      python:3.12 (clean)" in lines
    assert not any(line.startswith("isolation") for line in lines), "a cluster has no isolation of ours"
    assert far.value("len(__import__('jupyterlab_kfp').ls('runs', on='env'))") == 0
    assert CANARY not in _all(shown)
    assert '"rows" must be an integer' in far.run("%kfp plan train -p rows=ten --on env").error


def test_a_list_of_schedules_says_the_next_time_in_the_readers_zone(far: Kernel) -> None:
    made = far.ok('%kfp schedule train --on local --cron "0 30 6 ? * MON" -p rows=1 --name mondays')
    assert "Mon " in made.text and "06:30:00 UTC" in made.text
    table = far.ok("%kfp ls schedules --on local").outputs[0]["data"]["text/plain"]
    # 06:30 UTC is noon there.
    assert re.search(r"mondays .* Mon \d{4}-\d\d-\d\d 12:00 IST  ", table), table
    far.ok("%kfp schedule off mondays --on local")
    assert "IST" not in far.ok("%kfp ls schedules --on local").outputs[0]["data"]["text/plain"]
    far.ok("%kfp schedule rm mondays --on local")


def test_the_token_is_in_no_message_traceback_log_or_file(far: Kernel, tmp_path: Path) -> None:
    token = far.home.folder / "token"
    told = [far.ok("%kfp status"), far.ok("%kfp ls connections"), far.ok("%kfp doctor env")]
    token.write_text(CANARY + "-stale")
    try:
        for line in ("%kfp run train --on env", "%kfp ls runs --on env", "%kfp attach 0a0a0a0a --on env"):
            answer = far.run(line)
            assert "KfpConnectionError [auth-expired]" in answer.error
            told.append(answer)
        told.append(far.ok("%kfp last-error"))
        told.append(far.ok("%kfp doctor env"))
        told.append(far.run("import kfp; kfp.Client(namespace='x').list_runs()"))
    finally:
        token.write_text(CANARY)
    capability = str((far.home.address or {})["token"])
    for answer in told:
        assert CANARY not in _all(answer)
    for answer in told[:-1]:
        assert capability not in _all(answer)
    for file in far.home.folder.rglob("*"):
        if file.is_file() and file != token:
            assert CANARY.encode() not in file.read_bytes(), file
    assert CANARY not in far.value("{**__import__('os').environ}.__repr__()")
