"""A take that was filed under the wrong part is moved to the right one."""

from pathlib import Path

import pytest

from orchestrator.desk.review.review import Review
from orchestrator.studio import Studio
from tests.dsp.midi import performances
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """Two takes of the drums, the second of which is the bass."""
    label = open_label(tmp_path, "Drums", "Bass")
    for hz in (60.0, 220.0):
        file = note(tmp_path / "sounds" / f"{hz}.wav", hz, seconds=0.5)
        label.does("take", "ingest", DRUMS, file, "--pass", "3", "--at", "0:01")
    return label


def takes(label: Label, target: str = SONG) -> list[str]:
    return [row["take"] for row in label.data("take", "list", target)]


def test_it_gets_a_new_number_over_the_same_audio_pass_and_place(label: Label) -> None:
    before = label.data("take", "show", f"{DRUMS}/2")
    label.does("take", "approve", f"{DRUMS}/2")
    label.does("edit", "part", f"{DRUMS}/2", "--nudge", "10ms")
    assert label.does("take", "move", f"{DRUMS}/2", BASS, "--why", "wrong folder") == f"{DRUMS}/2 is {BASS}/1 now"
    assert takes(label) == [f"{DRUMS}/1", f"{BASS}/1"]
    after = label.data("take", "show", f"{BASS}/1")
    assert after["tracks"] == before["tracks"]
    assert (after["pass"], after["starts"]) == (before["pass"], before["starts"])
    assert (after["pass"], after["verdict"]) == (3, "")
    assert [row["address"] for row in label.data("next")] == [f"{DRUMS}/1", f"{BASS}/1"]
    assert label.data("board")[0]["takes"] == 2
    assert f"moved from {DRUMS}/2" in label.does("why", f"{BASS}/1")


def test_the_old_address_leads_to_the_new_one(label: Label) -> None:
    label.does("take", "move", f"{DRUMS}/2", BASS)
    assert label.data("take", "show", f"{DRUMS}/2")["take"] == label.data("take", "show", f"{BASS}/1")["take"]
    assert f"{BASS}/1" in label.does("take", "keep", f"{DRUMS}/2")
    assert label.does("take", "move", f"{BASS}/1", DRUMS) == f"{BASS}/1 is {DRUMS}/3 now"
    assert f"{DRUMS}/3" in label.does("why", f"{DRUMS}/2")
    assert takes(label) == [f"{DRUMS}/1", f"{DRUMS}/3"]


def test_a_review_under_way_passes_over_a_take_that_was_moved_meanwhile(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        walk = Review.of(studio, None)
        label.does("take", "move", f"{DRUMS}/1", BASS)
        question = walk.question()
        assert question
        assert question.item.address == f"{DRUMS}/2"


def test_what_lies_beneath_it_sounds_and_is_told(label: Label) -> None:
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("take", "approve", f"{DRUMS}/2")
    said = label.run("take", "move", f"{DRUMS}/2", BASS)
    assert f"{DRUMS}: 0:01-0:01.5 take 2 gave way to take 1" in said.err
    assert {row["take"] for row in label.data("comp", "show", DRUMS)} == {"silence", "1"}
    label.does("comp", "set", DRUMS, "0:00=1")
    said = label.refuses(4, "comp", "set", DRUMS, "0:00=2")
    assert (said.rule, f"{BASS}/1" in said.err) == ("take.moved", True)


def test_a_repeat_records_nothing_and_its_file_is_not_taken_in_again(label: Label, tmp_path: Path) -> None:
    label.does("take", "move", f"{DRUMS}/2", BASS)
    head = label.head
    assert label.does("take", "move", f"{DRUMS}/2", BASS) == f"{BASS}/1 is there"
    (row,) = label.data("take", "ingest", DRUMS, tmp_path / "sounds" / "220.0.wav")
    assert (row["known"], label.head) == (True, head)
    label.does("take", "ingest", DRUMS, note(tmp_path / "sounds" / "new.wav", 70.0, seconds=0.5))
    assert takes(label, DRUMS) == [f"{DRUMS}/1", f"{DRUMS}/3"]


def test_it_moves_within_its_record_alone_and_to_another_part(label: Label) -> None:
    head = label.head
    label.does("take", "move", f"{DRUMS}/2", DRUMS)
    assert label.head == head
    label.does("record", "new", "Other", "--artist", "The Ferrymen")
    label.does("song", "add", "other", "Song")
    label.does("part", "add", "other/song", "Bass")
    said = label.refuses(3, "take", "move", f"{DRUMS}/2", "other/song/bass")
    assert (said.rule, "where its session and its pass do not exist" in said.err) == ("take.move", True)
    assert "next: takesheet take ingest other/song/bass FILE" in said.err
    label.does("part", "remove", BASS)
    assert label.refuses(3, "take", "move", f"{DRUMS}/2", BASS).rule == "entry.removed"


def test_it_moves_to_another_song_and_out_of_a_removed_part(label: Label) -> None:
    label.does("song", "add", "night-bus", "Cold Harbour")
    label.does("part", "add", "night-bus/cold-harbour", "Bass")
    label.does("part", "remove", DRUMS)
    label.does("take", "move", f"{DRUMS}/2", "night-bus/cold-harbour/bass")
    assert takes(label, "night-bus") == ["night-bus/cold-harbour/bass/1"]
    assert label.data("song", "list", "night-bus")[1]["rate"] == 48000
    label.does("log", "verify", "--views")


def test_between_songs_the_pass_and_place_stay_and_neither_verdict_nor_edit_follows(label: Label) -> None:
    label.does("song", "add", "night-bus", "Cold Harbour")
    there = "night-bus/cold-harbour/bass"
    label.does("part", "add", "night-bus/cold-harbour", "Bass")
    label.does("take", "approve", f"{DRUMS}/2", "--from", "0:01", "--to", "0:01.2")
    label.does("edit", "part", f"{DRUMS}/2", "--nudge", "10ms")
    before = label.data("take", "show", f"{DRUMS}/2")
    assert label.does("take", "move", f"{DRUMS}/2", there) == f"{DRUMS}/2 is {there}/1 now"
    after = label.data("take", "show", f"{there}/1")
    assert (after["tracks"], after["pass"], after["verdict"]) == (before["tracks"], 3, "")
    assert after["starts"] != before["starts"], "the nudge stayed behind"
    assert label.data("take", "show", f"{DRUMS}/2")["take"] == after["take"]
    assert takes(label, "night-bus") == [f"{DRUMS}/1", f"{there}/1"]
    assert label.data("comp", "show", there) == []
    head = label.head
    assert label.does("take", "move", f"{DRUMS}/2", there) == f"{there}/1 is there"
    assert label.head == head


def test_it_moves_to_no_song_of_another_rate(label: Label, tmp_path: Path) -> None:
    label.does("song", "add", "night-bus", "Cold Harbour")
    there = "night-bus/cold-harbour/bass"
    label.does("part", "add", "night-bus/cold-harbour", "Bass")
    label.does("take", "ingest", there, note(tmp_path / "slow.wav", 90.0, seconds=0.5, rate=44_100))
    said = label.refuses(3, "take", "move", f"{DRUMS}/2", there)
    assert said.rule == "rate.match"
    assert "night-bus/cold-harbour runs at 44100 Hz, this is 48000 Hz" in said.err
    assert f"next: takesheet take ingest {there} FILE --convert" in said.err


def test_a_midi_take_moves_with_its_first_performance(label: Label, tmp_path: Path) -> None:
    file = tmp_path / "groove.mid"
    file.write_bytes(performances.bass())
    label.does("take", "ingest", DRUMS, file, "--voice", "bass")
    played = label.data("take", "show", f"{DRUMS}/3")["played"]
    label.does("edit", "midi", f"{DRUMS}/3", "--transpose", "+2")
    assert label.data("take", "show", f"{DRUMS}/3")["played"] != played
    label.does("take", "move", f"{DRUMS}/3", BASS)
    assert label.data("take", "show", f"{BASS}/1")["played"] == played
