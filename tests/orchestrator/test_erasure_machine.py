"""Random histories of words and erasures: every reader says what a model says."""

from pathlib import Path

import pytest

from tests.orchestrator.erasure_machine import ErasureMachine


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_every_reader_says_what_the_model_says(seed: int, tmp_path: Path) -> None:
    ErasureMachine(tmp_path / "label", seed).run(14)
