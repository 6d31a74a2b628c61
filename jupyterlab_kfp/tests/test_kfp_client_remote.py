"""kfp.Client through the pass-through, against a service elsewhere that wants a bearer token."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

kfp = pytest.importorskip("kfp")
from kfp import dsl  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
SERVER = ROOT / "gateway/src/testing/serve-remote.ts"
NODE = shutil.which("node", path=os.path.dirname(sys.executable)) or shutil.which("node")

pytestmark = pytest.mark.skipif(not SERVER.exists() or NODE is None, reason="needs the checkout and Node")


@dsl.component(base_image="python:3.11")
def double(number: int) -> int:
    print(f"doubling {number}")
    return 2 * number


@dsl.pipeline(name="far-away")
def far_away(number: int = 4) -> int:
    return double(number=number).output


@pytest.fixture(scope="module")
def client():
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    with subprocess.Popen(
        [NODE, "--conditions=jupyterlab-kfp-source", str(SERVER)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": path},
    ) as server:
        try:
            host = server.stdout.readline().strip()
            assert host.startswith("http")
            yield kfp.Client(host=host, namespace="kubeflow")
        finally:
            server.terminate()


def test_run_list_and_wait(client):
    made = client.create_run_from_pipeline_func(far_away, arguments={"number": 21}, enable_caching=False)
    ended = client.wait_for_run_completion(made.run_id, timeout=120, sleep_duration=1)
    assert ended.state == "SUCCEEDED", ended
    listed = client.list_runs(sort_by="created_at desc").runs
    assert listed[0].run_id == made.run_id
    task = next(one for one in ended.run_details.task_details if one.display_name == "double")
    assert task.state == "SUCCEEDED"


def test_upload_and_archive(client, tmp_path):
    package = str(tmp_path / "far.yaml")
    kfp.compiler.Compiler().compile(far_away, package)
    made = client.upload_pipeline(package, pipeline_name="far")
    assert client.get_pipeline_id("far") == made.pipeline_id
    experiment = client.create_experiment("there")
    client.archive_experiment(experiment.experiment_id)
    assert client.get_experiment(experiment_id=experiment.experiment_id).storage_state == "ARCHIVED"
