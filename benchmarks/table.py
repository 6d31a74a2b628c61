"""A row of the table that `make bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Row:
    """One measurement beside its alternative, both from this run."""

    what: str
    ours: str
    alternative: str
    ratio: float
    goal: str

    def __str__(self) -> str:
        return f"{self.what:<38} {self.ours:>10}   {self.alternative:<22} {self.ratio:>8.2f}   {self.goal}"


HEADER = f"{'what':<38} {'ours':>10}   {'beside':<22} {'ratio':>8}   goal"
