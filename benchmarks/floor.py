"""The least that running Python components can cost: import KFP's runtime once, then fork, run and wait, one by one.

``floor.py COUNT`` prints the seconds. No folder per task, no log of its own, no supervisor, no store, no cancel.
"""

import json
import os
import sys
import tempfile
import time

os.environ["_KFP_RUNTIME"] = "true"

from kfp.dsl import executor_main

SOURCE = """
import kfp
from kfp import dsl
from kfp.dsl import *
from typing import *

def step(x: int) -> int:
    return x + 1
"""


def run_one(folder: str) -> None:
    """Fork, run the component in the child, wait for it."""
    pid = os.fork()
    if pid == 0:
        log = os.open(os.path.join(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        output = {
            "parameters": {"Output": {"outputFile": f"{folder}/Output"}},
            "outputFile": f"{folder}/out.json",
        }
        sys.argv = [
            "executor_main",
            *("--component_module_path", f"{folder}/ephemeral_component.py"),
            *(
                "--executor_input",
                json.dumps({"inputs": {"parameterValues": {"x": 1}}, "outputs": output}),
            ),
            *("--function_to_execute", "step"),
        ]
        executor_main.executor_main()
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        raise RuntimeError("the component failed")


def main() -> None:
    """Run as many as asked for and print the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "ephemeral_component.py"), "w") as out:
            out.write(SOURCE)
        run_one(folder)
        begin = time.perf_counter()
        for _ in range(int(sys.argv[1])):
            run_one(folder)
        print(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
