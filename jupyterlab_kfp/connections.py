"""The connection of this kernel, its health, and the local service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .client import segment
from .errors import KfpConnectionError, KfpError, suggest
from .session import current, no_namespaces
from .text import Shown, table

#: Variables that `kfp.Client()` reads.
_ENDPOINT, _UI = "KF_PIPELINES_ENDPOINT", "KF_PIPELINES_UI_ENDPOINT"
#: Marks values that we set, so that only those are overwritten.
_set_by_us: dict[str, str] = {}


class Connection(Shown):
    """A connection as the gateway knows it; holds no secret."""

    def __init__(self, info: Mapping[str, Any], note: str = "") -> None:
        self._info = info
        self._note = note

    @property
    def name(self) -> str:
        """Name of the profile."""
        return str(self._info["ref"]["profile"])

    @property
    def namespace(self) -> str | None:
        """Namespace, where the service has them."""
        return current().option("ns") or self._info["ref"].get("namespace")

    @property
    def health(self) -> str:
        """``connected``, ``limited``, ``checking``, ``sign-in``, ``unreachable`` or ``off``."""
        return str(self._info["health"])

    @property
    def version(self) -> str | None:
        """Version of KFP on it."""
        return self._info.get("kfp_version")

    @property
    def raw(self) -> Mapping[str, Any]:
        """As the wire has it (``ConnectionInfo``)."""
        return self._info

    def as_json(self) -> Any:
        """For ``--json``."""
        return dict(self._info)

    def as_text(self) -> str:
        """``Connected: prod (in-cluster), namespace team-a, KFP 2.17.0, signed in by service-account
        token``.
        """
        info, parts = self._info, []
        origin = str(info.get("origin") or "")
        head = f"Connected: {self.name}"
        if self._note:
            head += f" ({self._note})"
        elif origin and origin not in ("local", self.name):
            head += f" ({origin})"
        parts.append(head)
        if self.namespace:
            parts.append(f"namespace {self.namespace}")
        if info.get("kfp_version") and self.name != "local":
            parts.append(f"KFP {info['kfp_version']}")
        if info.get("sign_in") and info["sign_in"] != "none":
            parts.append(f"signed in by {info['sign_in']}")
        return ", ".join(parts)


def connect(name: str | None = None, ns: str | None = None) -> Connection:
    """Choose the connection of this process; without a name find one, at last the local service.

    Sets ``KF_PIPELINES_ENDPOINT`` so that ``kfp.Client()`` needs no arguments.

    Raises:
        KfpConnectionError: ``conn-unknown``, or what keeps the connection from answering.
    """
    session = current()
    note = ""
    if name:
        info = session.client.get(f"/connections/{segment(name)}") if name == "local" else require_known(name)
    else:
        info, note = _discover()
    if ns and info["ref"]["profile"] == "local":
        raise no_namespaces()
    _require_health(info)
    session.config["connection"] = str(info["ref"]["profile"])
    if ns:
        session.config["ns"] = ns
    elif name:
        session.config.pop("ns", None)
    _export(session.config["connection"], info)
    return Connection(info, note)


def require_known(name: str) -> dict[str, Any]:
    """What the gateway knows of a connection.

    Raises:
        KfpConnectionError: ``conn-unknown``, with the nearest name and all of them.
    """
    session = current()
    try:
        found: dict[str, Any] = session.client.get(f"/connections/{segment(name)}")
        return found
    except KfpError as error:
        if error.code not in ("conn-unknown", "not-found"):
            raise
        names = [row["ref"]["profile"] for row in list_connections()]
        raise KfpConnectionError(
            "conn-unknown",
            f'There is no connection called "{name}".{suggest(name, names)}',
            f"There are: {', '.join(names)}.",
        ) from None


def list_connections() -> list[dict[str, Any]]:
    """All connections the gateway knows."""
    session = current()
    rows: list[dict[str, Any]] = list(session.client.get("/connections").get("connections") or ())
    session.cache["connections"] = [row["ref"]["profile"] for row in rows]
    return rows


def _discover() -> tuple[dict[str, Any], str]:
    """The configured default if it answers, else what a search finds, else the local service."""
    session = current()
    preset = os.environ.get("JUPYTERLAB_KFP_CONNECTION")
    if preset:
        return require_known(preset), ""
    rows = session.client.post("/connections/search").get("connections") or ()
    session.cache["connections"] = [row["ref"]["profile"] for row in rows]
    good = [row for row in rows if row["health"] in ("connected", "limited")]
    best = next((r for r in good if r.get("is_default") and r["ref"]["profile"] != "local"), None)
    best = best or next((r for r in good if r["ref"]["profile"] != "local"), None)
    if best is not None:
        return best, ""
    local = next((r for r in rows if r["ref"]["profile"] == "local"), None)
    tried = len([r for r in rows if r["ref"]["profile"] != "local"])
    note = (
        f"no cluster found; tried {tried} address{'' if tried == 1 else 'es'}"
        if tried
        else "no cluster found"
    )
    return local or session.client.get("/connections/local"), note


def _require_health(info: Mapping[str, Any]) -> None:
    name, health = info["ref"]["profile"], info["health"]
    if health in ("connected", "limited", "checking"):
        return
    code = {"sign-in": "auth-missing", "off": "conn-unreachable"}.get(str(health), "conn-unreachable")
    text = str(info.get("health_text") or f'"{name}" does not answer.')
    raise KfpConnectionError(code, text, f"Try again: %kfp connect {name}")


def _export(name: str, info: Mapping[str, Any]) -> None:
    """Set the variables of ``kfp.Client()``; those that the user set stay, with one line that says so."""
    address = current().client.address
    values = {_ENDPOINT: address.passthrough(name), _UI: str(info.get("ui_url") or "")}
    for variable, value in values.items():
        present = os.environ.get(variable)
        if present is not None and _set_by_us.get(variable) != present and not _is_ours(present):
            if variable == _ENDPOINT and present != value:
                print(f"{_ENDPOINT} was set already and stays: kfp.Client() goes there, %kfp goes to {name}.")
            continue
        # Without an address of a UI the SDK makes its links of the endpoint, which holds the capability
        # token; an empty one makes them relative.
        os.environ[variable] = _set_by_us[variable] = value


def _is_ours(value: str) -> bool:
    """A kernel inherits what its parent process had set: an address of a gateway is recognised by its
    form.
    """
    import re

    return bool(re.fullmatch(r"http://127\.0\.0\.1:\d+/t/[\w\-]+/c/[^/]+", value))


class Status(Shown):
    """The connection, the gateway and the active runs."""

    def __init__(
        self, status: Mapping[str, Any], connection: Mapping[str, Any], runs: list[tuple[str, str, str]]
    ) -> None:
        self._status = status
        self._connection = Connection(connection)
        self.runs = runs

    @property
    def connection(self) -> Connection:
        """The connection in use."""
        return self._connection

    def as_json(self) -> Any:
        """For ``--json``."""
        rows = [{"run_id": i, "name": n, "state": s} for i, n, s in self.runs]
        return {"gateway": dict(self._status), "connection": self._connection.as_json(), "runs": rows}

    def as_text(self) -> str:
        """Lines for people."""
        info = self._connection.raw
        lines = [
            f"Connection: {self._connection.name}, {info['health']}"
            + (f" ({info['health_text']})" if info.get("health_text") else ""),
            f"Gateway: version {self._status['version']}, Node.js {str(self._status['node']).lstrip('v')}, "
            f"{self._status['active_runs']} active local run{'' if self._status['active_runs'] == 1 else 's'}",
        ]
        if self.runs:
            rows = [(i[:8], n, s.capitalize()) for i, n, s in self.runs]
            lines += ["Active runs of this kernel:", table(("id", "name", "state"), rows)]
        else:
            lines.append("No active run was started here.")
        return "\n".join(lines)


def status(on: str | None = None) -> Status:
    """Say where runs go, whether that answers, and which runs of this process are active."""
    session = current()
    found = session.client.get("/status")
    info = require_known(session.target(on))
    active = []
    for handle in list(session.runs.values()):
        if handle._header.get("state") in ("SUCCEEDED", "FAILED", "CANCELED", "SKIPPED"):
            continue
        try:
            state = handle.state
        except KfpError:
            continue  # deleted meanwhile, or its connection is away: it is not active here
        if state not in ("SUCCEEDED", "FAILED", "CANCELED", "SKIPPED"):
            active.append((handle.id, handle.name, state))
    return Status(found, info, active)
