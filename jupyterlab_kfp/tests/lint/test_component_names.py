"""KFP101 to KFP105: names that a component will not find where it runs."""

from __future__ import annotations

import pytest

from jupyterlab_kfp.lint import check_source

from .cases import Case, fires, silent
from .harness import applied, only

FIRES = [
    fires(
        "KFP101",
        """
        %%kfp run bad
        scale = 3
        @dsl.component
        def mul(x: int) -> int:
            return x * scale
        """,
        5,
        '"scale" is a notebook variable. The component runs elsewhere and will not see it.'
        " Pass it as a parameter.",
    ),
    fires(
        "KFP102",
        """
        import pandas as pd
        @dsl.component(packages_to_install=["pandas==2.2.3"])
        def load(path: str) -> int:
            return len(pd.read_csv(path))
        """,
        4,
        '"pd" is imported in the notebook, not in the component. Move "import pandas as pd" inside.',
        fixed="""
        import pandas as pd
        @dsl.component(packages_to_install=["pandas==2.2.3"])
        def load(path: str) -> int:
            import pandas as pd
            return len(pd.read_csv(path))
        """,
    ),
    fires(
        "KFP103",
        """
        @dsl.component
        def count(df: str) -> int:
            return len(dfx)
        """,
        3,
        '"dfx" is not defined. Did you mean "df"?',
    ),
    fires(
        "KFP104",
        """
        def prep(x):
            return x
        @dsl.component
        def clean(x: int) -> int:
            return prep(x)
        """,
        5,
        '"prep" is a notebook function. Add additional_funcs=[prep] or move it inside.',
        fixed="""
        def prep(x):
            return x
        @dsl.component(additional_funcs=[prep])
        def clean(x: int) -> int:
            return prep(x)
        """,
    ),
    fires(
        "KFP105",
        """
        @dsl.component
        def clean(x: int) -> int:
            !pip install pandas
            return x
        """,
        3,
        '"!pip" works only in a notebook. Use packages_to_install.',
    ),
    fires(
        "KFP105",
        """
        @dsl.component
        def show(x: int):
            display(x)
        """,
        3,
        '"display" works only in a notebook. Use print, or write an artifact.',
    ),
]


@pytest.mark.parametrize("case", FIRES, ids=lambda case: case.rule)
def test_a_name_from_the_notebook_is_found(case: Case):
    finding = only(case.rule, check_source(case.cell))
    assert (finding.line, finding.message, finding.level) == (case.line, case.message, case.level)
    if case.fixed is not None:
        assert applied(case.cell, finding) == case.fixed


SILENT = silent(
    '''
    import math
    limit = 3
    def helper(x):
        return x + other(x)
    def other(x):
        return x
    @dsl.component(additional_funcs=[helper, other])
    def clean(rows: int, names: List[str], out: Output[Dataset]) -> NamedTuple("Out", [("a", int)]):
        """A docstring."""
        import json, os.path as p
        from collections import namedtuple
        total = sum(n for n in range(rows)) + len([k for k, v in {}.items()])
        with open(out.path) as f, open(p.join("/tmp", "x")) as g:
            f.write(json.dumps({"k": 1}))
        try:
            unicode
        except NameError:
            pass
        if (m := total) > 1:
            print(m, __name__)
        class Inner(dict):
            size = 1
            twice = size * 2
            def get(self):
                return super().get(self.size)
        def inner(y=total):
            nonlocal total
            total += y
            return clean
        for i, (a, *b) in enumerate([]):
            del a
        match rows:
            case {"a": q, **rest}:
                print(q, rest)
            case [first, *others]:
                print(first, others)
        out.metadata["x"] = dsl.Artifact
        return namedtuple("Out", "a")(a=(lambda z: z + total)(1))
    @dsl.container_component
    def shell():
        return dsl.ContainerSpec(image="alpine:3.20", command=["echo", str(math.pi * limit)])
    @dsl.component(target_image="me/it:1")
    def packed(x: int) -> float:
        return math.pi
    '''
)


def test_correct_components_are_left_alone():
    assert [f for f in check_source(SILENT) if f.rule < "KFP106"] == []


def test_names_are_looked_up_in_the_running_kernel_too():
    from textwrap import shorten

    import pandas

    class Net: ...

    Net.__module__ = "__main__"
    cell = silent(
        """
        @dsl.component
        def f(x: int):
            pd.read_csv("x")
            shorten("x", 1)
            Frame()
            Net()
            print(rate)
        """
    )
    namespace = {"pd": pandas, "shorten": shorten, "Frame": pandas.DataFrame, "Net": Net, "rate": 0.1}
    messages = [f.message for f in check_source(cell, namespace=namespace) if f.rule < "KFP106"]
    assert messages == [
        '"pd" is imported in the notebook, not in the component. Move "import pandas as pd" inside.',
        '"shorten" is imported in the notebook, not in the component. Move "from textwrap import shorten" inside.',
        '"Frame" is imported in the notebook, not in the component.'
        ' Move "from pandas import DataFrame as Frame" inside.',
        '"Net" is a notebook class. Move it inside.',
        '"rate" is a notebook variable. The component runs elsewhere and will not see it.'
        " Pass it as a parameter.",
    ]


def test_a_comment_on_the_line_silences_a_rule():
    cell = silent(
        """
        @dsl.component
        def f(x: int) -> int:
            return x * scale  # kfp: ignore[KFP103]
        """
    )
    assert check_source(cell) == ()
    assert len(check_source(cell.replace("KFP103", "KFP101"))) == 1
    assert check_source(cell.replace("[KFP103]", "")) == ()


def test_a_silenced_rule_of_the_kernel_is_not_reported():
    from jupyterlab_kfp.session import current

    cell = "@dsl.component\ndef f(x: int) -> int:\n    return x * scale\n"
    current().configure("lint.ignore", "kfp302, KFP103")
    assert check_source(cell) == ()


def test_a_rule_that_the_setting_of_jupyterlab_silences_is_not_reported(monkeypatch: pytest.MonkeyPatch):
    cell = "@dsl.component\ndef f(x: int) -> int:\n    return x * scale\n"
    assert check_source(cell) != ()
    monkeypatch.setenv("JUPYTERLAB_KFP_LINT_IGNORE", "KFP302 kfp103")
    assert check_source(cell) == ()


@pytest.mark.parametrize(
    "cell",
    ["", "%%bash\necho $x", "def f(:", "%%kfp yaml\nname: x", "%kfp run x", "\x00", "(" * 3000],
)
def test_what_is_no_python_has_no_findings(cell: str):
    assert check_source(cell) == ()


def test_lines_count_from_the_top_of_the_cell_whatever_stands_there():
    cell = "\n\n%%kfp run x \\\n  --wait\n\n%matplotlib inline\n@dsl.component\ndef f(x: int) -> int:\n    return ä * scale\n"
    found = check_source(cell)
    assert [(f.line, f.column) for f in found] == [(9, 11), (9, 15)]
