"""Kubeflow Pipelines in Jupyter: magics, a Python API and the server glue.

Importing this package loads neither ``kfp`` nor ``pandas`` nor ``tornado``: every name is fetched when it is
first used, because a kernel start must not pay for what a notebook may never need.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

#: Functions of the Python API, each with the name of its verb.
_API = frozenset(
    (
        "attach",
        "compile",
        "debug",
        "diff",
        "doctor",
        "frame",
        "plan",
        "schedule",
        "upload",
        "config",
        "connect",
        "lint",
        "local",
        "logs",
        "ls",
        "rerun",
        "results",
        "retry",
        "run",
        "status",
        "stop",
        "wait",
    )
)


class _Package(ModuleType):
    """Keeps ``jk.compile`` and ``jk.lint`` the verbs although parts of the package have these names too.

    Importing a part binds it in its package; for these two that would replace the function.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _API and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """Fetch a function of the API or an error class when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("jupyterlab-kfp")
    from importlib import import_module

    if name in _API:
        value = getattr(import_module(".api", __name__), name)
    elif name.startswith("Kfp") or name in ("RunFailed", "RunCanceled", "WaitTimeout", "WaitInterrupted"):
        value = getattr(import_module(".errors", __name__), name)
    elif name == "Handle":
        value = import_module(".handle", __name__).Handle
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the API for completion without loading it."""
    return sorted((*globals(), *_API, "Handle"))


def load_ipython_extension(shell: Any) -> None:
    """Register ``%kfp`` and ``%%kfp``; safe to call any number of times."""
    from .magics.extension import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magics and the hooks away again."""
    from .magics.extension import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-kfp"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .server import KfpExtension

    return [{"module": "jupyterlab_kfp", "app": KfpExtension}]
