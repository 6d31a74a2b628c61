"""Show runs and pipelines in a notebook. The gateway builds the bundles; here they are only displayed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .session import current

if TYPE_CHECKING:
    from .handle import Handle

#: The MIME types of our bundles.
RUN_MIME = "application/vnd.jupyterlab-kfp.run+json"
PIPELINE_MIME = "application/vnd.jupyterlab-kfp.pipeline+json"
#: Most runs in one bundle.
MOST_RUNS = 100


def shell() -> Any:
    """The running IPython shell, or None in a script; IPython is never imported for this."""
    import sys

    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None and hasattr(module, "get_ipython") else None


def publish(
    bundle: Mapping[str, Any],
    display_id: str | None = None,
    update: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> bool:
    """Display a bundle.

    Returns:
        False where there is no notebook to display it in.
    """
    if shell() is None:
        return False
    from IPython.display import publish_display_data

    data = dict(bundle)
    publish_display_data(
        data,
        metadata=dict(metadata or {}),
        transient={"display_id": display_id} if display_id else {},
        update=update,
    )
    return True


class RunOutput:
    """The one output of runs in an execution. A second run joins the first one's output."""

    def __init__(self) -> None:
        self.execution = -1
        self.display_id = ""
        self.runs: list[Handle] = []
        self.tab = "auto"

    def begin(self, execution: int, tab: str) -> bool:
        """Start a new output if this is another execution; True when it is new."""
        if self.execution == execution and len(self.runs) < MOST_RUNS:
            return False
        self.execution = execution
        self.display_id = uuid.uuid4().hex
        self.runs = []
        self.tab = tab
        return True


_output = RunOutput()


def bundle_of(runs: Sequence[Handle]) -> dict[str, Any]:
    """Ask the gateway for the bundle of runs, as it is now."""
    found: dict[str, Any] = current().client.post(
        "/bundles/runs", {"runs": [run.ref for run in runs[:MOST_RUNS]]}
    )
    return found


def show_runs(runs: Sequence[Handle], tab: str = "auto", bundle: Mapping[str, Any] | None = None) -> None:
    """Show runs in the output of this execution.

    Args:
        tab: First tab; ``none`` prints one line a run instead.
        bundle: The finished bundle of exactly these runs, where it is there already.
    """
    session = current()
    for run in runs:
        run._shown_in = session.execution
    if shell() is None:
        return
    if tab == "none":
        for run in runs:
            print(one_line(run))
        return
    new = _output.begin(session.execution, tab)
    known = {run.id for run in _output.runs}
    _output.runs += [run for run in runs if run.id not in known]
    if bundle is None or len(_output.runs) != len(runs):
        bundle = bundle_of(_output.runs)
    publish(bundle, _output.display_id, update=not new, metadata=_metadata(_output.tab))


def refresh(runs: Sequence[Handle]) -> None:
    """Bring the output of this execution up to date, if these runs stand in it."""
    known = {run.id for run in _output.runs}
    if (
        shell() is None
        or _output.execution != current().execution
        or not any(run.id in known for run in runs)
    ):
        return
    publish(bundle_of(_output.runs), _output.display_id, update=True, metadata=_metadata(_output.tab))


def _metadata(tab: str) -> dict[str, Any]:
    # The renderer reads the first tab here; the payload itself describes the run, not a view of it.
    return {RUN_MIME: {"tab": tab}} if tab != "auto" else {}


def one_line(run: Handle) -> str:
    """A run in one line: ``train-0412: Running on prod (5f0c1a9e-…)``."""
    word = str(run._header.get("state") or run.state).replace("_", " ").capitalize()
    return f"{run.name}: {word} on {run.connection} ({run.id})"
