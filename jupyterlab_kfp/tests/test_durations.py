"""Durations read the same in the notebook's text and in the views (design of the run widget, section 2)."""

import pytest

from jupyterlab_kfp.durations import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "<1s"),
        (0.3, "<1s"),
        (9.7, "9s"),
        (59.9, "59s"),
        (60, "1m"),
        (192, "3m 12s"),
        (3599, "59m 59s"),
        (7500, "2h 5m"),
        (86399, "23h 59m"),
        (273600, "3d 4h"),
        (86400 * 400, "400d"),
    ],
)
def test_durations_are_worded_as_in_the_views(seconds: float, text: str) -> None:
    assert words(seconds) == text
