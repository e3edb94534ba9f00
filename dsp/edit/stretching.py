"""Time-stretch and pitch-shift of a piece of a take, all of its tracks at once.

Rubber Band (through pedalboard) takes all channels together, so that the microphones of a take stay together to the
sample.  The whole piece is in memory; the domain refuses pieces longer than
:data:`domain.takes.take_edits.MOST_SAMPLES`.
"""

from pathlib import Path

import numpy as np
import pedalboard

from domain.recipe import Treated
from dsp.audio import Audio, Source, Take, grid
from dsp.files.sound import SoundReader, SoundWriter


def make_anew(take: Take, treated: Treated, begins: int, out: Path) -> Take:
    """Stretch and shift a piece of *take*.

    Args:
        take: tracks of the take.
        treated: the piece, in frames of song time, and how much longer and higher it becomes.
        begins: the frame of song time on which the take begins.
        out: an existing, empty folder for the files.

    Returns:
        The tracks of the piece, files of 32-bit float with ``treated.frames`` frames.
    """
    blocks, rate = list[Audio](), 0
    for source in take.values():
        with SoundReader(source) as reader:
            rate = reader.rate
            blocks.append(reader.read(treated.start - begins, treated.end - treated.start))
    sound = _made(np.concatenate(blocks), rate, treated)
    tracks, first = dict[str, Source](), 0
    for number, (name, block) in enumerate(zip(take, blocks, strict=True)):
        tracks[name] = Source(out / f"{number}.wav")
        _write(tracks[name].path, sound[first : first + len(block)], rate)
        first += len(block)
    return tracks


def _made(block: Audio, rate: int, treated: Treated) -> Audio:
    """*block* stretched and shifted, padded or cut to ``treated.frames``.

    pedalboard treats the longer side of an array as frames, so the block must have more frames than channels.
    """
    lacking = max(0, len(block) + 1 - block.shape[1])
    made: Audio = pedalboard.time_stretch(
        np.pad(block, ((0, 0), (0, lacking))),
        rate,
        stretch_factor=float(1 / treated.stretch),
        pitch_shift_in_semitones=float(treated.semitones),
        preserve_formants=treated.formants == "keep",
    )
    out = np.zeros((len(block), treated.frames), np.float32)
    there = min(treated.frames, made.shape[1])
    out[:, :there] = made[:, :there]
    return out


def _write(path: Path, sound: Audio, rate: int) -> None:
    with SoundWriter(path, rate, len(sound), sound.shape[1]) as writer:
        for start, frames in grid(sound.shape[1]):
            writer.write(sound[:, start : start + frames])
