"""The Python API in a real kernel: handles, tasks, logs, results, frames, pickles, ``await``."""

from __future__ import annotations

import re

import pytest

from ..real_kernel import Kernel

DEFINE = """%%kfp --quiet
from typing import List
from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Output

@dsl.component(base_image="python:3.12")
def make(rows: int, data: Output[Dataset], metrics: Output[Metrics]) -> List[int]:
    with open(data.path, "w") as file:
        file.write("a,b\\n" + "".join(f"{n},{n * n}\\n" for n in range(rows)))
    data.metadata["rows"] = rows
    data.metadata["long"] = "x" * 20_000
    metrics.log_metric("size", rows)
    print("one")
    print("two")
    return list(range(rows))

@dsl.component(base_image="python:3.12")
def square(n: int) -> int:
    return n * n

@dsl.pipeline
def squares(rows: int = 3, label: str = "x"):
    made = make(rows=rows)
    with dsl.ParallelFor(made.outputs["Output"]) as n:
        square(n=n)
"""


@pytest.fixture(scope="module", autouse=True)
def finished(kernel: Kernel) -> None:
    kernel.ok("%kfp connect local\nimport jupyterlab_kfp as jk, pickle")
    kernel.ok(DEFINE)
    kernel.ok("r = jk.run(squares, rows=3, quiet=True).wait()")


def test_a_handle_says_what_it_is(kernel):
    assert kernel.value("[r.state, r.connection, r.pipeline, r.experiment, r.url, r.namespace]") == [
        "SUCCEEDED",
        "local",
        "squares",
        "Default",
        None,
        None,
    ]
    assert kernel.value("[r.parameters, r.duration > 0]") == [{"rows": 3, "label": "x"}, True]


def test_tasks_are_found_by_name_and_path(kernel):
    assert kernel.value(
        "[r.tasks['make'].state, r.tasks['make'].exit_code, r.tasks['make'].inputs['rows']]"
    ) == [
        "SUCCEEDED",
        0,
        3,
    ]
    assert kernel.value("r.tasks['loop-1[2].square'].outputs['Output']") == 4
    assert "Did you mean make?" in kernel.run("r.tasks['mkae']").error


def test_logs_are_text_or_lines(kernel):
    words = "[line for line in {} if line in ('one', 'two')]"
    assert kernel.value(words.format("r.logs('make').splitlines()")) == ["one", "two"]
    assert kernel.value(words.format("r.logs('make', follow=True)")) == ["one", "two"]
    assert "make | one" in kernel.value("r.logs()")


def test_results_keep_their_types(kernel):
    assert kernel.value("r.results['make']['Output']") == [0, 1, 2]
    assert kernel.value("r.results['make'].metrics") == {"size": 3}
    assert kernel.value("r.results.all('square', 'Output')") == [0, 1, 4]
    assert kernel.value("r.results['loop-1[1].square']['Output']") == 1
    assert 'There is no task "sqaure". Did you mean square?' in kernel.run("r.results['sqaure']").error
    assert kernel.value("r.results.scalars['make.size']") == 3
    # What a loop hands on is what its rounds wrote, under a name of the compiler.
    assert "pipelinechannel" not in kernel.ok("%kfp results r").text
    assert not kernel.value("[name for name in r.results.scalars if 'pipelinechannel' in name]")
    saved = kernel.ok("%kfp results r --save all").text
    assert re.search(r"^Saved \d+ artifacts? in all\.$", saved, re.MULTILINE)
    assert 'wrote no "Outptu". Did you mean Output?' in kernel.run("r.results['make']['Outptu']").error


def test_artifacts_read_their_content(kernel):
    kernel.ok("data = r.results['make']['data']")
    assert kernel.value("[data.type, data.metadata['rows'], data.text().splitlines()[0]]") == [
        "system.Dataset",
        3,
        "a,b",
    ]
    assert kernel.value("len(data.metadata['long'])") == 20_000  # too long to come with the run
    assert kernel.value("data.frame()['b'].tolist()") == [0, 1, 4]
    assert kernel.value("open(data.download('copy.csv')).read() == data.text()")
    assert "[too-large]" in kernel.run("data.bytes(limit=3)").error


def test_artifacts_of_runs_that_others_started_are_listed(kernel):
    kernel.ok(
        "from jupyterlab_kfp.session import current\nkept = dict(current().runs)\ncurrent().runs.clear()"
    )
    try:
        assert "data" in kernel.value("[row['name'] for row in jk.ls('artifacts')]")
    finally:
        kernel.ok("current().runs.update(kept)")


def test_frames(kernel):
    assert kernel.value("r.frame().set_index('task').loc['make', 'state']") == "SUCCEEDED"
    assert kernel.value("jk.frame([r, r])['make.size'].tolist()") == [3, 3]
    assert kernel.value("jk.ls('runs').frame()['name'].tolist()[0].startswith('squares')")


def test_a_handle_can_be_pickled_without_secrets(kernel):
    assert kernel.value("pickle.loads(pickle.dumps(r)) == r")
    token = kernel.home.address["token"]
    assert kernel.value(f"{token!r}.encode() in pickle.dumps(r)") is False


def test_await_waits_without_blocking(kernel):
    assert kernel.ok("x = await jk.run(squares, rows=2, quiet=True)\nprint(x.state)").text == "SUCCEEDED\n"


def test_rerun_and_diff(kernel):
    kernel.ok("again = r.rerun(rows=4, quiet=True).wait()")
    assert kernel.value("again.parameters") == {"rows": 4, "label": "x"}
    assert kernel.value("r.diff(again).parameters") == {"rows": [3, 4]}
    assert kernel.value("r.diff(again).metrics['make.size']") == [3, 4]


def test_showing_a_run_twice_takes_two_cells(kernel):
    assert len(kernel.ok("r").runs) == 1
    assert len(kernel.ok("r.show('tasks'); r").runs) == 1
    assert len(kernel.ok("%kfp run squares --quiet").outputs) == 0


def test_plan_compile_lint_and_upload_as_functions(kernel):
    assert (
        kernel.value("jk.plan(squares, rows=9).as_text().splitlines()[0]")
        == "Plan for squares: nothing was sent"
    )
    assert kernel.value("jk.compile(squares, out='s.yaml', quiet=True).name") == "squares"
    assert kernel.value("jk.run('s.yaml', rows=1, quiet=True).wait().state") == "SUCCEEDED"
    assert kernel.value("[f.rule for f in jk.lint(squares) if f.is_error]") == []
    assert kernel.value("jk.upload(squares, version='one', tags={'team': 'x'}).name") == "one"


def test_last_expressions_and_nested_magics_work_as_in_a_plain_cell(kernel):
    assert kernel.ok("%%kfp\nvalue = 40\nvalue + 2").value == "42"
    assert kernel.ok("%%kfp\nvalue + 2;").value == ""
    assert "nested" in kernel.ok("%%kfp --quiet\n!echo nested\n%kfp config exp deep").text
    assert kernel.value("jk.config('exp')") == "deep"
    kernel.ok("%kfp config exp {''}")
    source = kernel.ok(
        "%%kfp --quiet\nimport inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))"
    ).text
    assert source.startswith("def f():\n    return 1")


def test_sdk_warnings_do_not_make_red_blocks(kernel):
    answer = kernel.ok(
        "%%kfp\n@dsl.component\ndef plain(x: int) -> int:\n    return x\n@dsl.pipeline\ndef plainly():\n    plain(x=1)"
    )
    assert answer.stderr == "" and len(answer.outputs) == 1
    mine = kernel.ok("%%kfp --quiet\nimport warnings\nwarnings.warn('mine')")
    assert "mine" in mine.stderr


def test_a_component_kind_lends_the_types_of_kfp(kernel):
    kernel.ok("del Dataset, Output")
    text = kernel.ok(
        "%%kfp component --image python:3.12 --pip six\ndef write(rows: int, data: Output[Dataset]):\n"
        "    open(data.path, 'w').write('x' * rows)"
    ).text
    assert "write is a component: inputs rows (NUMBER_INTEGER); outputs data (system.Dataset)" in text
    assert kernel.value("[n for n in ('Output', 'Dataset', 'Model') if n in globals()]") == []
    kernel.ok(
        "%%kfp run --wait --as w\n@dsl.pipeline\ndef writing():\n    write(rows=3)".replace("--pip six", "")
    )


def test_a_container_kind_runs_on_the_local_service(kernel):
    kernel.ok(
        "%%kfp container up --image alpine --in text:str --in times:int=2 --out loud:Dataset --out size:int\n"
        'for i in $(seq $times); do echo "$text" | tr a-z A-Z; done > "$loud"\nwc -l < "$loud" | tr -d " \\n" > "$size"'
    )
    kernel.ok(
        '%%kfp run --wait --as c --quiet\n@dsl.pipeline\ndef shouting(text: str = "it\'s $HOME"):\n    up(text=text)'
    )
    assert kernel.value("[c.results['up']['size'], c.results['up']['loud'].text()]") == [
        2,
        "IT'S $HOME\nIT'S $HOME\n",
    ]


def test_a_float_stays_one_and_an_optional_text_can_be_none(kernel):
    kernel.ok(
        "%%kfp --quiet\nfrom typing import Optional\n@dsl.component\ndef half(x: float, note: Optional[str] = None) -> float:\n"
        "    return x / 2\n@dsl.pipeline\ndef halves(x: float = 2.0, note: Optional[str] = None):\n    half(x=x, note=note)"
    )
    shown = kernel.ok("%kfp run halves -p x=4 -p note=null --wait --show none --as h").text
    assert [line.split(": ")[1].split(" ")[0] for line in shown.splitlines()] == ["Pending", "Succeeded"]
    assert kernel.value("repr(h.results['half']['Output'])") == "2.0"
    assert kernel.value("h.parameters.get('note')") is None
    assert "note = null (default)" in kernel.value("str(jk.plan(halves))")
