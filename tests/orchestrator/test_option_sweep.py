"""A hostile word in the place of any argument or option of any command is answered, and causes no fault."""

from pathlib import Path

import pytest

from tests.orchestrator.option_sweep import LEFT_OUT, OptionSweep, leaves, takes_word


@pytest.mark.slow
def test_no_parameter_of_any_command_faults_on_a_hostile_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    sweep = OptionSweep(tmp_path, seed=1)
    sweep.run(each=1)
    assert sweep.codes.keys() >= {0, 2, 3, 4}


def test_every_command_but_those_named_is_swept() -> None:
    assert not {words[0] for words, _ in leaves()} & LEFT_OUT
    assert sum(takes_word(one) for _, command in leaves() for one in command.params) > 400
