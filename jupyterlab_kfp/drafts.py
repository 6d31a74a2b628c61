"""Drafts: pipelines that were compiled and drawn; nothing of them is sent to a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .compile import Compiled
from .session import current
from .submit import cell_reference


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
    from .lint import check_pipeline

    found = check_pipeline(compiled, on or current().connection)
    body: dict[str, Any] = {"text": compiled.text}
    optional = {
        "sdk": compiled.sdk,
        "cell": cell_reference(compiled),
        "lint": [finding.wire(compiled.cell) for finding in found] or None,
    }
    body.update({key: value for key, value in optional.items() if value is not None})
    return Draft(compiled, current().client.post("/pipelines", body))
