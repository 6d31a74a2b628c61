"""A new schedule says when it fires on the clocks that its cron expression is read by."""

import pytest

from jupyterlab_kfp.schedules import Schedule


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Kolkata", "Mon 2026-11-23 11:30:00 Asia/Kolkata"),
        ("UTC", "Mon 2026-11-23 06:00:00 UTC"),
        ("Nowhere/Land", "Mon 2026-11-23 06:00:00 UTC"),
    ],
)
def test_fire_times_are_in_their_zone(zone: str, text: str) -> None:
    raw = {"recurring_run_id": "r", "display_name": "nightly", "status": "ENABLED", "trigger": {}}
    made = Schedule(raw, "local", {"zone": zone, "times": ["2026-11-23T06:00:00Z"]})
    assert made.as_text().splitlines()[1] == f"  next  {text}"
