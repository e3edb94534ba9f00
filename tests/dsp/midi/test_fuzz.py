import pytest

from tests.dsp.midi.fuzz import try_files

pytestmark = pytest.mark.slow


def test_broken_and_absurd_files_are_played_or_refused_and_nothing_else() -> None:
    found = try_files(80, seed=1)
    assert min(found.values()) > 5, "both happen, or the wounds are too deep or too shallow"
