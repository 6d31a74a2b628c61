"""What this process remembers: the connection in use, options, drafts, runs it has started, the last
error.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from .client import GatewayClient
from .errors import KfpUsageError, suggest

if TYPE_CHECKING:
    from .cells import Cell
    from .compile import Compiled
    from .handle import Handle
    from .lint.finding import Finding
    from .progress import Progress

#: Options of `%kfp config` with what they mean.
OPTIONS: dict[str, str] = {
    "connection": "connection that runs go to",
    "ns": "namespace",
    "exp": "experiment",
    "show": "first tab of the run widget",
    "lint.ignore": "rules that are not reported, separated by commas",
    "wait": "limit of every run's wait, for example 10m; empty for none",
}


def no_namespaces() -> KfpUsageError:
    """What to raise when the local service is asked for a namespace."""
    return KfpUsageError(
        "usage-option", "The local service has no namespaces.", "Leave out --ns, or name a connection."
    )


class Session:
    """The memory of one kernel or script."""

    def __init__(self) -> None:
        self.client = GatewayClient()
        self.config: dict[str, str] = {}
        #: Compiled pipelines by name; the newest wins.
        self.drafts: dict[str, Compiled] = {}
        #: Runs that were started or attached here by id, oldest first.
        self.runs: dict[str, Handle] = {}
        self.last: Handle | None = None
        self.last_error: BaseException | None = None
        #: The cell that is being executed; None outside of IPython.
        self.cell: Cell | None = None
        #: Goes up with every execution, so that outputs of one execution can be told.
        self.execution = 0
        #: Cells by the file name that IPython gave their code, to find the cell of a component.
        self.cells_by_file: dict[str, Cell] = {}
        #: Draws how far runs are while they are waited for; the command line sets it.
        self.progress: Progress | None = None
        #: What the last check of a compiled text found in a cell, by the digest of the cell.
        self.text_findings: dict[str, list[Finding]] = {}
        #: What the gateway last said about connections, for completion only.
        self.cache: dict[str, Any] = {}

    @property
    def connection(self) -> str | None:
        """The connection chosen here: by `connect` or `config`, else by the environment, else None."""
        return self.config.get("connection") or os.environ.get("JUPYTERLAB_KFP_CONNECTION") or None

    def target(self, on: str | None = None) -> str:
        """Name of the connection to use.

        Args:
            on: What the call asks for; it wins.
        """
        chosen = on or self.connection
        if chosen:
            return chosen
        found = str(self.client.get("/status").get("default_connection") or "local")
        self.config["connection"] = found
        return found

    def option(self, name: str, given: str | None = None) -> str | None:
        """Value of an option: the given one, else the one of `%kfp config`."""
        value = given if given is not None else self.config.get(name) or None
        if name == "ns" and value:
            self.saw("namespaces", value)
        return value

    def namespace(self, given: str | None, on: str | None = None) -> str | None:
        """Namespace of a call: the given one, else the one of `%kfp config`.

        Args:
            on: Connection that the call asks for.

        Raises:
            KfpUsageError: ``usage-option`` when one is asked for of the local service.
        """
        if given and self.target(on) == "local":
            raise no_namespaces()
        return self.option("ns", given)

    def saw(self, what: str, *names: str) -> None:
        """Note names for completion, which asks nobody; the newest come first."""
        self.cache[what] = list(dict.fromkeys((*names, *self.cache.get(what, ()))))

    def configure(self, key: str, value: str) -> None:
        """Set an option; an empty value takes it away."""
        if key not in OPTIONS:
            known = ", ".join(OPTIONS)
            raise KfpUsageError(
                "usage-name", f"There is no option {key}.{suggest(key, OPTIONS)}", f"Options: {known}"
            )
        if value:
            self._check(key, value)
        if value:
            self.config[key] = value
        else:
            self.config.pop(key, None)

    def _check(self, key: str, value: str) -> None:
        """Refuse a value that every later line would stumble over.

        Raises:
            KfpUsageError: ``usage-value``; KfpConnectionError: ``conn-unknown``.
        """
        from .lint.rules import RULES
        from .verbs import SHOW

        def one_of(word: str, known: Collection[str], what: str) -> None:
            if word not in known:
                raise KfpUsageError(
                    "usage-value",
                    f"{key} cannot be {word}: there is no such {what}.{suggest(word, known)}",
                    f"It can be: {', '.join(known)}." if len(known) < 10 else "docs/checks.md lists them.",
                )

        if key == "wait":
            from .durations import wait_setting

            wait_setting(value)
        elif key == "show":
            one_of(value, SHOW, "tab")
        elif key == "connection":
            from .connections import require_known

            require_known(value)
        elif key == "lint.ignore":
            for rule in value.replace(",", " ").split():
                one_of(rule.upper(), RULES, "rule")

    def remember(self, handle: Handle) -> None:
        """Note a run as the last one."""
        self.runs.pop(handle.id, None)
        self.runs[handle.id] = handle
        self.last = handle


_session: Session | None = None


def current() -> Session:
    """The session of this process."""
    global _session
    if _session is None:
        _session = Session()
    return _session


def replace(session: Session | None) -> None:
    """Use another session, or a fresh one with None; tests need this."""
    global _session
    _session = session
