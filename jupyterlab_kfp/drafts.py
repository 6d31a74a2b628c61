"""Drafts: pipelines that were compiled and drawn; nothing of them is sent to a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .compile import Compiled
from .session import current


class Draft:
    """A compiled pipeline with its output for a notebook."""

    def __init__(self, compiled: Compiled, answer: Mapping[str, Any]) -> None:
        self.compiled = compiled
        self._answer = answer

    def as_json(self) -> Any:
        """The pipeline as the wire has it (``PipelinePayload``)."""
        return self._answer["payload"]

    def show(self) -> None:
        """Display it, or print it where there is no notebook."""
        from .display import publish

        if not publish(self._answer["bundle"]):
            print(self._answer["bundle"]["text/plain"])


def describe(compiled: Compiled, on: str | None = None) -> Draft:
    """Check a compiled pipeline and ask the gateway for its output.

    Args:
        on: Connection that it is for.
    """
    from .lint import describe as check

    _, answer = check(compiled, on or current().connection)
    return Draft(compiled, answer)
