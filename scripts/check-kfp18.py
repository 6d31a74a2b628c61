"""kfp 1.8's client against the local service: ``.venv/bin/python scripts/check-kfp18.py [folder of the venv]``.

Not part of the tests: it installs kfp 1.8.22 with its old dependencies into a venv of its own (kept for the next time).
Prints one line per call and exits non-zero when one of them failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or "node"

#: Runs in the venv: argument 1 is the host.
PROGRAM = """
import json, sys, tempfile, uuid
import kfp
from kfp import dsl
from kfp.components import create_component_from_func

client = kfp.Client(host=sys.argv[1])
failed = 0

def check(name, work):
    global failed
    try:
        value = work()
        print("ok  ", name)
        return value
    except Exception as error:
        failed += 1
        print("FAIL", name, type(error).__name__, str(error)[:500])

def same(found, wanted):
    assert found == wanted, (found, wanted)

IR = json.loads(sys.argv[2])
name = f"old {uuid.uuid4()}"
folder = tempfile.mkdtemp()
package = folder + "/pipeline.yaml"
open(package, "w").write(json.dumps(IR))

def multiply(a: float, b: float) -> float:
    return a * b

step = create_component_from_func(multiply)

@dsl.pipeline(name="old")
def old(a: float = 1, b: float = 5):
    step(a, b)

argo = folder + "/old.yaml"
kfp.compiler.Compiler().compile(old, argo)

check("healthz", lambda: same(client.get_kfp_healthz().multi_user, False))
experiment = check("create_experiment", lambda: client.create_experiment(name))
check("get_experiment", lambda: same(client.get_experiment(experiment_name=name).id, experiment.id))
check("list_experiments", lambda: client.list_experiments(page_size=2).experiments[0].id)
check("archive_experiment", lambda: client.archive_experiment(experiment.id))
pipeline = check("upload_pipeline (KFP 2)", lambda: client.upload_pipeline(package, pipeline_name=name))
check("get_pipeline_id", lambda: same(client.get_pipeline_id(name), pipeline.id))
check("get_pipeline", lambda: same(client.get_pipeline(pipeline.id).name, name))
version = check("upload_pipeline_version", lambda: client.upload_pipeline_version(package, "v2", pipeline_id=pipeline.id))
check("list_pipelines", lambda: client.list_pipelines(page_size=5).pipelines[0].id)
check("list_pipeline_versions", lambda: same(client.list_pipeline_versions(pipeline.id).total_size, 2))
run = check("run_pipeline", lambda: client.run_pipeline(experiment.id, "r", pipeline_id=pipeline.id, params={"a": 3}))
check("wait_for_run_completion", lambda: same(client.wait_for_run_completion(run.id, 30).run.status, "Succeeded"))
check("get_run", lambda: same(client.get_run(run.id).run.pipeline_spec.parameters[0].value, "3"))
check("list_runs", lambda: same(client.list_runs(experiment_id=experiment.id).runs[0].id, run.id))
job = check("create_recurring_run", lambda: client.create_recurring_run(
    experiment.id, "nightly", cron_expression="0 0 6 * * *", pipeline_id=pipeline.id, version_id=version.id))
check("list_recurring_runs", lambda: same(client.list_recurring_runs().jobs[0].id, job.id))
check("get_recurring_run", lambda: same(client.get_recurring_run(job.id).enabled, True))
check("disable_job", lambda: client.disable_job(job.id))
check("delete_job", lambda: client.delete_job(job.id))
check("upload_pipeline (Argo)", lambda: same(
    client.upload_pipeline(argo, pipeline_name=name + " argo").parameters[0].value, "1"))

def refused():
    try:
        client.create_run_from_pipeline_package(argo, {}, run_name="r", experiment_name=name)
    except Exception as error:
        assert "cannot run it: compile it with kfp 2" in str(error), error
    else:
        raise AssertionError("an Argo workflow was taken")

check("an Argo workflow is refused in words", refused)
check("delete_experiment", lambda: client.delete_experiment(experiment.id))
sys.exit(1 if failed else 0)
"""

PIPELINE = """{"pipelineInfo": {"name": "sums"}, "schemaVersion": "2.1.0",
 "components": {"comp-add": {"executorLabel": "exec-add",
   "inputDefinitions": {"parameters": {"a": {"parameterType": "NUMBER_DOUBLE"}}}}},
 "deploymentSpec": {"executors": {"exec-add": {"container": {"image": "python:3.11"}}}},
 "root": {"dag": {"tasks": {"add": {"taskInfo": {"name": "add"}, "componentRef": {"name": "comp-add"},
   "inputs": {"parameters": {"a": {"componentInputParameter": "a"}}}}}},
  "inputDefinitions": {"parameters": {"a": {"parameterType": "NUMBER_DOUBLE", "defaultValue": 1}}}}}"""


def python_with_kfp18(folder: Path) -> Path:
    """Make the venv where it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "kfp==1.8.22", "setuptools<70"], check=True
        )
    return python


def main() -> int:
    """Start the service, run the program, stop the service."""
    default = Path(tempfile.gettempdir()) / f"jupyterlab-kfp-kfp18-{os.getuid()}"
    python = python_with_kfp18(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
    command = [
        NODE,
        "--conditions=jupyterlab-kfp-source",
        str(ROOT / "gateway/src/local/api/serve-scripted.ts"),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            host = server.stdout.readline().strip()
            with tempfile.TemporaryDirectory() as folder:
                # kfp reads the source of components, so it must stand in a file.
                program = Path(folder) / "program.py"
                program.write_text(PROGRAM)
                return subprocess.run([str(python), "-W", "ignore", str(program), host, PIPELINE]).returncode
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
