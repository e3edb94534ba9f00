"""MIDI files for tests, written byte by byte or by mido."""

import io
import struct
from collections.abc import Iterable, Sequence

import mido

BEAT = 480
NoteAt = tuple[float, float, int, int]
"""Beat of the stroke, length in beats, key and velocity."""


def performance(notes: Iterable[NoteAt], *, channel: int = 0, tempo: int = 500_000) -> bytes:
    """A file of format 1: a track of tempo, a track of notes."""
    file = mido.MidiFile(type=1, ticks_per_beat=BEAT)
    file.tracks += [mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=tempo)]), mido.MidiTrack()]
    messages = []
    for at, held, key, velocity in notes:
        messages.append((round(at * BEAT), "note_on", key, velocity))
        messages.append((round((at + held) * BEAT), "note_off", key, 0))
    last = 0
    for tick, kind, key, velocity in sorted(messages, key=lambda one: (one[0], one[1] == "note_on")):
        file.tracks[1].append(mido.Message(kind, note=key, velocity=velocity, channel=channel, time=tick - last))
        last = tick
    return saved(file)


def saved(file: mido.MidiFile) -> bytes:
    room = io.BytesIO()
    file.save(file=room)
    return room.getvalue()


def raw(*tracks: bytes, form: int = 1, division: int = BEAT, count: int | None = None) -> bytes:
    """A file of given tracks, each with an end-of-track event."""
    ended = [track + b"\x00\xff\x2f\x00" for track in tracks]
    chunks = b"".join(b"MTrk" + struct.pack(">L", len(track)) + track for track in ended)
    head = struct.pack(">hh", form, len(tracks) if count is None else count)
    return b"MThd\x00\x00\x00\x06" + head + struct.pack(">H", division & 0xFFFF) + chunks


def delta(ticks: int) -> bytes:
    """A variable-length number."""
    found = [ticks & 0x7F]
    while ticks := ticks >> 7:
        found.append(0x80 | (ticks & 0x7F))
    return bytes(reversed(found))


def events(*timed: tuple[int, Sequence[int]]) -> bytes:
    """Messages, each after a pause in ticks."""
    return b"".join(delta(ticks) + bytes(message) for ticks, message in timed)


BAND_BARS = 2
CHORDS = ((57, 60, 64), (53, 57, 60))


def keys() -> bytes:
    """Chords with a pedal note, a bar each, softer and louder."""
    chords = (
        (4.0 * bar + beat, 0.9, key, 50 + 20 * beat) for bar in range(2) for beat in range(4) for key in CHORDS[bar]
    )
    return performance([*chords, (0.0, 7.5, 33, 80)])


def bass() -> bytes:
    """Eighths on the roots."""
    return performance((bar * 4 + step / 2, 0.45, CHORDS[bar][0] - 24, 100) for bar in range(2) for step in range(8))


def drums() -> bytes:
    """A bar of rock with an open hat, and a fill on the toms, on channel 10."""
    hats = [(step / 2, 0.1, 46 if step == 7 else 42, 90 if step % 2 else 60) for step in range(8)]
    kit = [
        (0, 0.1, 36, 110),
        (2, 0.1, 36, 100),
        (1, 0.1, 38, 105),
        (3, 0.1, 40, 115),
        (0, 0.1, 49, 90),
        (2, 0.1, 51, 70),
    ]
    fill = [(4 + number / 4, 0.1, key, 100) for number, key in enumerate((50, 48, 47, 45, 43, 41, 37, 39, 56, 54))]
    return performance([*hats, *kit, *fill], channel=9)
