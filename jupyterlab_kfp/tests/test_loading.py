"""How the magics come into a kernel, and how often they may."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


@pytest.fixture
def shell() -> InteractiveShell:
    """A shell without history and without our magics."""
    return InteractiveShell(config=Config(HistoryAccessor={"enabled": False}))


def test_a_lazily_registered_magic_loads_at_its_first_use(shell, capsys):
    shell.magics_manager.register_lazy("kfp", "jupyterlab_kfp")
    shell.run_cell("%kfp help run").raise_error()
    assert "%kfp run" in capsys.readouterr().out


def test_loading_twice_registers_once(shell):
    shell.run_line_magic("load_ext", "jupyterlab_kfp")
    first = shell.magics_manager.magics["line"]["kfp"]
    shell.extension_manager.reload_extension("jupyterlab_kfp")
    from jupyterlab_kfp.magics.extension import load

    load(shell)
    load(shell)
    found = shell.magics_manager.magics["line"]["kfp"]
    assert type(found.__self__) is type(first.__self__)
    assert len([hook for hook in shell.events.callbacks["pre_run_cell"] if "kfp" in hook.__module__]) == 1


def test_loading_leaves_no_name_behind(shell):
    before = set(shell.user_ns)
    shell.run_line_magic("load_ext", "jupyterlab_kfp")
    assert set(shell.user_ns) == before
