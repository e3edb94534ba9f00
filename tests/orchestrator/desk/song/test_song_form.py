"""A song's form and the edits of its arrangement, from the command line to the rendered audio."""

from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from domain.label.notes import NoteAdded
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, note

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"
FORM = ("intro=0:00", "verse1=0:00.5", "chorus1=0:01", "outro=0:01.7", "end=0:02")


@pytest.fixture
def band(tmp_path: Path) -> Label:
    """Two parts of two seconds, and a form."""
    label = open_label(tmp_path, "drums", "bass")
    for part, pitches in (("drums", (110, 165)), ("bass", (55, 82))):
        files = [note(tmp_path / "in" / f"{part}_{hz}.wav", hz, seconds=2) for hz in pitches]
        label.does("take", "ingest", f"{SONG}/{part}", *files)
    label.data("song", "form", SONG, *FORM)
    return label


def spans(label: Label, part: str) -> list[tuple[str, str, str]]:
    return [(row["from"], row["to"], row["take"]) for row in label.data("comp", "show", part)]


def test_sections_stand_wherever_times_do(band: Label) -> None:
    band.does("take", "approve", f"{DRUMS}/1")
    band.does("take", "approve", f"{DRUMS}/2@chorus1")
    assert spans(band, DRUMS) == [("0:00", "0:01", "1"), ("0:01", "0:01.7", "2"), ("0:01.7", "0:02", "1")]
    band.does("take", "approve", f"{DRUMS}/2", "--from", "intro", "--to", "verse1")
    assert spans(band, DRUMS)[0] == ("0:00", "0:01", "2")
    band.does("comp", "set", BASS, "intro-verse1=1", "outro=2")
    assert spans(band, BASS) == [("0:00", "0:01", "1"), ("0:01", "0:01.7", "silence"), ("0:01.7", "0:02", "2")]
    punch = note(band.folder / "punch.wav", 70, seconds=0.5)
    band.does("take", "ingest", BASS, punch, "--at", "chorus1")
    assert band.data("take", "show", f"{BASS}/3")["starts"] == "0:01"


def test_an_unknown_section_is_answered_with_those_there_are_wherever_it_is_named(band: Label) -> None:
    punch = note(band.folder / "punch.wav", 70)
    for words in (
        ("take", "approve", f"{DRUMS}/1@bridge"),
        ("take", "approve", f"{DRUMS}/1", "--to", "bridge"),
        ("comp", "set", DRUMS, "bridge=1"),
        ("take", "ingest", DRUMS, punch, "--at", "bridge"),
        ("note", f"{DRUMS}/1", "late", "--at", "bridge"),
        ("edit", "song", SONG, "--cut", "bridge"),
    ):
        said = band.refuses(4, *words)
        assert (said.rule, "intro, verse1, chorus1, outro" in said.err) == ("section.unknown", True), words


def test_a_form_is_shown_and_replaced_and_the_old_one_taken_back_to(band: Label) -> None:
    head = band.head
    assert [row["section"] for row in band.data("song", "form", SONG)] == ["intro", "verse1", "chorus1", "outro"]
    assert band.data("song", "form", SONG, *FORM)
    assert band.head == head, "the same again is nothing new"
    band.data("song", "form", SONG, "all=0:00", "end=0:02")
    assert "all" in band.does("undo")
    assert len(band.data("song", "form", SONG)) == 4


def test_sections_may_be_named_in_bars(band: Label) -> None:
    band.data("song", "form", SONG, "a=1", "b=2", "c=2.3", "end=4", "--tempo", "240", "--tempo", "3=480")
    assert [row["from"] for row in band.data("song", "form", SONG)] == ["0:00", "0:01", "0:01.5"]
    band.data("song", "form", SONG, "a=1", "b=3", "end=0:05")
    assert [row["from"] for row in band.data("song", "form", SONG)] == ["0:00", "0:02"], "the tempo map is remembered"
    midi = mido.MidiFile()
    midi.add_track().append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(60)))
    midi.save(band.folder / "tempo.mid")
    band.data("song", "form", SONG, "a=1", "b=2", "end=3", "--tempo-midi", band.folder / "tempo.mid")
    assert [row["from"] for row in band.data("song", "form", SONG)] == ["0:00", "0:04"]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("a=0:00",), "form.end"),
        (("a=0:00", "a=0:01", "end=0:02"), "form.section"),
        (("pre--chorus=0:00", "end=0:02"), "form.section"),
        (("a=1", "end=2", "--tempo", "0"), "form.tempo"),
        (("a=1", "end=2", "--tempo", "120", "--meter", "4"), "form.tempo"),
        (("a=1", "end=2.9", "--tempo", "120"), "form.bar"),
        (("a=1", "end=2", "--tempo-midi", "mix.toml"), "form.midi"),
        (("a=1", "end=2", "--tempo-midi", "."), "file.unfit"),
        (("a=1", "end=2", "--tempo-midi", "/dev/zero"), "file.unfit"),
        (("a=1", "end=2", "--tempo-midi", "mix.toml", "--tempo", "1"), "form.tempo"),
        (("--tempo", "120"), "form.end"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(band: Label, words: tuple[str, ...], rule: str) -> None:
    band.mix_recipe("drums")
    assert band.refuses(2, "song", "form", SONG, *words).rule == rule


def test_a_song_without_takes_or_without_a_form_is_told_what_comes_first(tmp_path: Path) -> None:
    label = open_label(tmp_path, "drums")
    assert label.refuses(3, "song", "form", SONG, "a=0:00", "end=1:00").rule == "form.clock"
    label.does("take", "ingest", DRUMS, note(tmp_path / "a.wav"))
    said = label.refuses(3, "edit", "song", SONG, "--cut", "intro")
    assert (said.rule, f"takesheet song form {SONG}" in said.err) == ("arrange.form", True)
    assert label.refuses(3, "edit", "song", SONG).rule == "arrange.form"


def test_a_repeated_section_sounds_in_every_part_as_it_did_the_first_time(band: Label) -> None:
    band.does("comp", "set", DRUMS, "intro=1", "verse1-chorus1=2", "outro=1")
    band.does("take", "approve", f"{BASS}/1")
    band.does("mix", "revise", SONG, band.mix_recipe("drums", "bass"))
    band.renders()
    said = band.data("edit", "song", SONG, "--repeat", "chorus1", "--why", "once is not enough")
    assert said["before"] == "intro verse1 chorus1 outro · 0:02"
    assert said["after"] == "intro verse1 chorus1 chorus1 outro · 0:02.7"
    assert band.renders()
    for address in (DRUMS, BASS, f"{SONG}@mix1"):
        samples, rate = soundfile.read(band.does("path", address), always_2d=True)
        assert (rate, len(samples)) == (RATE, round(2.7 * RATE))
        first, second = (samples[round(at * RATE) :][: round(0.7 * RATE)] for at in (1.0, 1.7))
        inside = slice(RATE // 50, -RATE // 50)  # the joints are crossfades of 10 ms
        assert np.array_equal(first[inside], second[inside])
        assert np.abs(first[inside]).max() > 0.01
        assert np.abs(np.diff(samples, axis=0)).max() < 0.05, "no joint clicks"
    told = band.does("why", f"{SONG}@mix1")
    assert "running order: intro verse1 chorus1 chorus1 outro" in told
    assert "once is not enough" in told
    assert any("chorus1 repeated" in row["what"] for row in band.data("log", "show"))
    band.does("undo")
    assert band.data("edit", "song", SONG)[-1]["to"] == "0:02"


def test_a_note_on_a_mix_lies_in_arranged_time_and_one_on_a_take_in_recorded_time(band: Label) -> None:
    band.does("take", "approve", f"{DRUMS}/1")
    band.does("mix", "revise", SONG, band.mix_recipe("drums"))
    band.does("edit", "song", SONG, "--move", "chorus1", "--before", "intro")
    for target in (f"{SONG}@mix1", f"{DRUMS}/1"):
        band.does("note", target, "here", "--at", "verse1")
    with Studio.at(str(band.folder)) as studio:
        notes = [recorded.event for recorded in studio.read(Query.of(NoteAdded))]
    assert [note.at for note in notes if isinstance(note, NoteAdded)] == [round(1.2 * RATE), round(0.5 * RATE)]


@pytest.mark.parametrize(
    "words",
    [
        ("--move", "intro"), ("--before", "intro"), ("--move", "intro", "--before", "outro", "--after", "outro"),
        ("--cut", "intro", "--reset"), ("--times", "3"), ("--cut", "intro", "--times", "2"),
    ],
)  # fmt: skip
def test_an_edit_says_one_thing(band: Label, words: tuple[str, ...]) -> None:
    assert band.refuses(2, "edit", "song", SONG, *words).rule == "arrange.one"
