"""One gateway for all tests of this folder, one kernel for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("kfp")
pytest.importorskip("ipykernel")

from ..real_kernel import Home, Kernel


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Directories of our own; the gateway of the first kernel serves all."""
    made = Home(tmp_path_factory.mktemp("jupyter"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def kernel(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the magics loaded and the local service chosen."""
    made = Kernel(home, tmp_path_factory.mktemp("work"))
    made.ok("%load_ext jupyterlab_kfp")
    yield made
    made.close()
