"""A real kernel against a real gateway, with what a notebook would get of every cell."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import KernelManager

RUN = "application/vnd.jupyterlab-kfp.run+json"
#: Interpreter of the kernels; None is the one of the tests.
PYTHON = os.environ.get("KFP_TEST_PYTHON")
ROOT = Path(__file__).resolve().parents[2]

PIPELINE = "application/vnd.jupyterlab-kfp.pipeline+json"


@dataclass
class Home:
    """Jupyter directories of our own, and the gateway that lives in them."""

    folder: Path

    def environment(self) -> dict[str, str]:
        """What a kernel starts with."""
        found = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KF_PIPELINES", "JUPYTERLAB_KFP_"))
            or name in ("JUPYTERLAB_KFP_NODE", "JUPYTERLAB_KFP_GATEWAY")
        }
        for part in ("CONFIG", "DATA", "RUNTIME"):
            place = self.folder / part.lower()
            place.mkdir(exist_ok=True)
            found[f"JUPYTER_{part}_DIR"] = str(place)
        found["IPYTHONDIR"] = str(self.folder / "ipython")
        found["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{found['PATH']}"
        return found

    @property
    def address(self) -> dict[str, Any] | None:
        """The address file of the gateway; None where none runs."""
        state = self.folder / "runtime" / "jupyterlab-kfp-gateway.json"
        return dict(json.loads(state.read_text())) if state.exists() else None

    def close(self) -> None:
        """End the gateway."""
        address = self.address
        if address is not None:
            os.kill(address["pid"], signal.SIGTERM)


@dataclass
class Answer:
    """What a cell gave, as it stands in the notebook afterwards."""

    status: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    updates: int = 0
    payload: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """Printed text."""
        return "".join(o["text"] for o in self.outputs if o["type"] == "stream")

    @property
    def stderr(self) -> str:
        """Text of the red blocks."""
        return "".join(o["text"] for o in self.outputs if o.get("name") == "stderr")

    @property
    def errors(self) -> list[str]:
        """Errors as a person reads them."""
        listed = ["\n".join(o["traceback"]) for o in self.outputs if o["type"] == "error"]
        return [re.sub(r"\x1b\[[0-9;]*m", "", text) for text in listed]

    @property
    def error(self) -> str:
        """The one error."""
        assert self.status == "error", f"the cell did not fail: {self.outputs}"
        assert len(self.errors) == 1, self.errors
        return self.errors[0]

    @property
    def runs(self) -> list[dict[str, Any]]:
        """Run payloads, one an output."""
        return [o["data"][RUN] for o in self.outputs if RUN in o.get("data", ())]

    @property
    def drafts(self) -> list[dict[str, Any]]:
        """Pipeline payloads, one an output."""
        return [o["data"][PIPELINE] for o in self.outputs if PIPELINE in o.get("data", ())]

    @property
    def value(self) -> str:
        """Text of the value of the cell."""
        return "".join(o["data"]["text/plain"] for o in self.outputs if o["type"] == "execute_result")

    @property
    def next_input(self) -> str:
        """The cell that was put below."""
        return "".join(p["text"] for p in self.payload if p["source"] == "set_next_input")


class Kernel:
    """A kernel and its client."""

    def __init__(self, home: Home, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.manager = KernelManager(kernel_name="python3")
        started = {**home.environment(), **(environment or {})}
        if PYTHON:
            self.manager.kernel_spec.argv[0] = PYTHON
            started["PYTHONPATH"] = str(ROOT)
        self.manager.start_kernel(env=started, cwd=str(folder))
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.home = home

    def start(self, source: str) -> str:
        """Send a cell; give the id of the request."""
        identity: str = self.client.execute(source, stop_on_error=False)
        return identity

    def finish(self, identity: str, limit: float = 60) -> Answer:
        """Wait for a cell and collect its outputs."""
        answer, ids = Answer(), {}
        begin = time.monotonic()
        until = begin + limit
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=max(0.1, until - time.monotonic()))
            except Empty:
                raise AssertionError(f"the cell did not end within {limit} s: {answer.outputs}") from None
            if message["parent_header"].get("msg_id") != identity:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind in ("stream", "error", "display_data", "execute_result"):
                output = {"type": kind, **content}
                shown = content.get("transient", {}).get("display_id")
                if shown:
                    ids[shown] = output
                last = answer.outputs[-1] if answer.outputs else {}
                if kind == "stream" and last.get("name") == content["name"]:
                    # What is printed may come in pieces; a notebook joins them, too.
                    last["text"] += content["text"]
                else:
                    answer.outputs.append(output)
            elif kind == "update_display_data":
                ids[content["transient"]["display_id"]]["data"] = content["data"]
                answer.updates += 1
        reply = self.client.get_shell_msg(timeout=10)
        while reply["parent_header"].get("msg_id") != identity:
            reply = self.client.get_shell_msg(timeout=10)
        answer.status = reply["content"]["status"]
        answer.payload = reply["content"].get("payload", [])
        answer.seconds = time.monotonic() - begin
        return answer

    def run(self, source: str, limit: float = 60) -> Answer:
        """Run a cell to its end."""
        return self.finish(self.start(source), limit)

    def ok(self, source: str, limit: float = 60) -> Answer:
        """Run a cell that must not fail."""
        answer = self.run(source, limit)
        assert answer.status == "ok", answer.errors
        return answer

    def value(self, expression: str) -> Any:
        """Value of an expression in the kernel, through JSON."""
        found = self.ok(f"import json as _json; print(_json.dumps({expression}, default=str))")
        return json.loads(found.text)

    def run_count(self) -> int:
        """How many runs the local service has."""
        return int(self.value("len(__import__('jupyterlab_kfp').ls('runs', on='local', limit=200))"))

    def interrupt(self) -> None:
        """Press the stop button."""
        self.manager.interrupt_kernel()

    def close(self) -> None:
        """End the kernel."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def completions(kernel: Kernel, text: str) -> tuple[list[str], str, float]:
    """What a kernel offers at the end of a text, what it replaces, and the seconds it took."""
    begin = time.monotonic()
    identity = kernel.client.complete(text, len(text))
    reply = kernel.client.get_shell_msg(timeout=10)
    while reply["parent_header"].get("msg_id") != identity:
        reply = kernel.client.get_shell_msg(timeout=10)
    content = reply["content"]
    return content["matches"], text[content["cursor_start"] : content["cursor_end"]], time.monotonic() - begin
