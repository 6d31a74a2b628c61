"""Progress of a wait on a terminal: one line that is drawn over itself, on stderr, gone at the end."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .durations import words

if TYPE_CHECKING:
    from .handle import Handle


class Progress:
    """Draws how far runs are; does nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._drawn = False
        self.active = sys.stderr.isatty()

    def update(self, runs: Sequence[Handle]) -> None:
        """Draw the line again."""
        if not self.active:
            return
        parts = []
        for run in runs[:3]:
            counts = run.counts
            tasks = f" {counts['done']}/{counts['total']} tasks" if counts.get("total") else ""
            state = str(run._header.get("state") or "").replace("_", " ").capitalize()
            parts.append(f"{run.name}: {state}{tasks}")
        more = f" and {len(runs) - 3} more" if len(runs) > 3 else ""
        text = f"{'   '.join(parts)}{more}   {words(float(int(time.monotonic() - self._begin)))}"
        width = shutil.get_terminal_size().columns - 1
        # Names come from the service: nothing in them may steer the terminal.
        plain = "".join(char for char in text if char.isprintable())[:width]
        sys.stderr.write(f"\r\x1b[K{plain}")
        sys.stderr.flush()
        self._drawn = True

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False
