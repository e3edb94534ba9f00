"""Random commands at a label: no fault, no reader against another, and a repeat records nothing."""

from pathlib import Path

import pytest

from tests.orchestrator.hostile_options import HostileOptions
from tests.orchestrator.label_machine import new_machine


@pytest.mark.parametrize("seed", [1])
def test_whatever_is_commanded_the_readers_say_what_is_true(tmp_path: Path, seed: int) -> None:
    new_machine(tmp_path, seed).run(60)


def test_a_hostile_word_in_any_place_of_a_command_is_no_fault(tmp_path: Path) -> None:
    machine = HostileOptions(tmp_path, seed=1)
    machine.run(400)
    assert set(machine.codes) >= {0, 2, 4}, "some are good, some are no command, some name nothing"
