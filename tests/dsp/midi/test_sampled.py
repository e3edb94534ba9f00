"""A sampler's input: the strokes of the instrument, at their seconds, in its patch."""

import io
from pathlib import Path

import mido
import pytest

from domain.recipe import MidiRecipe
from dsp.audio import Unsound
from dsp.midi.changes import changed
from dsp.midi.file import parse
from dsp.midi.sampled import RING_S, TICKS, for_sampler, is_soundfont
from dsp.midi.score import DRUM_CHANNEL, Clock
from tests.dsp.midi import performances
from tests.dsp.midi.performances import performance, raw


def test_the_strokes_are_those_of_the_take_at_their_seconds() -> None:
    score = changed(parse(performances.keys()), MidiRecipe(instrument="keys", version=1, quantise="1/8T", transpose=2))
    data, lasts_s = for_sampler(score, "keys", 4)
    again = parse(data)
    clock, written = Clock(score.division, score.tempos), Clock(again.division, again.tempos)
    expected = sorted((clock.seconds(note.start), note.key, note.velocity) for note in score.notes)
    found = sorted((written.seconds(note.start), note.key, note.velocity) for note in again.notes)
    assert [one[1:] for one in found] == [one[1:] for one in expected]
    assert all(abs(one[0] - other[0]) <= 0.5 / TICKS for one, other in zip(found, expected, strict=True))
    last = max(clock.seconds(note.end) for note in score.notes)
    assert lasts_s == pytest.approx(float(last) + RING_S, abs=1e-4)
    programs = [one.program for one in mido.MidiFile(file=io.BytesIO(data)).tracks[0] if one.type == "program_change"]
    assert programs == [4]


def test_drums_are_on_channel_10_wherever_they_were_and_others_never() -> None:
    kit = performance([(0, 1, 36, 100)], channel=2)
    data, _ = for_sampler(parse(kit), "drums", 0)
    assert {note.channel for note in parse(data).notes} == {DRUM_CHANNEL}
    on_ten = performance([(0, 1, 36, 100)], channel=DRUM_CHANNEL)
    with pytest.raises(Unsound, match="no notes in it for keys"):
        for_sampler(parse(on_ten), "keys", 0)
    with pytest.raises(Unsound, match="no notes"):
        for_sampler(parse(raw(b"")), "drums", 0)


def test_a_key_struck_again_as_it_is_let_go_sounds_twice() -> None:
    data, _ = for_sampler(parse(performance([(0, 1, 60, 90), (1, 1, 60, 80)])), "keys", 0)
    assert [(note.start, note.velocity) for note in parse(data).notes] == [(0, 90), (TICKS // 2, 80)]


def test_a_soundfont_is_known_by_its_head(tmp_path: Path) -> None:
    file = tmp_path / "font.sf2"
    for data, known in ((b"RIFF\0\0\0\0sfbk", True), (b"RIFF\0\0\0\0WAVE", False), (b"RIFF", False), (b"", False)):
        file.write_bytes(data)
        assert is_soundfont(file) is known
    assert not is_soundfont(tmp_path)
