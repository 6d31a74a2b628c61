"""What a page loads and does before anybody opens a run; both for a production build."""

from __future__ import annotations

import gzip
import json
import re

import browser
import production
from table import Row


def eager_chunks(entry: str) -> set[str]:
    """Name the chunks that the entry fetches for the plugins and the style, in a build of either mode."""
    found: set[str] = set()
    for part in ("./index", "./extension", "./style"):
        exposed = re.search(rf'"{re.escape(part)}":(.*?)\.then\(', entry, re.DOTALL)
        if exposed is not None:
            found.update(re.findall(r"\.e\(\s*\"?([\w-]+)\"?\s*\)", exposed.group(1)))
    if not found:
        raise RuntimeError("the entry exposes neither plugins nor a style")
    return found


def size() -> Row:
    """Measure the code that JupyterLab loads at start: the entry and the chunks its plugins need at once."""
    folder = production.labextension()
    built = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]
    entry = folder / built["load"]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in (folder / "static").glob("*.js")}
    everything = sum(sizes.values()) / 1024
    names = eager_chunks(entry.read_text())
    eager = (
        sizes[entry.name] + sum(size for name, size in sizes.items() if name.split(".")[0] in names)
    ) / 1024
    return Row(
        "labextension, eager, gz",
        f"{eager:.1f} KB",
        f"all {everything:.0f} KB",
        eager / everything,
        "<= 30 KB",
    )


def measure() -> list[Row]:
    """Measure the size, and in Chromium what JupyterLab's start has to wait for."""
    return [size(), *browser.measure("start-bench", "start")]
