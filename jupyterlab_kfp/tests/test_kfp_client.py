"""kfp.Client 2.x against the local service's KFP API: one method, one test."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import uuid
import zipfile

import pytest

kfp = pytest.importorskip("kfp")
from kfp import dsl  # noqa: E402
from kfp_server_api.exceptions import ApiException  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
SERVER = ROOT / "gateway/src/local/api/serve-scripted.ts"
NODE = shutil.which("node", path=os.path.dirname(sys.executable)) or shutil.which("node")

pytestmark = pytest.mark.skipif(not SERVER.exists() or NODE is None, reason="needs the checkout and Node")


@dsl.component
def add(a: float, b: float) -> float:
    return a + b


@dsl.pipeline(name="sums")
def sums(a: float = 1.0, b: float = 2.0):
    add(a=a, b=b)


@dsl.pipeline(name="needs-rows")
def needs_rows(rows: int):
    add(a=1.0, b=2.0)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with subprocess.Popen(
        [NODE, "--conditions=jupyterlab-kfp-source", str(SERVER)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            host = server.stdout.readline().strip()
            assert host.startswith("http")
            yield kfp.Client(host=host, namespace="kubeflow")
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "sums.yaml"
    kfp.compiler.Compiler().compile(sums, str(path))
    return str(path)


@pytest.fixture
def pipeline(client, package):
    return client.upload_pipeline(package, pipeline_name=f"p-{uuid.uuid4()}")


@pytest.fixture
def run(client, package):
    return client.create_run_from_pipeline_package(package, run_name=f"run {uuid.uuid4()}")


@pytest.fixture
def recurring(client, pipeline):
    experiment = client.create_experiment("schedules")
    version = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0]
    return client.create_recurring_run(
        experiment.experiment_id,
        f"nightly {uuid.uuid4()}",
        cron_expression="0 0 6 1 1 *",
        max_concurrency=1,
        pipeline_id=pipeline.pipeline_id,
        version_id=version.pipeline_version_id,
        params={"a": 3.0},
    )


def by_name(name):
    return json.dumps({"predicates": [{"operation": "EQUALS", "key": "display_name", "stringValue": name}]})


def test_get_kfp_healthz(client):
    assert client.get_kfp_healthz().multi_user is False


def test_create_experiment(client):
    first = client.create_experiment("tuning", description="d")
    assert client.create_experiment("tuning").experiment_id == first.experiment_id


def test_get_experiment_by_id(client):
    made = client.create_experiment("by-id")
    assert client.get_experiment(experiment_id=made.experiment_id).display_name == "by-id"


def test_get_experiment_by_name(client):
    made = client.create_experiment("by-name")
    found = client.get_experiment(experiment_name="by-name")
    assert found.experiment_id == made.experiment_id


def test_get_experiment_of_unknown_name(client):
    with pytest.raises(ValueError, match="No experiment is found"):
        client.get_experiment(experiment_name="ghost")


def test_list_experiments(client):
    client.create_experiment("listed")
    assert client.list_experiments(filter=by_name("listed")).total_size == 1


def test_archive_experiment(client):
    made = client.create_experiment("archived")
    client.archive_experiment(made.experiment_id)
    assert client.get_experiment(made.experiment_id).storage_state == "ARCHIVED"


def test_unarchive_experiment(client):
    made = client.create_experiment("brought-back")
    client.archive_experiment(made.experiment_id)
    client.unarchive_experiment(made.experiment_id)
    assert client.get_experiment(made.experiment_id).storage_state == "AVAILABLE"


def test_delete_experiment(client):
    made = client.create_experiment("deleted")
    client.delete_experiment(made.experiment_id)
    with pytest.raises(ApiException, match="not found"):
        client.get_experiment(made.experiment_id)


def test_upload_pipeline(client, package):
    made = client.upload_pipeline(package, pipeline_name="uploaded", description="d")
    assert (made.display_name, made.description) == ("uploaded", "d")


def test_upload_pipeline_twice(client, package):
    client.upload_pipeline(package, pipeline_name="twice")
    with pytest.raises(ApiException) as caught:
        client.upload_pipeline(package, pipeline_name="twice")
    assert caught.value.status == 409


def test_upload_pipeline_from_zip(client, package, tmp_path):
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(package, "pipeline.yaml")
    assert client.upload_pipeline(str(path), pipeline_name="zipped").pipeline_id


def test_upload_pipeline_from_pipeline_func(client):
    assert client.upload_pipeline_from_pipeline_func(sums, pipeline_name="from-func").pipeline_id


def test_upload_pipeline_version(client, package, pipeline):
    made = client.upload_pipeline_version(package, "v2", pipeline_id=pipeline.pipeline_id)
    assert made.pipeline_spec["pipelineInfo"]["name"] == "sums"


def test_upload_pipeline_version_from_pipeline_func(client, pipeline):
    made = client.upload_pipeline_version_from_pipeline_func(sums, "v3", pipeline_id=pipeline.pipeline_id)
    assert made.display_name == "v3"


def test_get_pipeline(client, pipeline):
    assert client.get_pipeline(pipeline.pipeline_id).name == pipeline.name


def test_get_pipeline_id(client, pipeline):
    assert client.get_pipeline_id(pipeline.display_name) == pipeline.pipeline_id
    assert client.get_pipeline_id("ghost") is None


def test_list_pipelines(client, pipeline):
    assert client.list_pipelines(filter=by_name(pipeline.display_name)).total_size == 1


def test_list_pipeline_versions(client, pipeline):
    page = client.list_pipeline_versions(pipeline.pipeline_id)
    assert [v.display_name for v in page.pipeline_versions] == [pipeline.display_name]


def test_get_pipeline_version(client, pipeline):
    version = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0]
    found = client.get_pipeline_version(pipeline.pipeline_id, version.pipeline_version_id)
    assert found.pipeline_spec["schemaVersion"] == "2.1.0"


def test_delete_pipeline_version(client, pipeline):
    version = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0]
    client.delete_pipeline_version(pipeline.pipeline_id, version.pipeline_version_id)
    assert client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions is None


def test_delete_pipeline(client, pipeline):
    version = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0]
    client.delete_pipeline_version(pipeline.pipeline_id, version.pipeline_version_id)
    client.delete_pipeline(pipeline.pipeline_id)
    with pytest.raises(ApiException, match="not found"):
        client.get_pipeline(pipeline.pipeline_id)


def test_run_pipeline(client, pipeline):
    experiment = client.create_experiment("runs")
    version = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0]
    run = client.run_pipeline(
        experiment.experiment_id,
        "by version",
        pipeline_id=pipeline.pipeline_id,
        version_id=version.pipeline_version_id,
        params={"a": 4.0},
    )
    assert run.runtime_config.parameters == {"a": 4}
    assert run.pipeline_version_reference.pipeline_id == pipeline.pipeline_id


def test_create_run_from_pipeline_func(client):
    result = client.create_run_from_pipeline_func(sums, arguments={"a": 2.0})
    assert result.wait_for_run_completion().state == "SUCCEEDED"


def test_create_run_from_pipeline_package(client, package):
    assert client.create_run_from_pipeline_package(package).run_id


def test_missing_parameter(client):
    with pytest.raises(ApiException, match="parameter rows is not optional"):
        client.create_run_from_pipeline_func(needs_rows)


def test_unknown_parameter(client, package):
    with pytest.raises(ApiException, match="not required by pipeline: nonsense"):
        client.create_run_from_pipeline_package(package, arguments={"nonsense": 1})


def test_get_run(client, run):
    found = client.get_run(run.run_id)
    assert found.pipeline_spec["pipelineInfo"]["name"] == "sums"


def test_list_runs(client, run):
    name = client.get_run(run.run_id).display_name
    page = client.list_runs(sort_by="created_at desc", filter=by_name(name))
    assert [r.run_id for r in page.runs] == [run.run_id]


def test_wait_for_run_completion(client, run):
    done = client.wait_for_run_completion(run.run_id, timeout=20, sleep_duration=0.1)
    assert done.state == "SUCCEEDED" and done.finished_at.year > 2000


def test_wait_for_failed_run(client, package):
    run = client.create_run_from_pipeline_package(package, run_name="will fail")
    done = client.wait_for_run_completion(run.run_id, timeout=20, sleep_duration=0.1)
    assert done.state == "FAILED"


def test_archive_run(client, run):
    client.archive_run(run.run_id)
    assert client.get_run(run.run_id).storage_state == "ARCHIVED"


def test_unarchive_run(client, run):
    client.archive_run(run.run_id)
    client.unarchive_run(run.run_id)
    assert client.get_run(run.run_id).storage_state == "AVAILABLE"


def test_terminate_run(client, package):
    run = client.create_run_from_pipeline_package(package, run_name="stay")
    client.terminate_run(run.run_id)
    done = client.wait_for_run_completion(run.run_id, timeout=20, sleep_duration=0.1)
    assert (done.state, done.error.message) == ("FAILED", "terminated by user")


def test_delete_run(client, run):
    client.wait_for_run_completion(run.run_id, timeout=20, sleep_duration=0.1)
    client.delete_run(run.run_id)
    with pytest.raises(ApiException, match="not found"):
        client.get_run(run.run_id)


def test_create_recurring_run(recurring):
    assert recurring.status == "ENABLED"
    assert recurring.trigger.cron_schedule.cron == "0 0 6 1 1 *"


def test_get_recurring_run(client, recurring):
    found = client.get_recurring_run(recurring.recurring_run_id)
    assert found.runtime_config.parameters == {"a": 3}


def test_list_recurring_runs(client, recurring):
    page = client.list_recurring_runs(filter=by_name(recurring.display_name))
    assert [r.recurring_run_id for r in page.recurring_runs] == [recurring.recurring_run_id]


def test_disable_recurring_run(client, recurring):
    client.disable_recurring_run(recurring.recurring_run_id)
    assert client.get_recurring_run(recurring.recurring_run_id).status == "DISABLED"


def test_enable_recurring_run(client, recurring):
    client.disable_recurring_run(recurring.recurring_run_id)
    client.enable_recurring_run(recurring.recurring_run_id)
    assert client.get_recurring_run(recurring.recurring_run_id).status == "ENABLED"


def test_delete_recurring_run(client, recurring):
    client.delete_recurring_run(recurring.recurring_run_id)
    with pytest.raises(ApiException, match="not found"):
        client.get_recurring_run(recurring.recurring_run_id)


def test_create_recurring_run_by_interval_and_inline_pipeline(client, package):
    experiment = client.create_experiment("schedules")
    made = client.create_recurring_run(
        experiment.experiment_id,
        f"often {uuid.uuid4()}",
        interval_second=3600,
        start_time="2026-01-01T00:00:00Z",
        end_time="2030-01-01T00:00:00Z",
        max_concurrency=3,
        no_catchup=True,
        enabled=False,
        pipeline_package_path=package,
    )
    found = client.get_recurring_run(made.recurring_run_id)
    assert found.trigger.periodic_schedule.interval_second == "3600"
    assert (found.status, found.no_catchup, found.max_concurrency) == ("DISABLED", True, "3")
    assert found.pipeline_spec["pipelineInfo"]["name"] == "sums"


def test_disable_job(client, recurring):
    client.disable_job(recurring.recurring_run_id)
    assert client.get_recurring_run(recurring.recurring_run_id).status == "DISABLED"


def test_enable_job(client, recurring):
    client.disable_job(recurring.recurring_run_id)
    client.enable_job(recurring.recurring_run_id)
    assert client.get_recurring_run(recurring.recurring_run_id).status == "ENABLED"


def test_delete_job(client, recurring):
    client.delete_job(recurring.recurring_run_id)
    with pytest.raises(ApiException, match="not found"):
        client.get_recurring_run(recurring.recurring_run_id)


def test_set_user_namespace(client, tmp_path, monkeypatch):
    monkeypatch.setattr(type(client), "_LOCAL_KFP_CONTEXT", str(tmp_path / "kfp" / "context.json"))
    client.set_user_namespace("team-a")
    assert client.get_user_namespace() == "team-a"
    # One user: what namespace a client names does not matter.
    assert client.list_experiments(namespace="team-a").total_size >= 1


def test_get_user_namespace(client):
    assert isinstance(client.get_user_namespace(), str)


def test_list_runs_page_by_page(client, package):
    for index in range(3):
        client.create_run_from_pipeline_package(package, run_name=f"paged {index}")
    wanted = json.dumps(
        {"predicates": [{"operation": "IS_SUBSTRING", "key": "name", "stringValue": "paged"}]}
    )
    names, token = [], ""
    while True:
        page = client.list_runs(page_size=2, page_token=token, sort_by="name desc", filter=wanted)
        names += [run.display_name for run in page.runs]
        token = page.next_page_token
        if not token:
            break
    assert names == ["paged 2", "paged 1", "paged 0"]


def test_every_method_of_the_client_has_a_test():
    source = pathlib.Path(__file__).read_text()
    methods = [
        name for name in dir(kfp.Client) if not name.startswith("_") and callable(getattr(kfp.Client, name))
    ]
    assert [name for name in methods if f"client.{name}(" not in source] == []
