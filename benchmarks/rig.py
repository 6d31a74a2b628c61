"""A gateway of its own for each benchmark, and the pipelines that are measured.

Annotations stay objects in this file: KFP reads those of the components below.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyterlab_kfp.gateway import NODE_FLAGS, NODE_VARIABLES

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CONNECTIONS: dict[str, http.client.HTTPConnection] = {}


@dataclass
class Gateway:
    """A running gateway: its process and the address of its local service."""

    pid: int
    endpoint: str
    ready_ms: float
    database: Path

    def rss_mb(self) -> float:
        """Return the resident memory of the process in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    def cpu_seconds(self) -> float:
        """Return the processor time the process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def gateway() -> Iterator[Gateway]:
    """Start the bundled gateway with empty state and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-kfp-bench-") as folder:
        place = Path(folder)
        env = {**NODE_VARIABLES, **os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
        for part in ("CONFIG", "DATA", "RUNTIME"):
            (place / part.lower()).mkdir()
            env[f"JUPYTER_{part}_DIR"] = str(place / part.lower())
        env.pop("KF_PIPELINES_ENDPOINT", None)
        state = place / "runtime" / "jupyterlab-kfp-gateway.json"
        begin = time.perf_counter()
        process = subprocess.Popen(
            ["node", *NODE_FLAGS, str(ROOT / "jupyterlab_kfp" / "node" / "gateway.mjs")],
            env=env,
            cwd=place,
            stdout=subprocess.DEVNULL,
        )
        try:
            while not state.exists():
                if process.poll() is not None:
                    raise RuntimeError(f"the gateway ended with status {process.returncode}")
                time.sleep(0.002)
            ready = (time.perf_counter() - begin) * 1000
            known = json.loads(state.read_text())
            yield Gateway(
                process.pid,
                f"{known['url']}/t/{known['token']}/c/local",
                ready,
                place / "data" / "jupyterlab-kfp" / "service.db",
            )
        finally:
            process.terminate()
            process.wait(20)


def client(endpoint: str):
    """Return KFP's own client for an endpoint."""
    import kfp

    return kfp.Client(host=endpoint, namespace="kubeflow")


def call(endpoint: str, path: str, body: dict | None = None) -> dict:
    """Ask the service and read its answer."""
    return json.loads(ask(endpoint, path, body))


def ask(endpoint: str, path: str, body: dict | None = None) -> bytes:
    """Ask the service over HTTP with nothing in between, so that no client is measured."""
    address = urllib.parse.urlsplit(f"{endpoint}/apis/v2beta1/{path}")
    kept = CONNECTIONS.setdefault(
        address.netloc, http.client.HTTPConnection(address.hostname or "", address.port)
    )
    kept.request(
        "GET" if body is None else "POST",
        address.path + (f"?{address.query}" if address.query else ""),
        None if body is None else json.dumps(body),
        {"Content-Type": "application/json"},
    )
    answer = kept.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(text.decode())
    return text


def start_run(endpoint: str, package: str, arguments: dict | None = None, cache: bool = False) -> str:
    """Start a compiled pipeline and return the id of its run."""
    import yaml

    spec = yaml.safe_load(Path(package).read_text())
    for dag in (spec["root"], *spec["components"].values()):
        for task in dag.get("dag", {}).get("tasks", {}).values():
            task["cachingOptions"] = {"enableCache": True} if cache else {}
    run = {
        "display_name": Path(package).stem,
        "pipeline_spec": spec,
        "runtime_config": {"parameters": arguments or {}},
    }
    return call(endpoint, "runs", run)["run_id"]


def run_to_end(endpoint: str, package: str, arguments: dict | None = None, cache: bool = False) -> float:
    """Run a compiled pipeline and return its seconds, from the request to the final state."""
    begin = time.perf_counter()
    run = start_run(endpoint, package, arguments, cache)
    while True:
        state = call(endpoint, f"runs/{run}")["state"]
        if state in ("SUCCEEDED", "FAILED", "CANCELED"):
            break
        time.sleep(0.02)
    seconds = time.perf_counter() - begin
    if state != "SUCCEEDED":
        raise RuntimeError(f"the run ended {state}")
    return seconds


def compiled(name: str, folder: str, count: int = 20) -> str:
    """Compile one of the pipelines below and return the file."""
    from kfp import compiler, dsl

    @dsl.component
    def step(x: int) -> int:
        return x + 1

    @dsl.component
    def nap(x: int) -> int:
        import time

        time.sleep(1)
        return x

    @dsl.pipeline(name="chain")
    def chain(x: int = 0):
        task = step(x=x)
        for _ in range(count - 1):
            task = step(x=task.output)

    @dsl.pipeline(name="wide")
    def wide():
        for index in range(count):
            nap(x=index)

    @dsl.pipeline(name="loop")
    def loop():
        with dsl.ParallelFor(list(range(count))) as item:
            step(x=item)

    file = str(Path(folder) / f"{name}-{count}.yaml")
    compiler.Compiler().compile({"chain": chain, "wide": wide, "loop": loop}[name], file)
    return file


def kfp_local_seconds(name: str, count: int) -> float:
    """Return the seconds `kfp.local` needs for the same pipeline, in a process of its own."""
    code = f"""
import sys, time, tempfile
sys.path.insert(0, {str(ROOT / "benchmarks")!r})
from kfp import local, components
import rig
local.init(runner=local.SubprocessRunner(use_venv=False), pipeline_root=tempfile.mkdtemp())
with tempfile.TemporaryDirectory() as folder:
    pipeline = components.load_component_from_file(rig.compiled({name!r}, folder, {count}))
    begin = time.perf_counter()
    pipeline()
    print("seconds", time.perf_counter() - begin)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    for line in reversed(done.stdout.splitlines()):
        if line.startswith("seconds "):
            return float(line.split()[1])
    raise RuntimeError(done.stderr[-2000:])
