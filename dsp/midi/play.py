"""Playing a MIDI file with a built-in instrument, streamed on the block grid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.recipe import INSTRUMENTS, MidiRecipe
from dsp.audio import Printed, Unsound, grid
from dsp.files.sound import SoundWriter
from dsp.kernels import strike
from dsp.midi.changes import changed
from dsp.midi.hits import Hit, hits, remarks
from dsp.midi.instruments import BUILT
from dsp.midi.instruments.timbre import Timbre
from dsp.midi.score import Score

LONGEST_S: Final = 2 * 3600
MOST_SOUND_S: Final = 100_000
"""Longest total sound of all notes: nine at a time for three hours; each second takes about a millisecond."""

Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SoundingNote:
    """A note with its timbre and length."""

    hit: Hit
    timbre: Timbre
    frames: int

    @property
    def end(self) -> int:
        """The frame of the take after the note's last."""
        return self.hit.start + self.frames


def play(score: Score, recipe: MidiRecipe, rate: int, path: Path) -> Printed:
    """Render *score* with *recipe*'s instrument to *path*, RF64 of 32-bit float, named ``main``.

    The file begins with the score's tick 0 and ends when the last note has decayed.

    Args:
        score: the performance.
        recipe: the instrument, its version, and the changes.
        rate: Hz.
        path: path of the new file.

    Raises:
        Unsound: the instrument has another version today, or no notes; or the recipe cannot be applied
            (:func:`dsp.midi.changes.changed`); or the result is longer or denser than any performance.
    """
    if recipe.version != (today := INSTRUMENTS[recipe.instrument]):
        raise Unsound(f"it was played by {recipe.instrument} {recipe.version}, and this takesheet has version {today}")
    timbre = lru_cache(maxsize=1024)(lambda key, velocity: BUILT[recipe.instrument].timbre(key, velocity, rate))
    found = [
        _sounding(hit, timbre(hit.key, hit.velocity)) for hit in hits(changed(score, recipe), recipe.instrument, rate)
    ]
    if not found:
        why = "; ".join(remarks(score, recipe.instrument))
        raise Unsound(f"there are no notes in it that {recipe.instrument} can play: {why}")
    frames = _length(found, rate)
    with SoundWriter(path, rate, BUILT[recipe.instrument].channels, frames, name="main") as writer:
        for block in _blocks(found, frames, writer.channels):
            writer.write(block.astype(np.float32))
    return writer.printed


def _sounding(hit: Hit, timbre: Timbre) -> SoundingNote:
    return SoundingNote(hit, timbre, timbre.sounding_frames(hit.held))


def _length(found: Sequence[SoundingNote], rate: int) -> int:
    """Frames until the last note has decayed.  Raises: Unsound; the take is too long or too dense."""
    frames = max(one.end for one in found)
    if frames > LONGEST_S * rate:
        raise Unsound(f"it lasts {frames // rate} s; a take of {LONGEST_S} s is the longest that is played")
    together = sum(one.frames for one in found)
    if together > MOST_SOUND_S * rate:
        raise Unsound(f"its notes ring for {together // rate} s in all; {MOST_SOUND_S} s are the most that is played")
    return frames


def _blocks(found: Sequence[SoundingNote], frames: int, channels: int) -> Iterator[Line]:
    """The take in blocks of the grid; only notes that sound in a block are computed for it."""
    waiting = iter(found)
    after = next(waiting, None)
    sounding: list[SoundingNote] = []
    for start, length in grid(frames):
        while after and after.hit.start < start + length:
            sounding.append(after)
            after = next(waiting, None)
        out = np.zeros((channels, length))
        for one in sounding:
            _add(one, start, out)
        yield out
        sounding = [one for one in sounding if one.end > start + length]


def _add(one: SoundingNote, start: int, out: Line) -> None:
    """Add the part of *one* that sounds in the block *out*, which begins at frame *start* of the take."""
    begin, end = max(one.hit.start, start), min(one.end, start + out.shape[1])
    first, timbre = begin - one.hit.start, one.timbre
    sound = np.zeros((2, end - begin))
    strike.ring(timbre.partials, first, sound)
    strike.fall(timbre.tones, first, sound)
    strike.hiss(timbre.noises, one.hit.start, first, sound)
    off = one.hit.held if timbre.release else one.frames
    part = np.zeros((len(out), end - begin))
    strike.add(sound, one.frames, timbre.attack, off, timbre.release, first, part)
    out[:, begin - start : end - start] += part
