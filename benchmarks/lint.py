"""What the checks cost: compile and check a pipeline of 100 tasks beside what ``kfp.compiler`` needs alone."""

from __future__ import annotations

import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import rig
from table import Row

ROUNDS = 13
TASKS = 100


def measure() -> Iterator[Row]:
    """Measure both in one process, in turns, with a warm gateway."""
    from kfp import compiler

    from jupyterlab_kfp import session
    from jupyterlab_kfp.client import GatewayClient
    from jupyterlab_kfp.compile import compile_pipeline
    from jupyterlab_kfp.gateway import Address
    from jupyterlab_kfp.lint import check_pipeline

    with tempfile.TemporaryDirectory() as folder, rig.gateway() as gateway:
        url, token = gateway.endpoint.removesuffix("/c/local").split("/t/")
        session.current().client = GatewayClient(Address(url, token, gateway.pid, ""))
        make = _pipeline(Path(folder))
        bare = str(Path(folder, "bare.yaml"))

        def seconds(act: Callable[[], Any]) -> float:
            """Processor time of both processes: a busy machine would weigh on the clock."""
            begin = time.process_time() + gateway.cpu_seconds()
            act()
            return time.process_time() + gateway.cpu_seconds() - begin

        alone, ours_alone, checked = [], [], []
        for _round in range(ROUNDS):
            alone.append(seconds(lambda: compiler.Compiler().compile(make(), bare)))
            ours_alone.append(seconds(lambda: compile_pipeline(make())))
            checked.append(seconds(lambda: check_pipeline(compile_pipeline(make()), "prod", run=True)))
        # The first rounds pay for imports and for a cold gateway.
        ours, base = statistics.median(checked[3:]), statistics.median(alone[3:])
        without = statistics.median(ours_alone[3:])
    yield Row(
        f"compile and check {TASKS} tasks (CPU)",
        f"{ours * 1000:.0f} ms",
        f"{base * 1000:.0f} ms kfp.compiler",
        ours / base,
        f"<= 1.2; {(ours - without) * 1000:.0f} ms of it are checks",
    )


def _pipeline(folder: Path) -> Callable[[], Any]:
    """A function that makes the pipeline anew: ten components, each used ten times."""
    lines = ["from kfp import dsl", "from kfp.dsl import Input, Output, Dataset", ""]
    for index in range(10):
        lines += [
            f'@dsl.component(base_image="python:3.12", packages_to_install=["pandas=={index}.2.3"])',
            f"def step{index}(x: int, lr: float = 0.1) -> int:",
            "    import json",
            "    import pandas as pd",
            "    table = pd.DataFrame({'x': [x] * 10})",
            "    for row in table.itertuples():",
            "        print(json.dumps({'row': row.x * lr}))",
            "    return int(table.x.sum())",
            "",
        ]
    lines += ["def make():", "    @dsl.pipeline(name='wide')", "    def wide(x: int = 1):"]
    lines += ["        task = step0(x=x)"]
    lines += [f"        task = step{index % 10}(x=task.output)" for index in range(1, TASKS)]
    lines += ["    return wide", ""]
    file = folder / "hundred.py"
    file.write_text("\n".join(lines))
    spec = importlib.util.spec_from_file_location("hundred", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    make: Callable[[], Any] = module.make
    return make
