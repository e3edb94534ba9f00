"""Mixes made outside are chosen, signed as alternates and bound like those made here; nothing is rendered."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

MIX = f"{SONG}@mix{{}}"


@pytest.fixture
def mixes(label: Label, tmp_path: Path) -> Label:
    """Three mixes of one song; the first is approved."""
    for number in (1, 2, 3):
        label.does("mix", "submit", SONG, note(tmp_path / f"{number}.wav", 200.0 * number, channels=2), "--by", "Ann")
    label.does("mix", "approve", MIX.format(1))
    return label


def remarks(label: Label) -> list[str]:
    return [row["remark"] for row in label.data("mix", "list", SONG)]


def test_the_chosen_mix_as_an_alternate_stays_the_chosen_one_and_that_is_told(mixes: Label) -> None:
    head = mixes.head
    said = mixes.does("mix", "approve", MIX.format(1), "--alternate")
    assert "is approved already, and stays the chosen mix" in said
    assert (remarks(mixes), mixes.head) == (["chosen", "", ""], head)
    mixes.does("mix", "approve", MIX.format(2))
    assert "is approved already (" in mixes.does("mix", "approve", MIX.format(1), "--alternate")
    assert "approved as an alternate" in mixes.does("mix", "approve", MIX.format(3), "--alternate")
    assert "approved as an alternate" in mixes.does("mix", "approve", MIX.format(3), "--alternate"), "a repeat"
    assert remarks(mixes) == ["", "chosen", "alternate"]


def test_a_master_binds_the_mix_approved_last_and_tells_of_another_choice(mixes: Label) -> None:
    mixes.does("mix", "approve", MIX.format(2))
    mixes.does("mix", "approve", MIX.format(1), "--why", "back to 1, it was better")
    assert mixes.does("master", "plan", "night-bus") == "night-bus@master1"
    (master,) = mixes.data("master", "list", "night-bus")
    assert (master["songs"], master["remark"]) == ("tin-roof@mix1", "")
    mixes.does("mix", "approve", MIX.format(3), "--alternate")
    assert mixes.data("board")[0]["remark"] == ""
    mixes.does("mix", "approve", MIX.format(3))
    assert mixes.data("board")[0]["remark"] == "master1: it holds mix1 of tin-roof, where mix3 is chosen"
    mixes.does("undo", "--yes")
    assert (mixes.data("board")[0]["remark"], remarks(mixes)) == ("", ["chosen", "", "alternate"])
    mixes.does("redo")
    assert remarks(mixes) == ["", "", "chosen"]
