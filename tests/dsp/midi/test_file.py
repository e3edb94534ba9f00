"""Reading: the content of valid files of every format, and one sentence for invalid ones."""

import io
from pathlib import Path

import mido
import pytest

from dsp.audio import Unsound
from dsp.midi.file import MOST_BYTES, is_midi, parse, read_midi
from dsp.midi.score import Clock, Note
from tests.dsp.midi.performances import delta, events, performance, raw

ON, OFF, PEDAL, BEND = 0x90, 0x80, 0xB0, 0xE0


def notes(data: bytes) -> list[tuple[int, int, int, int]]:
    return [(int(note.start), int(note.end), note.key, note.velocity) for note in parse(data).notes]


def test_a_file_that_mido_wrote_is_read_note_for_note() -> None:
    assert notes(performance([(0, 1, 60, 100), (1, 0.5, 64, 80)])) == [(0, 480, 60, 100), (480, 720, 64, 80)]


def test_running_status_and_a_stroke_of_velocity_zero_are_understood() -> None:
    track = events((0, [ON, 60, 90]), (100, [60, 0]), (20, [62, 91]), (30, [62, 0]))
    assert notes(raw(track)) == [(0, 100, 60, 90), (120, 150, 62, 91)]


def test_the_tracks_of_format_1_sound_together_and_those_of_format_2_one_after_the_other() -> None:
    first = events((0, [ON, 60, 90]), (480, [OFF, 60, 0]))
    second = events((10, [ON, 64, 90]), (100, [OFF, 64, 0]))
    assert notes(raw(first, second)) == [(0, 480, 60, 90), (10, 110, 64, 90)]
    assert notes(raw(first, second, form=2)) == [(0, 480, 60, 90), (490, 590, 64, 90)]


def test_each_pattern_of_format_2_begins_at_the_tempo_nobody_told() -> None:
    slow = events((0, [0xFF, 0x51, 3, 0x0F, 0x42, 0x40]), (0, [ON, 60, 90]), (480, [OFF, 60, 0]))  # 1 s a quarter
    score = parse(raw(slow, events((480, [ON, 64, 90]), (480, [OFF, 64, 0])), form=2))
    assert [float(Clock(score.division, score.tempos).seconds(note.start)) for note in score.notes] == [0, 1.5]


def test_overlapping_notes_of_one_key_end_in_the_order_they_began() -> None:
    track = events((0, [ON, 60, 90]), (10, [ON, 60, 70]), (10, [OFF, 60, 0]), (10, [OFF, 60, 0]), (10, [OFF, 60, 0]))
    assert notes(raw(track)) == [(0, 20, 60, 90), (10, 30, 60, 70)]


def test_the_pedal_holds_a_note_until_it_is_up_or_the_key_is_struck_again() -> None:
    track = events(
        (0, [PEDAL, 64, 127]), (0, [ON, 60, 90]), (10, [OFF, 60, 0]), (10, [ON, 60, 80]), (10, [ON, 64, 70]),
        (10, [OFF, 60, 0]), (10, [OFF, 64, 0]), (50, [PEDAL, 64, 0]),
    )  # fmt: skip
    assert notes(raw(track)) == [(0, 20, 60, 90), (20, 100, 60, 80), (30, 100, 64, 70)]


def test_a_note_that_nobody_lets_go_ends_with_the_file_and_is_counted() -> None:
    score = parse(raw(events((0, [ON, 60, 90]), (5, [ON, 62, 90]), (95, [OFF, 62, 0]))))
    assert score.stuck == 1
    assert score.notes[0] == Note(0, 100, 0, 60, 90)


def test_all_notes_off_lets_go_what_sounds_on_its_channel_alone() -> None:
    track = events((0, [ON, 60, 90]), (0, [ON + 1, 61, 90]), (10, [PEDAL, 123, 0]), (10, [OFF + 1, 61, 0]))
    assert notes(raw(track)) == [(0, 10, 60, 90), (0, 20, 61, 90)]


def test_bends_are_counted_and_names_texts_and_dumps_do_no_harm() -> None:
    track = events(
        (0, [0xFF, 0x03, 5, *"Bässe".encode("latin1")]), (0, [0xF0, 3, 1, 2, 0xF7]), (0, [BEND, 0, 80]),
        (0, [ON, 40, 90]), (9, [BEND, 0, 64]), (1, [OFF, 40, 0]),
    )  # fmt: skip
    assert parse(raw(track)).bends == 1


def test_a_file_of_time_code_counts_frames_and_no_beats() -> None:
    track = events((0, [ON, 60, 90]), (400, [OFF, 60, 0]))
    for fps, seconds in ((24, 400 / 24 / 40), (25, 0.4), (29, 400 * 1001 / 30_000 / 40), (30, 400 / 30 / 40)):
        score = parse(raw(track, division=(-fps << 8) | 40))
        assert score.division.quarter is None
        assert float(Clock(score.division, score.tempos).seconds(score.notes[0].end)) == pytest.approx(
            seconds, rel=1e-15
        )


HIT = events((0, [ON, 60, 90]), (1, [OFF, 60, 0]))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (b"MThd", "truncated"),
        (b"RIFF" + bytes(30), "damaged"),
        (raw(HIT)[:-6], "truncated"),
        (raw(HIT, count=3), "truncated"),
        (raw(HIT, count=-1), "no notes"),
        (raw(HIT, form=3), "format 3"),
        (raw(HIT, division=0), "no ticks"),
        (raw(HIT, division=(-23 << 8) | 40), "unknown time code"),
        (raw(b""), "no notes"),
        (raw(events((0, [0xFF, 0x51, 3, 0, 0, 0])) + HIT), "tempo is zero"),
        (raw(b"\x00\x40"), "running status"),
        (raw(events((0, [ON, 60, 200]))), "data byte"),
        (raw(b"\xff" * 5000), "damaged"),
        (raw(delta(2**28) + bytes([ON, 60, 1])), "pause"),
        (raw(b"\xff" * 4000 + bytes([0, ON, 60, 1])), "pause"),
    ],
)
def test_what_is_no_performance_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(Unsound, match=reason):
        parse(data)


@pytest.mark.slow
def test_a_file_beyond_two_mebibytes_is_not_read() -> None:
    with pytest.raises(Unsound, match="larger than 2 MiB"):
        parse(raw(b"\x00\x90\x3c\x01" + bytes(MOST_BYTES)))


def test_midi_is_known_by_its_first_bytes_whatever_it_is_called(tmp_path: Path) -> None:
    file = tmp_path / "song.wav"
    file.write_bytes(raw(HIT))
    assert is_midi(file)
    assert len(read_midi(file).notes) == 1
    file.write_bytes(b"RIFF")
    assert not is_midi(file)
    assert not is_midi(tmp_path)
    assert not is_midi(tmp_path / "nothing.mid")
    assert mido.MidiFile(file=io.BytesIO(raw(HIT))).type == 1
