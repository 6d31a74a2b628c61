"""Recurring runs: make them, look at them, switch, remove and trigger them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from . import parameters
from .client import segment
from .compile import Compiled
from .durations import parse_time, seconds, words
from .errors import KfpUsageError, clip, suggest
from .handle import Handle
from .session import current
from .text import Shown

_API = "/apis/v2beta1"


class Schedule(Shown):
    """A recurring run on a service."""

    def __init__(
        self, raw: Mapping[str, Any], connection: str, fires: Mapping[str, Any] | None = None, note: str = ""
    ) -> None:
        self._raw = raw
        self._note = note
        self.connection = connection
        #: The next times at which it fires, at most three.
        self.next = [time for text in (fires or {}).get("times") or () if (time := parse_time(text))]
        #: Zone in which its cron expression is read.
        self.zone = str((fires or {}).get("zone") or "UTC")

    @property
    def id(self) -> str:
        """Id of the recurring run."""
        return str(self._raw["recurring_run_id"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self._raw.get("display_name") or self.id)

    @property
    def enabled(self) -> bool:
        """Whether it fires."""
        return self._raw.get("status") == "ENABLED" or self._raw.get("mode") == "ENABLE"

    @property
    def trigger(self) -> str:
        """The cron expression, or the time between runs."""
        return trigger_text(self._raw.get("trigger") or {})

    def as_json(self) -> Any:
        """For ``--json``."""
        return {
            "recurring_run_id": self.id,
            "name": self.name,
            "connection": self.connection,
            "enabled": self.enabled,
            "trigger": self.trigger,
            "zone": self.zone,
            "next": [time.isoformat() for time in self.next],
        }

    def as_text(self) -> str:
        """What it is, and when it fires next."""
        if self._note:
            return self._note
        state = "" if self.enabled else ", off"
        lines = [f"Scheduled: {self.name} on {self.connection}, {self.trigger}{state}"]
        lines += [f"  next  {_in_zone(time, self.zone)}" for time in self.next]
        if not self.next:
            lines.append("  It will not fire: its end comes first.")
        return "\n".join(lines)


def _in_zone(time: datetime, zone: str) -> str:
    """A time on the clocks that a cron expression is read by, and the name of their zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        there = time.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        there, zone = time.astimezone(timezone.utc), "UTC"  # a machine without that zone
    return f"{there:%a %Y-%m-%d %H:%M:%S} {zone}"


def trigger_text(trigger: Mapping[str, Any]) -> str:
    """A trigger of the KFP API in words."""
    cron = (trigger.get("cron_schedule") or {}).get("cron")
    if cron:
        return f'cron "{cron}"'
    interval = (trigger.get("periodic_schedule") or {}).get("interval_second")
    return f"every {words(float(interval))}" if interval else "once"


def read_trigger(
    cron: str | None, every: str | float | None, start: Any = None, end: Any = None
) -> dict[str, Any]:
    """Check when a schedule is to fire and bring it into the form of the KFP API.

    Raises:
        KfpUsageError: ``cron-fields`` for a cron expression of five fields, with the one of six;
            ``usage-option`` when neither or both were given; ``usage-value`` for a wrong time.
    """
    if (cron is None) == (every is None):
        raise KfpUsageError(
            "usage-option",
            "schedule needs --cron or --every."
            if cron is None
            else "--cron and --every contradict each other.",
            'For example: --cron "0 0 6 ? * MON-FRI", or --every 2h',
        )
    bounds = {}
    for key, value in (("start_time", start), ("end_time", end)):
        if value is not None:
            bounds[key] = _moment(value, "--start" if key == "start_time" else "--end")
    if len(bounds) == 2 and bounds["end_time"] <= bounds["start_time"]:
        raise KfpUsageError("usage-value", "--end comes before --start.")
    if cron is None:
        interval = seconds(every or 0)
        if interval < 1 or interval != int(interval):
            raise KfpUsageError("usage-value", f"--every {clip(every, 40)}: whole seconds, at least one.")
        return {"periodic_schedule": {"interval_second": str(int(interval)), **bounds}}
    return {"cron_schedule": {"cron": _cron(cron), **bounds}}


def _cron(text: str) -> str:
    fields = text.split()
    if text.startswith("@") or len(fields) == 6:
        return " ".join(fields)
    if len(fields) == 5:
        raise KfpUsageError(
            "cron-fields",
            f'KFP cron starts with seconds, and "{clip(text, 60)}" has five fields.',
            f'Did you mean "0 {" ".join(fields)}"?',
        )
    raise KfpUsageError(
        "cron-fields",
        f'"{clip(text, 60)}" has {len(fields)} field{"" if len(fields) == 1 else "s"}, a cron expression has six.',
        'second minute hour day month weekday, for example "0 0 6 ? * MON-FRI"',
    )


def _moment(value: Any, option: str) -> str:
    if isinstance(value, datetime):
        time = value
    else:
        try:
            time = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
        except ValueError:
            raise KfpUsageError(
                "usage-value", f'{option} "{clip(value, 40)}" is no time. Write 2026-12-31T06:00:00Z.'
            ) from None
    # A time without a zone is the reader's own, as everywhere in Python.
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def create(
    compiled: Compiled,
    values: Mapping[str, Any],
    trigger: Mapping[str, Any],
    name: str | None = None,
    catch_up: bool = False,
    most: int = 1,
    exp: str | None = None,
    on: str | None = None,
    ns: str | None = None,
) -> Schedule:
    """Make a schedule; parameters and the trigger are checked before anything is sent.

    Raises:
        KfpUsageError: ``bad-param``, ``usage-value``. KfpServiceError: The service refused.
    """
    session = current()
    checked = parameters.check(compiled, values)
    if not 1 <= most <= 10:
        raise KfpUsageError("usage-value", f"--max must be from 1 to 10, got {most}.")
    connection = session.target(on)
    namespace = session.namespace(ns, on)
    plain = trigger.get("cron_schedule") or trigger.get("periodic_schedule") or {}
    times = {key: plain[key] for key in ("cron", "start_time", "end_time") if key in plain}
    if "interval_second" in plain:
        times["interval_second"] = int(plain["interval_second"])
    fires = session.client.post("/schedules/next", times)
    body = {
        "display_name": name or compiled.name,
        **_pipeline(compiled),
        "runtime_config": {"parameters": checked},
        "max_concurrency": str(most),
        "trigger": trigger,
        "mode": "ENABLE",
        "no_catchup": not catch_up,
        "experiment_id": _experiment(connection, session.option("exp", exp), namespace),
        "namespace": namespace,
    }
    raw = session.client.upstream(
        connection,
        "POST",
        f"{_API}/recurringruns",
        {key: value for key, value in body.items() if value is not None},
    )
    return Schedule(raw, connection, fires)


def _pipeline(compiled: Compiled) -> dict[str, Any]:
    if compiled.version is not None:
        pipeline, version = compiled.version
        return {"pipeline_version_reference": {"pipeline_id": pipeline, "pipeline_version_id": version}}
    client = current().client
    digest = client.post("/pipelines", {"text": compiled.text})["digest"]
    return {"pipeline_spec": client.get(f"/pipelines/{segment(digest)}/spec")}


def _experiment(connection: str, name: str | None, namespace: str | None) -> str | None:
    """Id of an experiment; made if missing. None without a name: the service has a default."""
    if name is None:
        return None
    client = current().client
    wanted = {"predicates": [{"key": "display_name", "operation": "EQUALS", "string_value": name}]}
    page = client.upstream(
        connection,
        "GET",
        f"{_API}/experiments",
        query={"filter": json.dumps(wanted), "page_size": 1, "namespace": namespace},
    )
    for row in page.get("experiments") or ():
        return str(row["experiment_id"])
    body = {"display_name": name, **({"namespace": namespace} if namespace else {})}
    return str(client.upstream(connection, "POST", f"{_API}/experiments", body)["experiment_id"])


def find(word: str, on: str | None = None, ns: str | None = None) -> Schedule:
    """Find a schedule by id, the beginning of its id, or its name.

    Raises:
        KfpUsageError: ``usage-target`` when none or several fit.
    """
    session = current()
    connection = session.target(on)
    rows = _rows(connection, session.namespace(ns, on))
    same = [row for row in rows if word in (row["recurring_run_id"], row.get("display_name"))]
    if not same and re.fullmatch(r"[0-9a-f\-]{6,}", word, re.IGNORECASE):
        same = [row for row in rows if row["recurring_run_id"].startswith(word.lower())]
    if not same:
        names = [str(row.get("display_name")) for row in rows]
        raise KfpUsageError(
            "usage-target",
            f"There is no schedule {clip(word, 60)} on {connection}.{suggest(word, names)}",
            "See them: %kfp schedule ls",
        )
    if len(same) > 1:
        listed = ", ".join(row["recurring_run_id"][:13] for row in same[:5])
        raise KfpUsageError("usage-target", f"{clip(word, 60)} fits {len(same)} schedules: {listed}.")
    return Schedule(same[0], connection)


def _rows(connection: str, namespace: str | None) -> list[dict[str, Any]]:
    page = current().client.upstream(
        connection, "GET", f"{_API}/recurringruns", query={"page_size": 200, "namespace": namespace}
    )
    return list(page.get("recurringRuns") or ())


def switch(schedule: Schedule, enabled: bool) -> Schedule:
    """Switch a schedule on or off."""
    word = "enable" if enabled else "disable"
    path = f"{_API}/recurringruns/{segment(schedule.id)}"
    client = current().client
    client.upstream(schedule.connection, "POST", f"{path}:{word}", {})
    raw = client.upstream(schedule.connection, "GET", path)
    state = "on" if enabled else "off"
    return Schedule(raw, schedule.connection, note=f"Schedule {schedule.name} is {state}.")


def remove(schedule: Schedule) -> Schedule:
    """Delete a schedule; its runs stay."""
    path = f"{_API}/recurringruns/{segment(schedule.id)}"
    current().client.upstream(schedule.connection, "DELETE", path, query={"propagation_policy": "ORPHAN"})
    note = f"Schedule {schedule.name} is removed; its runs stay."
    return Schedule(schedule._raw, schedule.connection, note=note)


def trigger_now(schedule: Schedule) -> Handle:
    """Start a run of a schedule now, with its parameters."""
    session = current()
    raw = schedule._raw
    body = {
        "display_name": f"{schedule.name} {datetime.now(timezone.utc):%Y-%m-%d %H-%M-%S}",
        "recurring_run_id": schedule.id,
        **{
            key: raw[key]
            for key in (
                "pipeline_version_reference",
                "pipeline_spec",
                "runtime_config",
                "experiment_id",
                "service_account",
            )
            if raw.get(key)
        },
    }
    made = session.client.upstream(schedule.connection, "POST", f"{_API}/runs", body)
    handle = Handle(str(made["run_id"]), schedule.connection)
    session.remember(handle)
    return handle
