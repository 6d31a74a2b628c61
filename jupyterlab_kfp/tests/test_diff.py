"""A difference stays readable, however much differs; the object holds all of it."""

from jupyterlab_kfp.diff import Diff, Side


def _side(label: str, count: int, text: str) -> Side:
    code = {f"{label}-{i}": f"def f{i}():\n" + "    x = 1\n" * 300 for i in range(count)}
    both = {f"both-{i}": "\n".join(f"{label} {n}" for n in range(100)) for i in range(count)}
    return Side(label, {f"p{i}": f"{label}{i}" for i in range(count)}, {**code, **both}, text)


def test_very_different_pipelines_give_a_summary() -> None:
    found = Diff(
        _side("a", 50, "\n".join(f"left {n}" for n in range(5000))),
        _side("b", 50, "\n".join(f"right {n}" for n in range(5000))),
    )
    text = found.as_text()
    assert len(text.splitlines()) < 250 and len(text) < 30_000
    assert "  … 20 more parameters that differ" in text
    assert "  only in a: a-0, a-1" in text and "… 40 more components" in text
    assert "  both-0: +100 −100 lines" in text and "    … 191 more lines" in text
    assert "  … 40 more components that differ: both-10, both-11" in text
    assert "compiled text: +5000 −5000 lines" in text
    assert len(found.compiled) > 10_000 and len(found.code) == 150


def test_small_differences_are_shown_whole() -> None:
    left = Side("a", {"x": 1}, {"step": "one\ntwo"}, "text")
    right = Side("b", {"x": 2}, {"step": "one\nthree"}, "text")
    assert Diff(left, right).as_text().splitlines() == [
        "a → b",
        "parameters:",
        "  x: 1 → 2",
        "code:",
        "  step: +1 −1 lines",
        *("    --- a", "    +++ b", "    @@ -1,2 +1,2 @@", "     one", "    -two", "    +three"),
        "compiled text: same",
    ]
    assert Diff(left, left).as_text().splitlines()[1:] == [
        "parameters: same",
        "code: same",
        "compiled text: same",
    ]
