"""Fixtures of the Python tests: private Jupyter directories, a gateway that runs nothing, a shell that
raises.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_kfp import session as sessions
from jupyterlab_kfp.client import GatewayClient

from .fake_gateway import FakeGateway

pytest_plugins = ["pytest_jupyter.jupyter_server"]


@pytest.fixture
def jp_server_config(jp_server_config: Any) -> Any:
    """Enable the extension, and refuse whoever does not sign in."""
    from traitlets.config import Config

    return Config(
        {
            "ServerApp": {
                "jpserver_extensions": {"jupyterlab_kfp": True},
                "allow_unauthenticated_access": False,
            }
        }
    )


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No test reads or writes the user's directories, variables or gateway."""
    for name in list(os.environ):
        if name.startswith(("KF_PIPELINES", "JUPYTERLAB_KFP")) and name not in (
            "JUPYTERLAB_KFP_SHARED",
            "JUPYTERLAB_KFP_NODE",
            "JUPYTERLAB_KFP_GATEWAY",
        ):
            monkeypatch.delenv(name)
    for name in ("RUNTIME", "DATA", "CONFIG"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    # What a test sets through our code is taken back too.
    monkeypatch.setenv("KF_PIPELINES_ENDPOINT", "x")
    monkeypatch.delenv("KF_PIPELINES_ENDPOINT")
    monkeypatch.setenv("KF_PIPELINES_UI_ENDPOINT", "x")
    monkeypatch.delenv("KF_PIPELINES_UI_ENDPOINT")
    sessions.replace(None)
    yield
    sessions.replace(None)


@pytest.fixture
def fake() -> Iterator[FakeGateway]:
    """A gateway that runs nothing, in use by this process."""
    gateway = FakeGateway()
    sessions.current().client = GatewayClient(gateway.address)
    yield gateway
    gateway.close()


@pytest.fixture
def shell(fake: FakeGateway) -> Iterator[Any]:
    """A shell without history, with the magics loaded."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(config=Config({"HistoryAccessor": {"enabled": False}}))
    made.run_line_magic("load_ext", "jupyterlab_kfp")
    yield made
    made.run_line_magic("unload_ext", "jupyterlab_kfp")
    InteractiveShell.clear_instance()


def run(shell: Any, cell: str) -> Any:
    """Run a cell; raise what it raised."""
    outcome = shell.run_cell(cell, store_history=True)
    outcome.raise_error()
    return outcome.result
