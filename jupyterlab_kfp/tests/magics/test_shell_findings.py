"""A `%%kfp container` cell says what the checks find in its shell text, at the line of the cell."""

from __future__ import annotations

from ..real_kernel import Kernel

HEAD = "%%kfp container fetch --image alpine:3.20 --in url:str --in n:int --out data:Dataset{}\n"
BODY = 'echo "$url" | tee log\necho done\n'


def test_findings_are_printed_below_the_sentence(kernel: Kernel) -> None:
    lines = kernel.ok(HEAD.format("") + "\n" + BODY).text.splitlines()
    assert lines[0].startswith("fetch is a component")
    assert lines[1:] == [
        'KFP113 warning, line 1: Input "n" is never used.',
        'KFP113 warning, line 1: Output "data" is never written.',
        'KFP113 warning, line 3: "tee" hides a failure of the command before it.',
    ]


def test_correct_text_and_silenced_rules_say_nothing(kernel: Kernel) -> None:
    good = 'echo "$url" "${n}" > "$data"\n'
    assert len(kernel.ok(HEAD.format("") + good).text.splitlines()) == 1
    assert kernel.ok(HEAD.format(" --quiet") + BODY).text == ""
    silenced = 'echo "$url" "$n" | tee "$data"  # kfp: ignore[KFP113]\n'
    assert len(kernel.ok(HEAD.format("") + silenced).text.splitlines()) == 1
    kernel.ok("%kfp config lint.ignore KFP113")
    assert len(kernel.ok(HEAD.format("") + BODY).text.splitlines()) == 1
