"""The body of a `%%kfp` cell fails as a plain cell does: once, short, at its own line."""

from __future__ import annotations

import pytest

from ..real_kernel import Kernel

#: A body and the line of the cell, with `%%kfp` above it, that is wrong.
BROKEN = [
    ("x = (1\ny = 2\n", 2),
    ("\n\ndef f():\n    x = 1\n      y = 2\n", 6),
    ("\n   \nreturn 3\n", 4),
    ("def f(x: int) -> int\n    return x\n", 2),
]


@pytest.mark.parametrize(("body", "line"), BROKEN)
@pytest.mark.parametrize("magic", ["%%kfp", "%%kfp run", "%%kfp component"])
def test_a_syntax_error_is_shown_as_in_a_plain_cell(kernel: Kernel, magic: str, body: str, line: int) -> None:
    if magic == "%%kfp component" and "return 3" in body:
        body = "def f():\n    break\n"  # there the body is one function
        line = 3
    plain = kernel.run(body.lstrip("\n ")).error.splitlines()
    ours = kernel.run(f"{magic}\n{body}").error.splitlines()
    assert f"line {line}" in ours[0] and "Cell In[" in ours[0]
    assert ours[1:] == plain[1:]
    assert len(ours) <= 5


def test_the_error_bears_its_name_and_has_no_frames_of_ours(kernel: Kernel) -> None:
    outputs = kernel.run("%%kfp\nif 1:\nx = 2").outputs
    assert [output["ename"] for output in outputs] == ["IndentationError"]
    assert "jupyterlab_kfp" not in "".join(outputs[0]["traceback"])


def test_what_the_body_raises_keeps_its_traceback(kernel: Kernel) -> None:
    assert "<string>:1\n    1 +" in kernel.run('%%kfp\neval("1 +")').error


def test_the_outermost_frame_shows_the_line_of_the_magic(kernel: Kernel) -> None:
    text = kernel.run("%%kfp \\\n  --quiet\n\nx = 1\n1 / 0").error
    assert "----> 1 # %%kfp \\\n      2 #   --quiet\n" in text and "----> 5 1 / 0" in text
    # Whatever reads the source of the cell still finds Python in it.
    kernel.ok(
        "%%kfp --quiet\nimport ast, linecache\ndef f():\n    return 1\n"
        "assert ast.parse(''.join(linecache.getlines(f.__code__.co_filename))).body[1].lineno == 3"
    )


def test_the_checks_explain_what_a_component_cell_raises(kernel: Kernel) -> None:
    text = kernel.run("%%kfp component\ndef f(x):\n    return x").error
    assert 'KFP106 error, line 2: Parameter "x" has no type.' in text


CLEAN = "@dsl.component\ndef clean(rows: int) -> int:\n    return rows\n"
#: The body of a pipeline that fails while it is compiled, with its last frame and the hint.
REFUSED = [
    (
        "p(a: int = 3):\n    for i in range(a):\n        clean(rows=i)",
        "----> 7     for i in range(a):",
        "KFP204",
    ),
    ("p():\n    clean(rows='ten')", "----> 7     clean(rows='ten')", "KFP206 error, line 7"),
    ("p():\n    t = plain(1)", "----> 5 @dsl.pipeline", "Put @dsl.component above it"),
    (
        "p(a: Literal['x', 'y']):\n    clean(rows=1)",
        "----> 5 @dsl.pipeline",
        " cannot pass a Literal. Use str",
    ),
    ("p(a):\n    clean(rows=1)", "----> 5 @dsl.pipeline", "KFP106"),
]


@pytest.mark.parametrize(("pipeline", "last", "hint"), REFUSED)
def test_of_what_kfp_raises_only_the_frames_of_the_cell_are_shown(
    kernel: Kernel, pipeline: str, last: str, hint: str
) -> None:
    kernel.ok("from typing import Literal\nfrom kfp import dsl\ndef plain(x):\n    return x")
    text = kernel.run(f"%%kfp\n{CLEAN}@dsl.pipeline\ndef {pipeline}").error
    assert last in text and hint in text, text
    assert "site-packages" not in text and "jupyterlab_kfp" not in text
    assert text.index("skipping hidden") < text.index(last) < text.index(hint)
    assert len(text.splitlines()) <= 32
    assert "component_factory.py" in kernel.ok("%kfp last-error").text


def test_a_helper_of_the_user_below_the_sdk_keeps_its_frames(kernel: Kernel) -> None:
    text = kernel.run(
        "%%kfp\nfrom kfp import dsl\nimport json\ndef helper():\n    return json.loads('{')\n"
        "@dsl.pipeline\ndef p():\n    helper()"
    ).error
    assert "----> 5     return json.loads('{')" in text and "json/decoder.py" in text
    assert "component_factory.py" not in text and "KFP211" not in text


def test_blank_lines_do_not_move_the_lines_below(kernel: Kernel) -> None:
    text = kernel.run("%%kfp\n\n  \n\ndef f():\n    return 1 / 0\nf()").error
    assert "----> 6     return 1 / 0" in text and "----> 7 f()" in text
    shown = kernel.ok(
        "%%kfp --quiet\n\n\nimport inspect\ndef g():\n    return 1\nprint(inspect.getsourcelines(g))"
    ).text
    assert shown == "(['def g():\\n', '    return 1\\n'], 5)\n"


def test_blank_lines_do_not_move_findings(kernel: Kernel) -> None:
    text = kernel.run(
        "\n%%kfp run\n\nfrom kfp import dsl\n@dsl.component\ndef a() -> int:\n    return zz\n@dsl.pipeline\ndef p(): a()"
    ).error
    assert 'KFP103 error, line 7: "zz" is not defined.' in text


def test_the_line_of_a_cell_goes_on_after_a_backslash(kernel: Kernel) -> None:
    answer = kernel.run("%%kfp \\\n  --quiet \\\n  --as kept\n\nraise KeyError(3)")
    assert "----> 5 raise KeyError(3)" in answer.error
    assert "has no option --quit" in kernel.run("%%kfp \\\n  --quit\nx = 1").error
