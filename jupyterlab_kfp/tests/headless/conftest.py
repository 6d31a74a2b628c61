"""One gateway for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("kfp")
pytest.importorskip("ipykernel")

from ..real_kernel import Home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Directories of our own; the gateway of the first process serves all."""
    made = Home(tmp_path_factory.mktemp("jupyter"))
    yield made
    made.close()
