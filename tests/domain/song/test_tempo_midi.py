from fractions import Fraction
from io import BytesIO

import mido
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.song.tempo import frame_of_bar
from domain.song.tempo_midi import LARGEST, tempo_of_midi

RATE = 48_000
HEADER = bytes.fromhex("4d546864 00000006 0001 0001 01e0")


def file_of(*tracks: list[mido.MetaMessage | mido.Message], kind: int = 1, ticks: int = 480) -> bytes:
    """A MIDI file as other programs write it."""
    made = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    made.tracks.extend(mido.MidiTrack(track) for track in tracks)
    out = BytesIO()
    made.save(file=out)
    return out.getvalue()


def tempo(bpm: float, time: int = 0) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=round(60_000_000 / bpm), time=time)


def meter(beats: int, unit: int, time: int = 0) -> mido.MetaMessage:
    return mido.MetaMessage("time_signature", numerator=beats, denominator=unit, time=time)


def track(data: bytes) -> bytes:
    return HEADER + b"MTrk" + len(data).to_bytes(4) + data


def test_the_tempo_map_of_a_daw_is_read_among_notes_and_names() -> None:
    notes = [mido.Message("note_on", note=60, time=3), mido.Message("program_change", program=3), mido.Message("sysex")]
    found = tempo_of_midi(
        file_of(
            [mido.MetaMessage("track_name", name="Click"), meter(4, 4), tempo(120), tempo(125, time=480 * 8)],
            [*notes, meter(7, 8, time=480 * 16 - 3)],
        )
    )
    assert [(one.quarter, Fraction(one.bpm)) for one in found.tempi] == [("0", 120), ("8", 125)]
    assert [(one.bar, one.beats, one.unit) for one in found.meters] == [(1, 4, 4), (5, 7, 8)]
    assert frame_of_bar(found, "3", RATE) == 4 * RATE
    assert frame_of_bar(found, "5", RATE) == 4 * RATE + Fraction(60 * 8, 125) * RATE


def test_a_file_that_says_nothing_of_tempo_counts_as_every_midi_file_does() -> None:
    found = tempo_of_midi(file_of([mido.Message("note_on", note=60)], kind=0))
    assert ([one.bpm for one in found.tempi], found.meters[0].beats, found.meters[0].unit) == (["120"], 4, 4)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "MThd"),
        (b"RIFF" + bytes(100), "MThd"),
        (HEADER, "no track"),
        (HEADER[:9], "no track|type|ticks"),
        (file_of([tempo(120)], kind=2), "type is 2"),
        (bytes.fromhex("4d546864 00000006 0001 0001 e728") + b"MTrk" + bytes(4), "film frames"),
        (bytes.fromhex("4d546864 00000006 0001 0001 0000") + b"MTrk" + bytes(4), "film frames"),
        (track(b"\xff" * 1_000_000), "longer than four bytes"),
        (track(b"\x00\xff\x51\x83"), "ends in the middle"),
        (track(b"\x00\xff\x51\x7f\x01"), "ends in the middle"),
        (track(b"\x00\x40\x40"), "no place in a file"),
        (track(b"\x00\xf8"), "no place in a file"),
        (bytes(LARGEST + 1), "bytes"),
        (file_of([meter(4, 4), meter(3, 4, time=480)]), "within bar 1"),
        (file_of([tempo(60_000_000 / 0xFFFFFF)]), "quarter notes a minute"),
        (file_of([mido.MetaMessage("set_tempo", tempo=0)]), "quarter notes a minute"),
        (track(b"\x00\xff\x58\x04\x00\x02\x18\x08"), "no meter"),
        (file_of([tempo(100 + number % 50, time=1) for number in range(9000)]), "at most"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_holds_no_tempo_map_says_so_in_one_line(data: bytes, told: str) -> None:
    with pytest.raises(Misused, match=rf"form\.(midi|tempo): .*({told})"):
        tempo_of_midi(data)


@given(st.binary(max_size=200).map(track) | st.binary(max_size=60))
@example(track(b"\x00\xff\x58\x04\x04\xff\x18\x08"))
def test_any_bytes_are_a_tempo_map_or_a_refusal(data: bytes) -> None:
    try:
        found = tempo_of_midi(data)
    except Misused:
        return
    assert frame_of_bar(found, "9", RATE) > 0
