"""What a page loads before anybody opens a run."""

from __future__ import annotations

import gzip
import json
import re

import rig
from table import Row


def eager_chunks(entry: str) -> set[str]:
    """Name the chunks that the entry fetches for the plugins and the style, in a build of either mode."""
    found: set[str] = set()
    for part in ("./index", "./style"):
        exposed = re.search(rf'"{re.escape(part)}":(.*?)\.then\(', entry, re.DOTALL)
        if exposed is None:
            raise RuntimeError(f"the entry does not expose {part}")
        found.update(re.findall(r"\.e\(\s*\"?([\w-]+)\"?\s*\)", exposed.group(1)))
    return found


def measure() -> list[Row]:
    """Measure the code that JupyterLab loads at start: the entry and the chunks its plugins need at once."""
    folder = rig.ROOT / "jupyterlab_kfp" / "labextension"
    built = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]
    static = folder / "static"
    entry = folder / built["load"]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in static.glob("*.js")}
    everything = sum(sizes.values()) / 1024
    names = eager_chunks(entry.read_text())
    eager = sizes[entry.name] + sum(size for name, size in sizes.items() if name.split(".")[0] in names)
    # names of modules only stand in a development build, which is not minified
    note = ", development" if any(name.startswith("lib_index") for name in sizes) else ""
    return [
        Row(
            "labextension, eager, gz",
            f"{eager / 1024:.0f} KB",
            f"all {everything:.0f} KB{note}",
            eager / 1024 / everything,
            "<= 30 KB",
        ),
    ]
