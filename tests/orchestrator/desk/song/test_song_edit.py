"""Edits of a whole song say what they do to edits made outside, and what they leave out."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from domain.takes.outside_comps import CompSubmitted
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, Signal, note

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


CHORUS_FIRST = ("edit", "song", SONG, "--move", "chorus", "--before", "verse")


def exported(label: Label, name: str) -> Signal:
    """The samples of the drums as they are exported."""
    label.renders()
    label.does("export", DRUMS, label.folder / name)
    (file,) = (label.folder / name).iterdir()
    return np.asarray(soundfile.read(file)[0])


@pytest.mark.slow
def test_an_edit_made_outside_is_arranged_with_its_song_to_the_sample(edited_outside: Label) -> None:
    before = exported(edited_outside, "before")
    assert edited_outside.data(*CHORUS_FIRST)["notes"] == ["the edit of drums by Ed is put into this order too"]
    after = exported(edited_outside, "after")
    fade = RATE // 20
    np.testing.assert_array_equal(after[fade : RATE - fade], before[RATE + fade : 2 * RATE - fade])
    np.testing.assert_array_equal(after[RATE + fade : -fade], before[fade : RATE - fade])
    assert edited_outside.renders() == []
    assert "edited outside by Ed for another order of the song, and put into the present one" in edited_outside.does(
        "why", DRUMS
    )
    assert edited_outside.data("part", "list", SONG)[0]["keeper"] == "take 1, edited by Ed"
    assert edited_outside.data("comp", "show", DRUMS)[0]["take"] == "edited outside by Ed, from:"
    assert edited_outside.data("edit", "song", SONG, "--reset")["notes"] == []
    assert edited_outside.data("comp", "manifest", DRUMS)["manifest"] != ""
    np.testing.assert_array_equal(exported(edited_outside, "again"), before)


@pytest.mark.slow
def test_a_mix_of_an_arranged_edit_is_rebuilt_to_the_bit_with_the_outside_bytes_kept(edited_outside: Label) -> None:
    edited_outside.does("mix", "revise", SONG, edited_outside.mix_recipe("drums"))
    edited_outside.does(*CHORUS_FIRST)
    edited_outside.renders()
    edited_outside.does("mix", "approve", f"{SONG}@mix1")
    said = edited_outside.data("rebuild", f"{SONG}@mix1")
    assert [(row["kind"], row["equal"]) for row in said] == [("edit", True), ("edit", True), ("mix", True)]


def test_an_edit_made_for_an_arranged_song_is_put_back_into_the_order_as_recorded(
    edited_outside: Label, tmp_path: Path
) -> None:
    edited_outside.does(*CHORUS_FIRST)
    late = note(tmp_path / "late.wav", 62.0, seconds=2.0)
    edited_outside.does("comp", "submit", DRUMS, late, "--by", "Lou")
    assert edited_outside.data("part", "list", SONG)[0]["keeper"] == "take 1, edited by Lou"
    edited_outside.does("edit", "song", SONG, "--repeat", "chorus")
    assert edited_outside.data("part", "list", SONG)[0]["keeper"] == "take 1, edited by Lou"
    edited_outside.does("edit", "song", SONG, "--reset")
    assert edited_outside.data("part", "list", SONG)[0]["keeper"] == "take 1, edited by Ed", "his is of this very order"


def test_an_edit_that_lacks_a_section_of_the_new_order_is_told_to_be_given_out_again(edited_outside: Label) -> None:
    edited_outside.does("edit", "song", SONG, "--cut", "verse")
    edited_outside.does(
        "comp", "submit", DRUMS, note(edited_outside.folder / "chorus.wav", 62.0, seconds=1.0), "--by", "Lou"
    )
    edited_outside.does("comp", "set", DRUMS, "0:00=1", "0:01.5=-")
    edited_outside.does("comp", "submit", DRUMS, edited_outside.folder / "chorus.wav", "--by", "Lou")
    (told,) = edited_outside.data("edit", "song", SONG, "--reset")["notes"]
    assert told.startswith("the edit of drums by Lou was made for another order and cannot be put into this one")
    assert "comp manifest drums, then comp submit" in told
    assert "the song's sections are in another order than Lou was given" in edited_outside.does("why", DRUMS)
    (shown,) = edited_outside.data("song", "show", SONG)
    assert shown["keeper"] == "take 1; the edit by Lou is of another order"
    (row,) = [row for row in edited_outside.data("next") if row["what"] == "edit"]
    assert row == {
        "what": "edit", "address": DRUMS, "next": f"takesheet comp manifest {DRUMS}",
        "why": "the edit by Lou was made for another order of the song and does not sound", "mine": False,
    }  # fmt: skip
    edited_outside.does("edit", "song", SONG, "--cut", "verse")
    assert [row for row in edited_outside.data("next") if row["what"] == "edit"] == []


def test_an_edit_of_an_earlier_release_is_not_arranged_and_why_gives_the_reason(edited_outside: Label) -> None:
    edited_outside.does("undo")
    with Studio.at(str(edited_outside.folder)) as studio:
        (given,) = (recorded.event for recorded in studio.log.read(Query.of(CompSubmitted)))
        studio.record_work([given.model_copy(update={"order": None})])
    (told,) = edited_outside.data(*CHORUS_FIRST)["notes"]
    assert told.startswith("the edit of drums by Ed was made for another order and cannot be put into this one")
    why = edited_outside.does("why", DRUMS)
    assert "no edit made outside holds any more: the song's sections are in another order than Ed was given" in why
    (told,) = edited_outside.data("edit", "song", SONG, "--reset")["notes"]
    assert told == "the edit of drums by Ed sounds again"


def test_an_edit_of_other_takes_lapses_in_every_order(edited_outside: Label) -> None:
    edited_outside.does("comp", "set", DRUMS, "0:00=-", "0:01=1")
    edited_outside.does(*CHORUS_FIRST)
    assert edited_outside.data("part", "list", SONG)[0]["keeper"] == "take 1"
    assert "the takes in use have changed since" in edited_outside.does("why", DRUMS)


def test_an_edit_that_comes_back_after_the_song_was_edited_is_put_into_the_new_order(edited_outside: Label) -> None:
    given = edited_outside.data("comp", "manifest", DRUMS)["manifest"]
    edited_outside.does("undo")
    given = edited_outside.data("comp", "manifest", DRUMS)["manifest"]
    edited_outside.does(*CHORUS_FIRST)
    back = edited_outside.data(
        "comp", "submit", DRUMS, edited_outside.folder / "edit.wav", "--by", "Ed", "--from", given
    )
    assert "the song has another order since then; the edit is put into it" in back["notes"]
    assert edited_outside.data("part", "list", SONG)[0]["keeper"] == "take 1, edited by Ed"


def test_what_lies_behind_the_end_of_the_form_is_told_when_it_is_left_out(edited_outside: Label) -> None:
    edited_outside.does("song", "form", SONG, "verse=0:00", "chorus=0:01", "end=0:01.5")
    told = edited_outside.data("edit", "song", SONG, "--move", "chorus", "--before", "verse")["notes"]
    assert told[-1].startswith("drums: 0:01.5-0:02 is left out: it lies behind the end of the form; ")
    assert edited_outside.data("edit", "song", SONG, "--move", "chorus", "--before", "verse")["notes"] == []
    assert not any("left out" in one for one in edited_outside.data("edit", "song", SONG, "--reset")["notes"])
