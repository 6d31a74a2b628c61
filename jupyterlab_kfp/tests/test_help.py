"""The help fits into the output of a cell."""

import pytest

from jupyterlab_kfp.help import cell_help, help_text
from jupyterlab_kfp.verbs import KINDS, VERBS


@pytest.mark.parametrize("name", VERBS)
def test_options_of_a_verb_stand_in_two_narrow_columns(name: str) -> None:
    verb = VERBS[name]
    text = help_text(name)
    for option in verb.options:
        assert option.usage in text and option.help in text
    options = text.partition("\n\nExamples:")[0].splitlines()[3:]
    assert max((len(line) for line in options), default=0) <= 92


@pytest.mark.parametrize("name", KINDS)
def test_options_of_a_cell_stand_in_two_narrow_columns(name: str) -> None:
    lines = cell_help(name).partition("\n\nExamples:")[0].splitlines()[3:]
    assert max((len(line) for line in lines), default=0) <= 92
