"""What the magics cost beside bare kfp, bare IPython, and the compile alone. Run as a script it is the measured process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from table import Row

ROOT = Path(__file__).resolve().parent.parent

REGISTER = (
    '__import__("importlib.util", fromlist=["_"]).find_spec("jupyterlab_kfp")'
    ' and get_ipython().magics_manager.register_lazy("kfp", "jupyterlab_kfp");'
)
DEFINE = (
    "from kfp import dsl\n@dsl.component(base_image='python:3.12')\ndef step(x: int) -> int:\n    return x + 1\n"
    "@dsl.pipeline\ndef chain(x: int = 0):\n    task = step(x=x)\n"
    "    for _ in range(19):\n        task = step(x=task.output)\n"
)


def measure() -> list[Row]:
    """Measure in a process of its own, with an own gateway."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-kfp-bench-") as folder:
        env = {**os.environ, "IPYTHONDIR": f"{folder}/ipython"}
        for part in ("CONFIG", "DATA", "RUNTIME"):
            Path(folder, part.lower()).mkdir()
            env[f"JUPYTER_{part}_DIR"] = f"{folder}/{part.lower()}"
        env["PATH"] = f"{ROOT / '.venv' / 'bin'}:{env['PATH']}"
        done = subprocess.run([sys.executable, __file__], env=env, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-500:])
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Row(
            "%%kfp of a pipeline of 20 tasks",
            f"{found['cell']:.0f} ms",
            "kfp.compiler",
            found["cell"] / found["bare"],
            "≤ 1.05, with checks and draft",
        ),
        Row(
            "  the compile in it",
            f"{found['compile']:.0f} ms",
            "kfp.compiler",
            found["compile"] / found["bare"],
            "≤ 1.05",
        ),
        Row("register %kfp", f"{found['register']:.1f} ms", "20 ms", found["register"] / 20, "≤ 1"),
        Row("load %kfp", f"{found['load']:.1f} ms", "20 ms", found["load"] / 20, "at the first use"),
        Row("%kfp run after the compile", f"{found['run']:.0f} ms", "150 ms", found["run"] / 150, "≤ 1"),
        Row("complete a parameter", f"{found['complete']:.1f} ms", "150 ms", found["complete"] / 150, "≤ 1"),
        Row("import jupyterlab_kfp", f"{found['import']:.1f} ms", "30 ms", found["import"] / 30, "≤ 1"),
    ]


def _timed(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _complete(shell: Any) -> None:
    """Complete a parameter as the kernel does for a Tab."""
    from IPython.core.completer import provisionalcompleter

    line = "%kfp run chain -p "
    with provisionalcompleter():
        found = [each.text for each in shell.Completer.completions(line, len(line))]
    if found != ["x="]:
        raise RuntimeError(f"completion gave {found}")


def _measured() -> dict[str, float]:
    """Milliseconds of each, the medians of interleaved rounds."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    found = {"import": _timed(lambda: __import__("jupyterlab_kfp"))}
    shell: Any = InteractiveShell.instance(config=Config({"HistoryAccessor": {"enabled": False}}))
    # What JupyterLab sends when a kernel starts; the magic is loaded at its first use.
    found["register"] = _timed(lambda: shell.run_cell(REGISTER).raise_error())
    found["load"] = _timed(lambda: shell.run_line_magic("load_ext", "jupyterlab_kfp"))
    out = sys.stdout
    sys.stdout = open(os.devnull, "w")
    try:
        shell.run_cell("%kfp connect local").raise_error()
        rounds: dict[str, list[float]] = {"bare": [], "cell": [], "compile": [], "complete": [], "run": []}

        bare_file = str(Path(tempfile.gettempdir(), f"kfp-bench-{os.getpid()}.yaml"))

        def bare() -> None:
            shell.run_cell(
                f"{DEFINE}from kfp import compiler\ncompiler.Compiler().compile(chain, {bare_file!r})\n"
            ).raise_error()

        def define_and_compile() -> None:
            shell.run_cell(
                DEFINE + "from jupyterlab_kfp import targets\n_c = targets.pipeline(chain)"
            ).raise_error()

        for index in range(20):
            times = {
                "bare": _timed(bare),
                "cell": _timed(lambda: shell.run_cell("%%kfp\n" + DEFINE).raise_error()),
                "compile": _timed(define_and_compile),
            }
            if index >= 2:
                for name, value in times.items():
                    rounds[name].append(value)
        for _ in range(20):
            rounds["complete"].append(_timed(lambda: _complete(shell)))
        # Runs by themselves, so that their tasks disturb nothing else.
        for _ in range(6):
            rounds["run"].append(
                _timed(lambda: shell.run_cell("_r = %kfp run {_c} --show none").raise_error())
            )
            shell.run_cell("_r.stop().wait(check=False)").raise_error()
        shell.run_cell("%kfp local stop").raise_error()
        Path(bare_file).unlink()
    finally:
        sys.stdout = out
    return {**found, **{name: statistics.median(values) for name, values in rounds.items()}}


if __name__ == "__main__":
    print(json.dumps(_measured()))
