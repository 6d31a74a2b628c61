"""A kernel without kfp, or with kfp 1.8, gets a clear sentence; what needs no kfp works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..real_kernel import Home, Kernel

CELL = "%%kfp run\nfrom kfp import dsl\n@dsl.pipeline\ndef p(): pass"


@pytest.fixture(params=["missing", "1.8.22"])
def other(request: pytest.FixtureRequest, home: Home, tmp_path: Path) -> Iterator[tuple[Kernel, str]]:
    """A kernel in which `import kfp` fails, or gives an old version."""
    package = tmp_path / "kfp"
    package.mkdir()
    if request.param == "missing":
        text = "raise ModuleNotFoundError(\"No module named 'kfp'\", name='kfp')"
    else:
        text = f"__version__ = {request.param!r}"
    (package / "__init__.py").write_text(text + "\n")
    kernel = Kernel(home, tmp_path)
    kernel.ok(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n%load_ext jupyterlab_kfp")
    yield kernel, request.param
    kernel.close()


def test_the_sentence_names_the_fix(other):
    kernel, what = other
    error = kernel.run(CELL).error
    if what == "missing":
        assert error == (
            "KfpUsageError [kfp-missing]: This kernel has no kfp, which compiles pipelines.\n"
            "Install it: %pip install kfp"
        )
    else:
        assert error.startswith(
            "KfpUsageError [kfp-old]: This kernel has kfp 1.8.22; pipelines need kfp 2.7 or newer."
        )
    assert "Connected: local" in kernel.ok("%kfp connect local").text
    assert kernel.ok("%kfp ls runs").status == "ok"


def test_importing_the_package_loads_neither_kfp_nor_pandas(home, tmp_path):
    kernel = Kernel(home, tmp_path)
    try:
        kernel.ok("%load_ext jupyterlab_kfp\nimport jupyterlab_kfp as jk; jk.status")
        assert (
            kernel.value(
                "[m for m in ('kfp', 'pandas', 'tornado.web', 'yaml') if m in __import__('sys').modules]"
            )
            == []
        )
        assert kernel.value("[n for n in globals() if not n.startswith('_')]") == [
            "In",
            "Out",
            "get_ipython",
            "exit",
            "quit",
            "open",
            "jk",
        ]
    finally:
        kernel.close()
