"""Edits of a whole song say what they do to edits made outside, and what they leave out."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

DRUMS = f"{SONG}/drums"


@pytest.fixture
def edited_outside(tmp_path: Path) -> Label:
    """Two seconds of drums, edited outside, in a song of two sections that ends where the drums do."""
    label = open_label(tmp_path, "drums")
    label.does("take", "ingest", DRUMS, note(tmp_path / "d.wav", 60.0, seconds=2.0))
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("song", "form", SONG, "verse=0:00", "chorus=0:01", "end=0:02")
    label.does("comp", "submit", DRUMS, note(tmp_path / "edit.wav", 61.0, seconds=2.0), "--by", "Ed")
    return label


def test_an_edit_made_outside_for_another_order_is_told_and_why_says_so(edited_outside: Label) -> None:
    (told,) = edited_outside.data("edit", "song", SONG, "--move", "chorus", "--before", "verse")["notes"]
    assert told.startswith("the edit of drums by Ed was made for the former order and no longer sounds")
    why = edited_outside.does("why", DRUMS)
    assert "no edit made outside holds any more: the song's sections are in another order than Ed was given" in why
    (told,) = edited_outside.data("edit", "song", SONG, "--reset")["notes"]
    assert told == "the edit of drums by Ed sounds again"
    edited_outside.does("take", "approve", f"{DRUMS}/1", "--from", "0:00", "--to", "0:01")
    edited_outside.does("take", "reject", f"{DRUMS}/1")
    edited_outside.does("comp", "set", DRUMS, "0:00=-", "0:01=1")
    assert "the takes in use have changed since" in edited_outside.does("why", DRUMS)


def test_what_lies_behind_the_end_of_the_form_is_told_when_it_is_left_out(edited_outside: Label) -> None:
    edited_outside.does("song", "form", SONG, "verse=0:00", "chorus=0:01", "end=0:01.5")
    told = edited_outside.data("edit", "song", SONG, "--move", "chorus", "--before", "verse")["notes"]
    assert told[-1].startswith("drums: 0:01.5-0:02 is left out: it lies behind the end of the form; ")
    assert edited_outside.data("edit", "song", SONG, "--move", "chorus", "--before", "verse")["notes"] == []
    assert not any("left out" in one for one in edited_outside.data("edit", "song", SONG, "--reset")["notes"])
