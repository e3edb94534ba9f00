"""Random commands at a label: no fault, no reader against another, and a repeat records nothing."""

from pathlib import Path

import pytest

from tests.orchestrator.label_machine import new_machine


@pytest.mark.parametrize("seed", [1])
def test_whatever_is_commanded_the_readers_say_what_is_true(tmp_path: Path, seed: int) -> None:
    new_machine(tmp_path, seed).run(60)
