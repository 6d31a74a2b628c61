"""A run as a Python object."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .client import segment
from .errors import KfpServiceError
from .session import current

if TYPE_CHECKING:
    from .diff import Diff
    from .run_results import Results
    from .tasks import TaskList

#: States that a run does not leave by itself.
FINAL = frozenset(("SUCCEEDED", "FAILED", "SKIPPED", "CANCELED"))


def act_on(runs: Iterable[Handle], act: Callable[[Handle], Any]) -> None:
    """Do the same with several runs, once with each; one that refuses keeps no other from it.

    Raises:
        KfpServiceError: At the end, with what each of those that refused says.
    """
    refused: list[KfpServiceError] = []
    for run in dict.fromkeys(runs):
        try:
            act(run)
        except KfpServiceError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise KfpServiceError(refused[0].code, " ".join(str(error) for error in refused))


class Handle:
    """A run on a connection.

    It holds the id and the connection, no secret and no state: everything else is read from the gateway when
    asked for. It can be pickled.
    """

    def __init__(
        self, run_id: str, connection: str, header: Mapping[str, Any] | None = None, cell: Any = None
    ) -> None:
        self.id = run_id
        self.connection = connection
        self._header: dict[str, Any] = dict(header or {})
        self._cell = cell
        #: Counts of its tasks when it was last read.
        self.counts: dict[str, Any] = {}
        #: Paths and states of its tasks when they were last read, for completion.
        self.seen: dict[str, str] = {}
        #: Execution in which this run was shown last.
        self._shown_in = -1

    # -- what it is
    # -------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the run."""
        return str(self._known("name") or self.id)

    @property
    def namespace(self) -> str | None:
        """Namespace of the run, where the service has namespaces."""
        found = (self._known("connection") or {}).get("namespace")
        return str(found) if found else None

    @property
    def experiment(self) -> str | None:
        """Name of the experiment."""
        found = (self._known("experiment") or {}).get("name")
        return str(found) if found else None

    @property
    def pipeline(self) -> str | None:
        """Name of the pipeline."""
        found = (self._known("pipeline") or {}).get("name")
        return str(found) if found else None

    @property
    def url(self) -> str | None:
        """Address in the UI of the service; None where no checked address is known."""
        found = self._known("ui_url")
        return str(found) if found else None

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the run's parameters by name; those that look like secrets are dots."""
        import json

        found = {}
        for item in self._known("parameters") or ():
            if item.get("redacted"):
                found[item["name"]] = "••••"
            elif "json" in item:
                found[item["name"]] = json.loads(item["json"])
        return found

    @property
    def state(self) -> str:
        """State now, one word for all services: ``PENDING``, ``RUNNING``, ``SUCCEEDED``, ``FAILED``,
        ``CANCELED``, …
        """
        return str(self.view("header")["run"]["state"])

    @property
    def final(self) -> bool:
        """True when the run has ended."""
        return self._header.get("state") in FINAL or self.state in FINAL

    @property
    def duration(self) -> float | None:
        """Seconds from the start to the end, or to now; None before the start."""
        from .tasks import elapsed

        run = self.view("header")["run"]
        return elapsed(run.get("started_at") or run.get("created_at"), run.get("finished_at"))

    def view(self, detail: str = "tasks") -> dict[str, Any]:
        """The run as the gateway sees it now (``RunView`` of the wire)."""
        answer = current().client.get(f"{self.path}/view", {"detail": detail})
        view: dict[str, Any] = answer["view"]
        self._header = dict(view["run"])
        self.counts = dict(view.get("counts") or {})
        if view.get("tasks"):
            self.seen = {task["path"]: task["state"] for task in view["tasks"].values()}
        return view

    @property
    def path(self) -> str:
        """Path of the run below ``/api``."""
        return f"/connections/{segment(self.connection)}/runs/{segment(self.id)}"

    @property
    def ref(self) -> dict[str, Any]:
        """The run as a request for a bundle names it."""
        found = {"connection": self.connection, "run_id": self.id}
        return {**found, "cell": self._cell} if self._cell else found

    def _known(self, key: str) -> Any:
        if key not in self._header and "run_id" not in self._header:
            self.view("header")
        return self._header.get(key)

    # -- what it did
    # ------------------------------------------------------------------------------------------------

    @property
    def tasks(self) -> TaskList:
        """Its tasks: a list that also takes names, ``r.tasks["train"]``."""
        from .tasks import TaskList

        return TaskList(self, self.view())

    @property
    def results(self) -> Results:
        """What its tasks wrote: ``r.results["evaluate"]["accuracy"]``."""
        from .run_results import Results

        return Results(self, self.view())

    def logs(
        self, task: str | None = None, follow: bool = False, stream: str = "main", attempt: int = -1
    ) -> str | Iterator[str]:
        """Text of a task's log, or of all tasks with the task's name before each line.

        Args:
            task: Name or path of the task.
            follow: Give an iterator of lines that ends with the task.
            stream: ``main`` or ``driver``.
            attempt: Number from 0; -1 is the newest.
        """
        from . import log_lines

        lines = log_lines.lines(self, task, follow=follow, stream=stream, attempt=attempt)
        return lines if follow else "\n".join(lines)

    # -- what can be done
    # -------------------------------------------------------------------------------------------

    def wait(self, timeout: float | str | None = None, check: bool = True) -> Handle:
        """Block until the run is final.

        Args:
            timeout: Longest time, in seconds or as ``"10m"``.
            check: False returns a failed run instead of raising.

        Raises:
            RunFailed, RunCanceled: with ``check``.
            WaitTimeout: The time is over; the run goes on.
        """
        from .waiting import wait_all

        wait_all([self], timeout=timeout, check=check)
        return self

    def __await__(self) -> Generator[Any, None, Handle]:
        from .waiting import wait_async

        return wait_async(self).__await__()

    def stop(self) -> Handle:
        """Ask the service to end the run."""
        return self._act("terminate")

    def retry(self) -> Handle:
        """Run the failed tasks again."""
        return self._act("retry")

    def diff(self, other: Any) -> Diff:
        """Compare with another run: parameters, code, compiled text, metrics."""
        from .api import diff

        return diff(self, other)

    def frame(self) -> Any:
        """Its tasks as a pandas frame."""
        from .frames import frame_of_tasks

        return frame_of_tasks(self)

    def rerun(self, **changes: Any) -> Handle:
        """Send the same pipeline with the same parameters, but for ``changes``."""
        from .api import rerun

        return rerun(self, **changes)

    def _act(self, action: str) -> Handle:
        try:
            header = current().client.post(f"{self.path}/actions", {"action": action})
        except KfpServiceError as error:
            raise self._needless(action, error) from None
        if isinstance(header, dict) and "run_id" in header:
            self._header = dict(header)
        return self

    def _needless(self, action: str, error: KfpServiceError) -> KfpServiceError:
        """Say in our words what a service refuses because of the state of the run."""
        if error.code == "not-found":
            return error
        state = self.state
        if action == "terminate" and state in FINAL:
            return KfpServiceError("conflict", f"{self.name} has ended already: {state.capitalize()}.")
        if action == "retry" and state not in ("FAILED", "CANCELED"):
            return KfpServiceError(
                "conflict",
                f"{self.name} is {state.capitalize()}: only a failed or canceled run can be retried.",
                f"%kfp rerun {self.id[:8]} sends it again.",
            )
        return error

    # -- display
    # ----------------------------------------------------------------------------------------------------

    def show(self, tab: str = "auto") -> None:
        """Display the run."""
        from .display import show_runs

        show_runs([self], tab=tab)

    def _ipython_display_(self) -> None:
        # A magic that showed the run already also returns it; the value must not show it twice.
        if self._shown_in != current().execution:
            self.show()

    def __repr__(self) -> str:
        return f"<Run {self._header.get('name') or self.id} {self.id[:6]} on {self.connection}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and (self.id, self.connection) == (other.id, other.connection)

    def __hash__(self) -> int:
        return hash((self.id, self.connection))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Handle, (self.id, self.connection))
