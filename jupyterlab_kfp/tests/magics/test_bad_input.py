"""Every wrong thing a user can type gives one sentence that names it and the nearest right one; nothing is sent."""

from __future__ import annotations

import pytest

from ..real_kernel import Kernel

DEFINE = """%%kfp --quiet
from kfp import dsl
@dsl.component(base_image="python:3.12")
def step(rows: int, mode: str = "fast", flag: bool = True, api_token: str = "") -> int:
    return rows
@dsl.pipeline
def train(rows: int, lr: float = 0.1, tags: list = [], config: dict = {}, flag: bool = True, api_token: str = ""):
    step(rows=rows, flag=flag, api_token=api_token)
"""


@pytest.fixture(scope="module", autouse=True)
def defined(kernel: Kernel) -> None:
    kernel.ok("%kfp connect local")
    kernel.ok(DEFINE)
    kernel.ok("df = [1, 2]\nrows_list = list(range(500))")


CASES = [
    # verbs, options, words
    ("%kfp rnu train", "[usage-verb]: %kfp has no verb rnu. Did you mean run?"),
    ("%kfp run train --pram rows=1", "[usage-option]: run has no option --pram. Did you mean --param?"),
    ("%kfp run", "[usage-target]: run needs PIPELINE.\nFor example: %kfp run train -p rows=100"),
    ("%kfp run train --on", "--on needs a value"),
    ("%kfp run train --quiet=yes", "--quiet takes no value"),
    ("%kfp run train --show grahp", "--show cannot be grahp. Did you mean graph?"),
    ("%kfp run train --cache --no-cache -p rows=1", "contradict"),
    ("%kfp run train 'open", "is not closed"),
    ("%kfp run train -p rows={1", "is not closed"),
    ("%kfp ls rusn", "ls knows no rusn. Did you mean runs?"),
    ("%kfp ls runs state:faled", "state: cannot be faled. Did you mean failed?"),
    ("%kfp ls runs stat:failed", "ls runs has no column stat. Did you mean state?"),
    ("%kfp ls runs since:monday", '"monday" is no time'),
    ("%kfp ls runs archived:maybe", "archived: cannot be maybe."),
    ("%kfp ls runs --limit many", '--limit must be an integer, got "many"'),
    ("%kfp config lint.ignroe KFP302", "There is no option lint.ignroe. Did you mean lint.ignore?"),
    ("%kfp config show graf", "show cannot be graf: there is no such tab. Did you mean graph?"),
    ("%kfp config wait soon", '"soon" is no time'),
    ("%kfp config connection prdo", '[conn-unknown]: There is no connection called "prdo"'),
    ("%kfp config lint.ignore KFP999", "lint.ignore cannot be KFP999: there is no such rule."),
    ("%kfp status extra", "status takes no extra"),
    ("%kfp local clean --older soon", '"soon" is no time'),
    ("%kfp local stpo", "Did you mean stop?"),
    # values
    ("%kfp run train -p rows={dff}", '"dff" in {dff} is not defined. Did you mean df?'),
    ("%kfp run train -p rows={1/0}", "{1/0} fails: ZeroDivisionError"),
    ('%kfp run train -p config={"a": 1}', 'Write {{"a": 1}}'),
    ("%kfp run train -p rows", "write NAME=VALUE"),
    ("%kfp run train -p rosw=1", 'has no parameter "rosw". Did you mean "rows"? It takes: rows, lr'),
    ("%kfp run train -p rows=ten", '"rows" must be an integer, got "ten"'),
    ("%kfp run train -p rows={2.0}", '"rows" must be an integer, got "2.0" (float)'),
    ("%kfp run train -p rows={True}", '"rows" must be an integer, got "True" (bool)'),
    ("%kfp run train -p rows=1 -p lr=fast", '"lr" must be a number, got "fast"'),
    ("%kfp run train -p rows=1 -p lr=nan", '"lr" must be a number, got "nan"'),
    ("%kfp run train -p rows=1 -p flag=yes", '"flag" must be true or false, got "yes"'),
    ("%kfp run train -p rows=1 -p tags=[1", '"tags" must be a list'),
    ("%kfp run train -p rows=1 -p tags={df[0]}", '"tags" must be a list, got "1" (int)'),
    ("%kfp run train", "train needs rows (an integer)"),
    ("%kfp run train --params nothing", '--params: "nothing" is not defined'),
    ("%kfp run train --params df", "--params needs a dict"),
    ("%kfp run train --params 5", "--params needs a dict, got 5."),
    ("%kfp run train -p rows=1 --exp ''", "--exp is empty."),
    ("%kfp run train -p rows=1 --name {''}", "--name is empty."),
    ("%kfp run train -p rows=1 --wait=long", '"long" is no time'),
    ("%kfp run train -p rows=1 --as 1x", "this is no name of a variable"),
    # targets
    ("%kfp run trian -p rows=1", "There is no pipeline trian"),
    ("%kfp run df", "df is no pipeline but a list"),
    ("%kfp run nofile.yaml", "There is no file nofile.yaml"),
    ("%kfp run notes.txt", "notes.txt is no pipeline file."),
    ("%kfp run {3}", "This is no pipeline but an int."),
    ("%kfp run notes.yaml", "notes.yaml: This is not a compiled pipeline"),
    ("%kfp run broken.zip", "broken.zip is not a compiled pipeline"),
    ("%kfp attach ab12", "There is no run ab12"),
    ("%kfp attach abcdef12", "No run on local begins with abcdef12"),
    ("%kfp attach df", "df is no run but a list"),
    ("%kfp attach {df}", "is no run"),
    ("%kfp wait last --timeout never", '"never" is no time'),
    ("%kfp stop 00000000-0000-4000-8000-000000000000", "[not-found]"),
    ("%kfp connect prdo", '[conn-unknown]: There is no connection called "prdo"'),
    ("%kfp run train -p rows=1 --on prod", '[conn-unknown]: There is no connection called "prod"'),
    # schedules and uploads
    ("%kfp schedule train -p rows=1", "schedule needs --cron or --every"),
    ('%kfp schedule train -p rows=1 --cron "0 6 * * 1-5"', '"0 0 6 * * 1-5"'),
    ('%kfp schedule train -p rows=1 --cron "99 0 6 * * *"', "[bad-param]: This is no schedule"),
    ('%kfp schedule train -p rows=1 --cron "* *"', "has 2 fields"),
    ("%kfp schedule train --every 2h", "train needs rows"),
    ("%kfp schedule train -p rows=1 --every 0s", "at least one"),
    ("%kfp schedule train -p rows=1 --every 2h --max 99", "--max must be from 1 to 10"),
    ("%kfp schedule train -p rows=1 --every 2h --start tomorrow", '--start "tomorrow" is no time'),
    ("%kfp schedule off nightly", "There is no schedule nightly"),
    ("%kfp upload train --tag team", "write KEY=VALUE"),
    ("%kfp compile train --out train.txt", "a pipeline file ends in .yaml, .zip or .tar.gz"),
    ("%kfp compile train --out nofolder/train.yaml", "does not exist"),
    # cells
    ("%%kfp run\nx = 1", "This cell defines no pipeline."),
    (
        "%%kfp run\n@dsl.pipeline\ndef one():\n    step(rows=1)\n@dsl.pipeline\ndef two():\n    step(rows=1)",
        "This cell defines 2 pipelines: one, two.\nName one: %%kfp run one",
    ),
    ("%%kfp run tow\n@dsl.pipeline\ndef two():\n    step(rows=1)", "Did you mean two? It defines: two."),
    ("%%kfp runn train\nx = 1", "Did you mean run?"),
    ("%%kfp\nimport asyncio\nawait asyncio.sleep(0)", "await does not work in a %%kfp cell (line 3)"),
    ("%%kfp container fetch\necho", "%%kfp container needs --image"),
    ("%%kfp container --image alpine\necho", "%%kfp container needs a name"),
    ("%%kfp container fetch --image alpine --in url\necho", "write NAME:TYPE"),
    ("%%kfp container fetch --image alpine --in url:Datset\necho", "Did you mean Dataset?"),
    ("%%kfp container fetch --image alpine --in n:int=x\necho", '"n" must be an integer, got "x"'),
    ("%%kfp component\nx = 1", "%%kfp component needs one function, this cell defines 0"),
    ("%%kfp yaml\nname: x", "%%kfp yaml needs a variable"),
    ("%%kfp yaml --as op\nname: x", "This is neither a component nor a pipeline"),
]


@pytest.fixture(scope="module")
def files(kernel: Kernel, defined: None) -> None:
    kernel.ok(
        "open('notes.yaml', 'w').write('groceries: [milk]')\nopen('notes.txt', 'w').write('milk')\nopen('broken.zip', 'wb').write(b'PK nothing')\n"
        "__import__('os').getcwd();"
    )


@pytest.mark.parametrize(("cell", "sentence"), CASES, ids=[case[0][:50].replace("\n", " ") for case in CASES])
def test_one_sentence_and_nothing_is_sent(cell: str, sentence: str, kernel: Kernel, files: None) -> None:
    before = kernel.run_count()
    error = kernel.run(cell).error
    assert sentence in error
    assert len(error.splitlines()) <= 2
    assert "Traceback" not in error
    assert kernel.run_count() == before


def test_a_long_value_is_cut(kernel):
    error = kernel.run("%kfp run train -p rows={rows_list}").error
    assert len(error) < 300 and "…" in error


def test_a_secret_is_never_shown(kernel):
    error = kernel.run("%kfp run train -p rows=1 -p api_token={['hunter2-hunter2']}").error
    assert "api_token" in error and "hunter2" not in error
    report = kernel.ok("%kfp last-error").text
    assert "hunter2" not in report
    assert kernel.home.address["token"] not in report


def test_a_secret_looking_parameter_is_told_of_and_masked(kernel):
    plan = kernel.ok("%kfp plan train -p rows=1 -p api_token=hunter2-hunter2 --as p")
    assert "api_token = •••• (given)" in kernel.value("p.as_text()")
    sent = kernel.ok("%kfp run train -p rows=1 -p api_token=hunter2-hunter2 --as r")
    assert sent.text == "api_token: KFP stores parameters in clear text. Use a Kubernetes secret.\n"
    assert kernel.ok("%kfp run train -p rows=1 -p api_token=hunter2-hunter2 --quiet").text == ""
    assert "hunter2" not in str([plan.outputs, sent.outputs])
    kernel.ok("r.wait()")


def test_a_secret_that_a_task_hands_on_is_masked(kernel):
    kernel.ok(
        "%%kfp --quiet\nfrom kfp import dsl\n@dsl.component\ndef echo(text: str) -> str:\n    return 'got ' + text\n"
        "@dsl.pipeline\ndef leaky(api_token: str):\n    echo(text=echo(text=api_token).output)"
    )
    sent = kernel.ok("%kfp run leaky -p api_token=hunter2-hunter2 --as r --wait")
    shown = kernel.ok("%kfp results r")
    assert kernel.value("r.results['echo']['Output']") == "got ••••"
    assert kernel.value("r.results['echo-2']['Output']") == "got got ••••"
    assert "hunter2" not in str([sent.outputs, shown.outputs, kernel.ok("print(r.view())").text])


def test_what_a_run_of_this_state_cannot_do(kernel):
    kernel.ok("import jupyterlab_kfp as jk\nr = jk.run(train, rows=1, quiet=True, wait=True)")
    assert "[conflict]: " in (error := kernel.run("%kfp stop r").error)
    assert error.endswith("has ended already: Succeeded.")
    error = kernel.run("%kfp retry r").error
    assert "is Succeeded: only a failed or canceled run can be retried." in error and "%kfp rerun " in error
    assert kernel.run("%kfp logs r:step#7").error.endswith("step has 1 attempt, there is no #7.")
    assert "--tail must be 0 or more, got -5." in kernel.run("%kfp logs r --tail -5").error
    assert "The local service has no drivers" in kernel.run("%kfp logs r --stream driver").error
    assert "--attempt counts from 1" in kernel.run("%kfp logs r --attempt 0").error
    assert "has no failed task.\nName one: RUN:TASK." in kernel.run("%kfp debug r").error


def test_one_run_that_has_ended_keeps_no_other_from_being_stopped(kernel):
    kernel.ok(
        "%%kfp --quiet\nfrom kfp import dsl\n@dsl.component\ndef doze() -> int:\n    import time\n    time.sleep(60)\n"
        "    return 1\n@dsl.pipeline\ndef dozing():\n    doze()"
    )
    kernel.ok("import jupyterlab_kfp as jk\nended = jk.run(train, rows=1, quiet=True, wait=True)")
    kernel.ok("a = jk.run(dozing, quiet=True)\nb = jk.run(dozing, quiet=True)")
    answer = kernel.run("%kfp stop a ended b")
    assert [line.split()[0] for line in answer.text.splitlines()] == ["Stopping", "Stopping"]
    assert answer.error.startswith("KfpServiceError [conflict]: ")
    assert answer.error.endswith("has ended already: Succeeded.")
    kernel.ok("jk.wait([a, b], check=False);")
    assert kernel.value("[a.state, b.state]") == ["CANCELED", "CANCELED"]
    error = kernel.run("jk.stop([a, ended, a])").error
    assert error.count("Canceled") == 1
    assert "ended already: Canceled. " in error and error.endswith("has ended already: Succeeded.")


@pytest.mark.parametrize(
    "line",
    [
        "run train -p rows=1 --ns team-a",
        "plan train -p rows=1 --ns team-a",
        "ls runs --ns team-a",
        "upload train --ns team-a",
        "connect local --ns team-a",
        "doctor local --ns team-a",
        "schedule train --every 1h -p rows=1 --ns team-a",
    ],
)
def test_the_local_service_has_no_namespaces(kernel, line):
    assert kernel.run(f"%kfp {line}").error == (
        "KfpUsageError [usage-option]: The local service has no namespaces.\nLeave out --ns, or name a connection."
    )
    assert kernel.value("__import__('jupyterlab_kfp').config('ns')") == ""


def test_a_difference_names_its_sides_as_they_were_typed(kernel):
    kernel.ok("%kfp upload train --pipeline train --version v1 --quiet")
    assert kernel.ok("%kfp diff train train@v1").text.startswith("train → train@v1\n")
    kernel.ok("import jupyterlab_kfp as jk")
    assert kernel.value("str(jk.diff(train, 'train@v1')).splitlines()[0]") == "train → train@v1"
    assert kernel.ok("%kfp diff train train").text.startswith("train (1) → train (2)\n")


def test_a_parameter_called_like_an_option_goes_through_params(kernel):
    kernel.ok("%%kfp --quiet\n@dsl.pipeline\ndef named(name: str, on: str = 'x'):\n    step(rows=1)")
    error = kernel.run("import jupyterlab_kfp as jk\njk.run(named, name='x')").error
    assert '"name" is an option and a parameter of named' in error and "params={'name': …}" in error
    kernel.ok("r = jk.run(named, params={'name': 'x'}, quiet=True)")
    assert kernel.value("r.parameters['name']") == "x"


def test_a_pipeline_that_takes_an_artifact_cannot_be_run(kernel):
    kernel.ok(
        "%%kfp --quiet\nfrom kfp.dsl import Dataset, Input\n@dsl.component(base_image='python:3.12')\n"
        "def use(data: Input[Dataset]):\n    print(data.path)\n@dsl.pipeline\ndef root(data: Input[Dataset]):\n    use(data=data)"
    )
    assert "KFP503" in kernel.run("%kfp run root").error


def test_an_error_of_the_user_is_shown_once_with_its_own_traceback(kernel):
    answer = kernel.run("%%kfp\nvalue = 1\n1 / 0")
    (error,) = answer.errors
    assert "ZeroDivisionError" in error and "1 / 0" in error
    assert "jupyterlab_kfp" not in error and "run_body" not in error
    assert answer.text == ""


def test_help_never_fails(kernel):
    assert "%kfp VERB" in kernel.ok("%kfp help").text
    assert "--param" in kernel.ok("%kfp run -h").text
    assert "There is no verb rnu. Did you mean run?" in kernel.ok("%kfp help rnu").text
    assert "There is no verb rnu. Did you mean run?" in kernel.ok("%kfp rnu -h").text
    assert "shell text" in kernel.ok("%%kfp container -h\nx").text
    shown = kernel.ok("%kfp?").payload
    assert any("%kfp VERB" in page["data"]["text/plain"] for page in shown)
