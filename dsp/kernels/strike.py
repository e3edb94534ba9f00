"""Sounds of struck instruments: decaying partials, tones of falling pitch, and noise, for any range of a sound.

A range is computed from its position in the sound alone, so that a render needs no state of the block before.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel
from dsp.kernels.dither import channel_key, triangular
from dsp.kernels.maths import exp2, sin

Rows = NDArray[np.float64]

QUARTER_TURN = 0.25
FADE_FRAMES = 64
"""Frames at the end of a sound that fade to zero."""


@kernel("f8(f8, f8, i8)")
def edges(length: float, attack: float, n: int) -> float:
    """Envelope gain at frame *n*: a linear rise over *attack* frames, a linear fade at the end of *length*."""
    return min(1.0, (n + 1.0) / attack) * min(1.0, (length - n) / FADE_FRAMES)


@kernel("void(f8[:,::1], i8, f8[:,::1])")
def ring(partials: Rows, first: int, out: Rows) -> None:
    """Add decaying partials.

    Args:
        partials: a row each: turns a frame, doublings a frame (negative), turns at frame 0, amplitude on each side.
        first: frame of the sound at the start of *out*.
        out: shape (2, frames).
    """
    for row in range(partials.shape[0]):
        turns, decay, phase = partials[row, 0], partials[row, 1], partials[row, 2]
        left, right = partials[row, 3], partials[row, 4]
        size = exp2(decay * first)
        angle = turns * first
        angle = angle - np.floor(angle) + phase
        x, y = size * sin(angle + QUARTER_TURN), size * sin(angle)
        step = exp2(decay)
        c, s = step * sin(turns + QUARTER_TURN), step * sin(turns)
        for n in range(out.shape[1]):
            out[0, n] += left * y
            out[1, n] += right * y
            x, y = c * x - s * y, s * x + c * y


@kernel("void(f8[:,::1], i8, f8[:,::1])")
def fall(tones: Rows, first: int, out: Rows) -> None:
    """Add tones of falling pitch, as of a drum skin that slackens after the stroke.

    Args:
        tones: a row each: final turns a frame, total turns added by the fall, doublings a frame of the fall
            (negative), doublings a frame of the loudness (negative), amplitude on each side.
        first: as for :func:`ring`.
        out: shape (2, frames).
    """
    for row in range(tones.shape[0]):
        turns, more, sinking, decay = tones[row, 0], tones[row, 1], tones[row, 2], tones[row, 3]
        left, right = tones[row, 4], tones[row, 5]
        for n in range(out.shape[1]):
            at = np.float64(first + n)
            y = exp2(decay * at) * sin(turns * at + more * (1.0 - exp2(sinking * at)))
            out[0, n] += left * y
            out[1, n] += right * y


@kernel("f8(u8, u8, i8)")
def brighter(key: np.uint64, at: np.uint64, bright: int) -> float:
    """Triangular noise at frame *at*, differenced *bright* times."""
    now = triangular(key, at)
    if bright == 0:
        return now
    before = triangular(key, at - np.uint64(1))
    if bright == 1:
        return now - before
    return now - 2.0 * before + triangular(key, at - np.uint64(2))


@kernel("void(f8[:,::1], i8, i8, f8[:,::1])")
def hiss(noises: Rows, stroke: int, first: int, out: Rows) -> None:
    """Add decaying noise.

    Args:
        noises: a row each: seed, brightness (0 is white, each step more 6 dB an octave brighter, up to 2), doublings a
            frame (negative), length in frames, amplitude on each side.
        stroke: added to the seed, so that strokes differ.
        first: as for :func:`ring`.
        out: shape (2, frames).
    """
    for row in range(noises.shape[0]):
        seed, bright, decay = int(noises[row, 0]), int(noises[row, 1]), noises[row, 2]
        stop = min(out.shape[1], int(noises[row, 3]) - first)
        size, step = exp2(decay * first), exp2(decay)
        left, right = channel_key(seed + stroke, 0), channel_key(seed + stroke, 1)
        for n in range(stop):
            at = np.uint64(first + n + 2)  # the difference reaches back two frames
            out[0, n] += noises[row, 4] * size * brighter(left, at, bright)
            out[1, n] += noises[row, 5] * size * brighter(right, at, bright)
            size *= step


@kernel("void(f8[:,::1], f8, f8, f8, f8, i8, f8[:,::1])")
def add(sound: Rows, length: float, attack: float, off: float, release: float, first: int, out: Rows) -> None:  # noqa: PLR0917 - compiled code is called by position
    """Add *sound* to *out* under its envelope.

    Args:
        sound: shape (2, frames): the sound from its frame *first* on, without release.
        length: frames of the whole sound, released.
        attack: length of the attack in frames.
        off: frame of the release.
        release: doublings a frame after it (negative).
        first: frame of the sound at the start of *sound* and *out*.
        out: shape (channels, frames); a single channel gets the left side.
    """
    step = exp2(release)
    gain = exp2(release * max(0.0, first - off))
    for n in range(out.shape[1]):
        at = first + n
        level = gain * edges(length, attack, at)
        for channel in range(out.shape[0]):
            out[channel, n] += level * sound[channel, n]
        if at >= off:
            gain *= step
