"""Playing a score with a sampler: the score as a MIDI file, and the sampler's output as a take.

The file holds only notes, with the changes applied and lengthened by the pedal; pitch bends and swells are left out, as
with the built-in instruments.
"""

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import mido
import numpy as np

from domain.recipe import Instrument
from dsp.audio import STEREO, Printed, Source, Unsound, grid
from dsp.files.sound import SoundReader, SoundWriter
from dsp.midi.hits import notes_for
from dsp.midi.score import DRUM_CHANNEL, Clock, Score

TICKS: Final = 24_000
"""Ticks a second in the file: a tick is two frames at 48 kHz."""
TEMPO: Final = 1_000_000
RING_S: Final = 15
"""Longest decay after the last release; the rest is cut."""
INAUDIBLE: Final = 1e-6
"""-120 dBFS; a softer end is not part of the take."""
HEAD: Final = (b"RIFF", b"sfbk")
UNUSED_CONTROL: Final = 3


class SampledNote(NamedTuple):
    """The press or release of a key; at the same tick, releases are sorted before presses."""

    tick: int
    down: bool
    channel: int
    key: int
    velocity: int


def is_soundfont(path: Path) -> bool:
    """True if a file begins like a SoundFont (2 or 3)."""
    if not path.is_file():
        return False  # opening a pipe would wait for its writer
    with path.open("rb") as file:
        head = file.read(12)
    return (head[:4], head[8:]) == HEAD


def for_sampler(score: Score, instrument: Instrument, patch: int) -> tuple[bytes, float]:
    """A MIDI file of the notes of *instrument* in *score*, and its length in seconds, :data:`RING_S` included.

    Args:
        score: the performance, changes applied.
        instrument: the instrument of the part; drums are written to channel 10.
        patch: General MIDI program, 0 to 127.

    Raises:
        Unsound: the score has no notes for the instrument.
    """
    strokes = sorted(_strokes(score, instrument))
    if not strokes:
        raise Unsound(f"there are no notes in it for {instrument}")
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("set_tempo", tempo=TEMPO))
    for channel in sorted({stroke.channel for stroke in strokes}):
        track.append(mido.Message("program_change", channel=channel, program=patch))
    at = 0
    for stroke in strokes:
        kind = "note_on" if stroke.down else "note_off"
        words = {"channel": stroke.channel, "note": stroke.key, "velocity": stroke.velocity}
        track.append(mido.Message(kind, time=stroke.tick - at, **words))
        at = stroke.tick
    track.append(mido.Message("control_change", control=UNUSED_CONTROL, time=RING_S * TICKS))
    written = BytesIO()
    mido.MidiFile(type=0, ticks_per_beat=TICKS, tracks=[track]).save(file=written)
    return written.getvalue(), at / TICKS + RING_S


def _strokes(score: Score, instrument: Instrument) -> Iterator[SampledNote]:
    clock = Clock(score.division, score.tempos)
    for note in notes_for(score, instrument):
        channel = DRUM_CHANNEL if instrument == "drums" else note.channel
        start, end = (round(Fraction(clock.seconds(tick)) * TICKS) for tick in (note.start, note.end))
        yield SampledNote(start, True, channel, note.key, note.velocity)
        yield SampledNote(max(end, start + 1), False, channel, note.key, 0)


def as_take(sound: Path, rate: int, path: Path) -> Printed:
    """Write *sound* until it has decayed to *path*, RF64 of 32-bit float, named ``main``.

    Raises:
        Unsound: the sound is not stereo at *rate*, or silent.
    """
    with SoundReader(Source(sound)) as reader:
        if (reader.rate, reader.channels) != (rate, STEREO):
            raise Unsound(f"it came out with {reader.channels} channels at {reader.rate} Hz, not in stereo at {rate}")
        frames = _audible_frames(reader)
        if not frames:
            raise Unsound("nothing of it sounds: is there such a patch in the SoundFont, and has it these keys?")
        with SoundWriter(path, rate, STEREO, frames, name="main") as writer:
            for start, length in grid(frames):
                writer.write(reader.read(start, length))
    return writer.printed


def _audible_frames(reader: SoundReader) -> int:
    """Frames up to the last audible sample."""
    last = 0
    for (start, _), block in zip(grid(reader.frames), reader.blocks(), strict=True):
        heard = np.flatnonzero((np.abs(block) >= INAUDIBLE).any(axis=0))
        last = start + int(heard[-1]) + 1 if len(heard) else last
    return last
