"""A song without a click, from the marks of its passes to the rendered audio."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, note

DRUMS, BASS, VOCAL = (f"{SONG}/{part}" for part in ("drums", "bass", "vocal"))


@pytest.fixture
def band(tmp_path: Path) -> Label:
    """Two parts on two passes that are marked, and an overdub."""
    label = open_label(tmp_path, "drums", "bass", "vocal")
    for part, pitches in ((DRUMS, (110, 165)), (BASS, (55, 82))):
        for number, hz in zip((3, 5), pitches, strict=True):
            label.does("take", "ingest", part, note(tmp_path / f"{hz}.wav", hz, seconds=2), "--pass", number)
    label.does("take", "ingest", VOCAL, note(tmp_path / "v.wav", 440, seconds=1))
    label.data("pass", "sections", f"{SONG}@pass3", "verse1=0:00.4", "chorus1=0:01")
    label.data("pass", "sections", f"{SONG}@pass5", "verse1=0:00.1", "chorus1=0:00.8", "end=0:01.5")
    return label


def test_the_basic_sounds_each_section_of_each_part_from_its_pass(band: Label) -> None:
    band.does("at", SONG)
    rows = band.data("comp", "band", SONG, "@pass3:verse1", "@pass5:chorus1-end", "--why", "the second is slower")
    assert [(row["section"], row["from"], row["pass"], row["at"]) for row in rows] == [
        ("verse1", "0:00", 3, "0:00.4"), ("chorus1", "0:00.6", 5, "0:00.8"),
    ]  # fmt: skip
    assert band.data("comp", "band", SONG) == rows
    assert [row["from"] for row in band.data("song", "form", SONG)] == ["0:00", "0:00.6"]
    band.does("mix", "revise", SONG, band.mix_recipe("drums", "bass"))
    band.renders()
    inside = slice(RATE // 20, RATE // 2)  # the splice is sought and crossfaded within 20 ms of the joint
    for part, first, second in ((DRUMS, 110, 165), (BASS, 55, 82)):
        heard = soundfile.read(band.does("path", part), dtype="float32")[0]
        assert len(heard) == round(1.3 * RATE)
        for hz, at, begins in ((first, 0.0, 0.4), (second, 0.6, 0.8)):
            played = soundfile.read(band.folder / f"{hz}.wav", dtype="float32")[0]
            assert np.array_equal(heard[round(at * RATE) :][inside], played[round(begins * RATE) :][inside])
    told = band.does("why", f"{SONG}@mix1")
    assert "band comp from verse1 of pass 3, chorus1 of pass 5" in told
    assert "the second is slower" in told


def test_the_takes_of_a_basic_are_counted_as_judged_until_it_is_undone(band: Label) -> None:
    def unheard(*words: object) -> object:
        return band.data("board", *words)[0]["unheard"]

    assert unheard() == 5
    band.data("comp", "band", SONG, "@pass3:verse1", "@pass5:chorus1-end")
    assert unheard() == 1, "the vocal was not played on a pass"
    assert unheard("--as-of", band.data("log", "show", "--limit", 1)[0]["position"] - 1) == 5
    band.does("log", "verify", "--views")
    band.does("undo")
    assert unheard() == 5


def test_an_overdub_that_is_kept_locks_the_time_line(band: Label) -> None:
    band.data("comp", "band", SONG, "@pass3")
    band.does("take", "approve", f"{VOCAL}/1@chorus1")
    said = band.refuses(3, "comp", "band", SONG, "@pass5")
    assert (said.rule, "chorus1 moves from 0:00.6 to 0:00.7" in said.err, "--why" in said.err) == (
        "basic.locked", True, True,
    )  # fmt: skip
    band.data("comp", "band", SONG, "@pass5", "--why", "it breathes")
    assert "verse1 chorus1 of pass 5" in band.does("undo")
    assert band.data("comp", "band", SONG)[0]["pass"] == 3


def test_passes_are_listed_with_their_takes_and_marks(band: Label) -> None:
    assert band.data("pass", "list", SONG)[1] == {
        "pass": f"{SONG}@pass5", "takes": "drums/2 bass/2", "sections": "verse1=0:00.1 chorus1=0:00.8",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "words", "rule"),
    [
        (4, ("pass", "sections", f"{SONG}@pass9", "verse1=0:00"), "pass.unknown"),
        (2, ("pass", "sections", f"{SONG}@pass3", "verse1=0:05"), "form.order"),
        (2, ("pass", "sections", f"{SONG}@pass3", "verse1"), "form.section"),
        (2, ("pass", "sections", DRUMS, "verse1=0:00"), "address"),
        (4, ("comp", "band", SONG, "@pass3:bridge"), "section.unknown"),
        (2, ("comp", "band", SONG, "@mix1:verse1"), "basic.piece"),
    ],
)
def test_what_makes_no_sense_is_refused(band: Label, code: int, words: tuple[str, ...], rule: str) -> None:
    assert band.refuses(code, *words).rule == rule


def test_a_take_of_a_marked_pass_is_not_painted_where_it_does_not_lie(band: Label) -> None:
    band.data("comp", "band", SONG, "@pass3")
    assert band.refuses(3, "take", "approve", f"{DRUMS}/2@chorus1").rule == "basic.pass"
    assert band.refuses(3, "comp", "set", DRUMS, "verse1=1", "chorus1=2").rule == "basic.pass"


def test_a_span_of_an_edit_is_where_the_take_sounds_in_the_song(band: Label) -> None:
    band.data("comp", "band", SONG, "@pass3:verse1", "@pass5:chorus1")
    done = band.data("edit", "part", f"{DRUMS}/2@chorus1", "--mute")
    assert done["span"] == "0:00.6-0:01.3"
    assert band.data("edit", "list", DRUMS) == [{"take": f"{DRUMS}/2", "span": "0:00.6-0:01.3", "edits": "muted"}]
    band.renders()
    heard = soundfile.read(band.does("path", DRUMS), dtype="float32")[0]
    assert not heard[round(0.65 * RATE) : round(1.25 * RATE)].any()
    assert band.data("edit", "part", f"{DRUMS}/2@0:00.6-0:01.3", "--reset")["edits"] == []
    assert band.data("edit", "list", DRUMS) == []


def test_a_span_across_two_stretches_of_one_take_is_refused(band: Label) -> None:
    band.data("pass", "sections", f"{SONG}@pass5", "verse1=0:00.1", "bridge=0:00.4", "chorus1=0:00.8", "end=0:01.5")
    band.data("comp", "band", SONG, "@pass5:verse1", "@pass5:chorus1")
    said = band.refuses(2, "edit", "part", f"{DRUMS}/2@verse1-chorus1", "--gain", "-3")
    assert (said.rule, "band comp joins 2 stretches" in said.err) == ("edit.span", True)
