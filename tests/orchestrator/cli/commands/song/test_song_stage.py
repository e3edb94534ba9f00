"""Stages through the command line: shown where songs and records are, set back with a reason, opened from elsewhere."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return open_label(tmp_path, "Drums")


def stage(label: Label) -> str:
    return str(label.data("song", "stage", SONG)["stage"])


def test_the_stage_is_shown_where_the_song_is(label: Label) -> None:
    file = note(label.folder / "drums.wav", 80, seconds=1.0)
    label.does("take", "ingest", f"{SONG}/drums", file)
    assert label.data("song", "stage", SONG) == {
        "address": SONG, "stage": "recording", "evidence": "it has a take", "set_by": "", "why": "",
    }  # fmt: skip
    assert [row["stage"] for row in label.data("board")] == ["recording"]
    assert [row["stage"] for row in label.data("song", "list", "night-bus")] == ["recording"]
    assert [row["stage"] for row in label.data("record", "show", "night-bus")] == ["recording", "recording"]
    assert f"{SONG} is in recording: it has a take" in label.run("song", "show", SONG).err


def test_a_step_back_has_a_reason_and_who_gave_it(label: Label) -> None:
    label.does("song", "stage", SONG, "mastering", "--opening", "--as", "root")
    assert label.data("song", "stage", SONG)["evidence"] == "came in mastering"
    assert label.refuses(2, "song", "stage", SONG, "recording").rule == "stage.reason"
    label.does("song", "stage", SONG, "recording", "--why", "a new bridge")
    facts = label.data("song", "stage", SONG)
    assert (facts["stage"], facts["evidence"], facts["why"]) == ("recording", "back to recording", "a new bridge")
    assert [row["stage"] for row in label.data("board")] == ["recording"]
    before = label.head
    label.does("song", "stage", SONG, "recording", "--why", "once more")
    assert label.head == before


def test_a_stage_ahead_of_its_evidence_says_how_it_comes_about(label: Label) -> None:
    said = label.refuses(3, "song", "stage", SONG, "mixing")
    assert said.rule == "stage.evidence"
    assert "a song is in mixing once it has a mix" in said.err
    assert f"next: takesheet song stage {SONG} mixing --opening" in said.err
    assert label.refuses(2, "song", "stage", SONG, "rehearsal").rule == "stage.unknown"
    assert stage(label) == "preproduction"


def test_a_stage_forbids_no_work(label: Label) -> None:
    label.does("song", "stage", SONG, "delivered", "--opening")
    label.does("part", "add", SONG, "Bass")
    label.does("take", "ingest", f"{SONG}/bass", note(label.folder / "bass.wav", 60, seconds=1.0))
    label.does("take", "approve", f"{SONG}/bass/1")
    assert stage(label) == "delivered"


def test_a_board_of_an_earlier_moment_shows_the_stage_of_then(label: Label) -> None:
    then = label.head
    label.does("song", "stage", SONG, "mixing", "--opening")
    assert [row["stage"] for row in label.data("board", "--as-of", str(then))] == ["preproduction"]
    assert label.data("song", "stage", SONG, "--as-of", str(then))["stage"] == "preproduction"
