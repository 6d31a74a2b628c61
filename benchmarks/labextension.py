"""What a page loads before anybody opens a run."""

from __future__ import annotations

import gzip
import json

import rig
from table import Row


def measure() -> list[Row]:
    """Measure the code that JupyterLab loads at start: the entry and the chunks its plugins need at once."""
    folder = rig.ROOT / "jupyterlab_kfp" / "labextension"
    built = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]
    static = folder / "static"
    entry = folder / built["load"]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in static.glob("*.js")}
    everything = sum(sizes.values()) / 1024
    eager = sum(
        size for name, size in sizes.items() if name == entry.name or name.startswith(("lib_index", "style"))
    )
    return [
        Row(
            "labextension, eager, gz",
            f"{eager / 1024:.0f} KB",
            f"all {everything:.0f} KB",
            eager / 1024 / everything,
            "<= 30 KB",
        ),
    ]
