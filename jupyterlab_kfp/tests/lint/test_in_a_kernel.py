"""The checks in a real kernel: lines from the first cell on, marks for editors, hints after old names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_kfp.lint.old_errors import HINT, hint_of

from ..real_kernel import Home, Kernel

BAD = """%%kfp run bad --on local
scale = 3
from kfp import dsl

@dsl.component(base_image="python:3.8")
def mul(x: int) -> int:
    return x * scale
@dsl.pipeline
def bad(): mul(x=1)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel in which the magic is registered as the front end does it."""
    folder = tmp_path_factory.mktemp("kernel")
    home = Home(folder)
    running = Kernel(home, folder)
    running.ok("get_ipython().magics_manager.register_lazy('kfp', 'jupyterlab_kfp')")
    yield running
    running.close()
    home.close()


def marks(kernel: Kernel, source: str, *ignore: str) -> list[dict[str, Any]]:
    """Ask as the front end does."""
    call = f"findings({json.dumps(source)}, 'id', {json.dumps(ignore)})"
    expression = f"__import__('jupyterlab_kfp.lint.editor', fromlist=['_']).{call}"
    identity = kernel.client.execute(
        "", silent=True, store_history=False, user_expressions={"kfp": expression}
    )
    while True:
        reply = kernel.client.get_shell_msg(timeout=30)
        if reply["parent_header"]["msg_id"] == identity:
            answer = reply["content"]["user_expressions"]["kfp"]
            assert answer["status"] == "ok", answer
            return list(answer["data"]["application/json"]["findings"])


def test_the_very_first_cell_names_its_own_lines(kernel: Kernel):
    answer = kernel.run(BAD)
    assert "KFP101 error, line 7:" in answer.error
    assert "KFP304 error, line 6: kfp" in answer.error
    assert kernel.run_count() == 0


def test_an_editor_gets_the_findings_of_source_and_text(kernel: Kernel):
    kernel.run(BAD)
    found = {mark["rule"]: mark for mark in marks(kernel, BAD)}
    assert (found["KFP101"]["line"], found["KFP101"]["column"]) == (7, 15)
    assert found["KFP304"]["line"] == 6
    assert "KFP101" not in {mark["rule"] for mark in marks(kernel, BAD, "KFP101")}
    # Of an edited text only the source is known.
    assert {mark["rule"] for mark in marks(kernel, BAD.replace("scale", "3"))} == set()


def test_the_question_of_an_editor_leaves_no_trace(kernel: Kernel):
    before = kernel.value("[len(In), sorted(n for n in globals() if not n.startswith('_'))]")
    marks(kernel, BAD)
    after = kernel.value("[len(In), sorted(n for n in globals() if not n.startswith('_'))]")
    assert after == [before[0] + 1, before[1]]


def test_a_plain_cell_with_an_old_name_gets_one_line(kernel: Kernel):
    answer = kernel.run("import kfp\nkfp.components.create_component_from_func(print)")
    assert answer.text == f"{HINT}\n"
    assert kernel.run("from kfp.components import func_to_container_op").text == f"{HINT}\n"
    assert kernel.run("[].add_pvolumes").text == ""
    assert kernel.run("1 / 0").text == ""


def test_a_name_of_another_library_gets_no_hint():
    import kfp

    class Volume: ...

    for act in (lambda: Volume().VolumeOp, lambda: __import__("json").ContainerOp, lambda: kfp.nothing):
        with pytest.raises(AttributeError) as caught:
            act()
        assert hint_of(caught.value) is None
    assert hint_of(None) is None


def test_importing_the_package_loads_none_of_this(tmp_path: Path):
    import subprocess
    import sys

    code = (
        "import sys, jupyterlab_kfp; print([m for m in sys.modules"
        " if m.split('.')[0] in ('kfp', 'pandas', 'IPython') or m.startswith('jupyterlab_kfp.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stdout.strip() == "[]"
