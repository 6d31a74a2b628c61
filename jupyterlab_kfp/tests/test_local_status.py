"""What ``local status`` says about the service's files."""

from jupyterlab_kfp.local_service import LocalStatus


def test_status_is_one_line_when_all_is_well():
    status = LocalStatus(True, {"active_runs": 1, "data_dir": "/d", "notices": []})
    assert status.as_text() == "The local service runs: 1 active run, data in /d"


def test_status_names_what_went_wrong_with_the_files():
    notice = "The database of the local service was damaged. It was kept as /d/x; a new one was started."
    status = LocalStatus(True, {"active_runs": 0, "data_dir": "/d", "notices": [notice]})
    assert status.as_text().splitlines() == ["The local service runs: 0 active runs, data in /d", notice]
    assert status.as_json()["notices"] == [notice]
