"""Compiled pipelines are checked with their sources and by the gateway, and errors keep them from being sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyterlab_kfp import api
from jupyterlab_kfp.errors import KfpLintError
from jupyterlab_kfp.lint import check_pipeline
from jupyterlab_kfp.session import current

DEFINE = """%%kfp --quiet
from kfp import dsl
@dsl.component(base_image="python:3.12", packages_to_install=["pandas"])
def clean(rows: int) -> int:
    return rows - 1
@dsl.component(base_image="python:3.7")  # kfp: ignore[KFP306]
def evaluate(n: int, lr: float) -> float:
    return n * lr
@dsl.pipeline
def train(rows: int = 100, lr: float = 0.1):
    c = clean(rows=rows)
    evaluate(n=c.output, lr=lr)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Jupyter directories of this module, so that its tests share one gateway."""
    return tmp_path_factory.mktemp("jupyter")


@pytest.fixture
def kernel(folders: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell with the magics and a real gateway."""
    for name in ("RUNTIME", "DATA", "CONFIG"):
        (folders / name.lower()).mkdir(exist_ok=True)
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(folders / name.lower()))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(config=Config({"HistoryAccessor": {"enabled": False}}))
    made.run_line_magic("load_ext", "jupyterlab_kfp")
    yield made
    made.run_line_magic("unload_ext", "jupyterlab_kfp")
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module", autouse=True)
def stopped(folders: Any) -> Iterator[None]:
    """No gateway outlives the tests."""
    yield
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RUNTIME", "DATA", "CONFIG"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(folders / name.lower()))
        api.local("stop")


def cell(shell: Any, text: str) -> Any:
    """Run a cell and raise what it raised."""
    outcome = shell.run_cell(text, store_history=True)
    outcome.raise_error()
    return outcome.result


def test_findings_of_source_and_text_come_with_their_lines(kernel: Any):
    cell(kernel, DEFINE)
    found = check_pipeline(current().drafts["train"], "prod")
    assert [(f.rule, f.level, f.line) for f in found if f.rule != "KFP305"] == [
        ("KFP302", "W", 3),
        ("KFP304", "E", 7),
    ]
    # They are in a cell that ran before, not in the one that runs now.
    assert all(f.where.startswith("cell In[") for f in found)


def test_a_list_of_unknown_items_is_told_of_at_its_loop(kernel: Any):
    cell(
        kernel,
        "%%kfp --quiet\nfrom kfp import dsl\n@dsl.component\ndef make_list() -> list:\n    return [1]\n"
        "@dsl.component\ndef square(n: int) -> int:\n    return n * n\n@dsl.pipeline\ndef loops(xs: list):\n"
        "    made = make_list()\n    with dsl.ParallelFor(xs) as x:\n        square(n=x)\n"
        "    with dsl.ParallelFor(\n        items=made.output) as y:\n        square(n=y)\n"
        "    with dsl.ParallelFor(xs, parallelism=1) as z:\n        square(n=z)\n",
    )
    found = [f for f in check_pipeline(current().drafts["loops"]) if f.rule == "KFP206"]
    assert {(f.line, f.end_line) for f in found} >= {(12, 12), (14, 15)}
    assert all("of xs reach" in f.message for f in found if f.line == 12)
    assert all("of make-list-Output reach" in f.message for f in found if f.line == 14)


def test_an_error_of_the_text_keeps_a_run_from_being_sent(kernel: Any):
    cell(kernel, DEFINE)
    with pytest.raises(KfpLintError) as caught:
        cell(kernel, "%kfp run train --on local")
    assert re.search(r"KFP304 error, cell In\[\d\], line 7:", str(caught.value))
    assert list(api.ls("runs", on="local")) == []


def test_a_closure_keeps_a_run_from_being_sent_and_names_its_line(kernel: Any):
    text = DEFINE.replace("python:3.7", "python:3.12").replace("%%kfp --quiet", "%%kfp run train --on local")
    with pytest.raises(KfpLintError) as caught:
        cell(kernel, text.replace("return n * lr", "return n * scale").replace("lr)\n", "lr)\nscale = 3\n"))
    assert str(caught.value).count("KFP101 error, line 8") == 1


def test_a_cell_that_only_defines_shows_all_and_does_not_fail(kernel: Any, capsys: Any):
    cell(kernel, DEFINE.replace(" --quiet", ""))
    shown = capsys.readouterr().out
    assert "KFP304" in shown and "(line 7)" in shown


def test_the_verb_checks_a_file_that_has_no_source(kernel: Any, tmp_path: Any):
    cell(kernel, DEFINE)
    file = tmp_path / "train.yaml"
    file.write_text(current().drafts["train"].text)
    found = api.lint(str(file))
    assert [f.rule for f in found if f.rule != "KFP305"] == ["KFP302", "KFP304"]
    assert all(f.line is None for f in found)


def test_the_verb_without_a_target_checks_every_cell(kernel: Any):
    cell(kernel, DEFINE)
    cell(kernel, "def helper():\n    pass\n@dsl.component\ndef f(x: int):\n    helper()\n")
    assert [(f.rule, f.line) for f in api.lint() if f.is_error] == [("KFP104", 5)]


def test_an_exception_that_a_check_explains_carries_the_hint(kernel: Any, capsys: Any):
    cell(kernel, DEFINE)
    with pytest.raises(TypeError) as caught:
        cell(kernel, "%%kfp\n@dsl.pipeline\ndef p():\n    clean(1)\n")
    hint = "KFP205 error, line 4: Call components with names: clean(rows=1)."
    assert hint in (*getattr(caught.value, "__notes__", ()), *capsys.readouterr().out.splitlines())


def test_a_silenced_rule_is_silent_in_the_text_too(kernel: Any):
    cell(kernel, DEFINE.replace("ignore[KFP306]", "ignore[KFP304, KFP306]"))
    found = check_pipeline(current().drafts["train"], "prod", run=True)
    assert found.errors == ()
