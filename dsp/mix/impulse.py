"""Impulse responses: validation of files, and their spectra for a convolution.

An impulse is mono (for each side), stereo (the left side through its left channel, the right through its right)
or true stereo: four channels, left to left and right, then right to left and right (LL LR RL RR, as
in the Web Audio API, section 1.18, *ConvolverNode*).  Both sides are transformed as one complex signal z = l + i r.
The output, as such a signal, is z through ``own`` plus its conjugate through ``mirrored``:

    own      = ((ll + rr) + i (lr - rl)) / 2        mirrored = ((ll - rr) + i (lr + rl)) / 2

for l = (z + z*) / 2 and r = (z - z*) / 2i.  Normalised, an impulse has unit energy on its louder side: by Parseval's
theorem, white noise keeps its level on that side.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Convolution, MixRecipe
from dsp.audio import BLOCK_FRAMES, Audio, Source, Unsound
from dsp.files.resample import resample
from dsp.files.sound import FileFacts, SoundReader, inspect
from dsp.kernels.fourier import to_spectrum, turns_of
from dsp.kernels.sums import energy

Samples = NDArray[np.float64]

TRUE_STEREO = 4
LONGEST_S = 30
"""Longest impulse in seconds; a cathedral rings for ten.  A second at 48 kHz takes 3 MB, 6 MB with ``mirrored``."""
TURNS = turns_of(2 * BLOCK_FRAMES)


@dataclass(frozen=True, slots=True)
class ImpulseResponse:
    """An impulse at the rate of a render, cut into partitions as long as a block.

    Attributes:
        spectra: shape (1 or 2, partitions, 2, bins): ``own``, and ``mirrored`` unless zero; real and
            imaginary parts, in bit-reversed order, divided by the gain of a forward and an inverse transform.
        frames: length.
    """

    spectra: Samples
    frames: int


Impulses = Mapping[tuple[str, bool], ImpulseResponse]
"""Impulse responses by :attr:`domain.recipe.Convolution.impulse_key`."""
NO_IMPULSES: Impulses = {}


def inspect_impulse(source: Source) -> FileFacts:
    """Check a file that is to be an impulse, and return its properties.

    Raises:
        Unsound: the file is not sound, too long, silent, or has a wrong number of channels.
    """
    with SoundReader(source) as reader:
        _refuse_misshapen(reader)
        if not any(block.any() for block in reader.blocks()):
            raise Unsound("it is silent, and nothing sounds through silence")
    return inspect(source.path)


def _refuse_misshapen(reader: SoundReader) -> None:
    if reader.channels not in {1, 2, TRUE_STEREO}:
        raise Unsound(f"it has {reader.channels} channels: an impulse has 1, 2, or for true stereo 4 (LL LR RL RR)")
    if reader.frames > LONGEST_S * reader.rate:
        raise Unsound(f"it is {reader.frames / reader.rate:.1f} s long: an impulse has {LONGEST_S} s at the most")


def impulses_of(recipe: MixRecipe, sources: Mapping[str, Source], rate: int) -> Impulses:
    """The impulses of a mix at *rate*; each is read once, even if several buses use it.

    Raises:
        Unsound: an impulse is not among the *sources*, or is not usable.
    """
    wanted = {bus.convolution.impulse_key: bus.convolution for bus in recipe.buses.values() if bus.convolution}
    return {key: _named_impulse(convolution, sources, rate) for key, convolution in wanted.items()}


def _named_impulse(wanted: Convolution, sources: Mapping[str, Source], rate: int) -> ImpulseResponse:
    if wanted.impulse not in sources:
        raise Unsound(f"The impulse {wanted.impulse} is not there.")
    try:
        return read_impulse(sources[wanted.impulse], rate, normalise=wanted.normalise)
    except Unsound as error:
        raise Unsound(f"impulse {wanted.impulse}: {error.reason}") from error


def read_impulse(source: Source, to_rate: int, *, normalise: bool = True) -> ImpulseResponse:
    """Read an impulse at *to_rate*, Hz.

    Args:
        source: 1, 2 or 4 channels.
        to_rate: Hz; other rates are converted.
        normalise: True to scale to unit energy; else a sample of 1 passes sound unchanged.

    Raises:
        Unsound: as :func:`inspect_impulse`.
    """
    with SoundReader(source) as reader:
        _refuse_misshapen(reader)
        blocks = list(resample(reader.blocks(), reader.frames, reader.rate, to_rate))
        slower = reader.rate / to_rate
    lines = np.concatenate(blocks, axis=1)
    loudest = max(_energies(lines))
    if not loudest:
        raise Unsound(f"it is silent, or nothing of it is left at {to_rate} Hz")
    gain = 1.0 / math.sqrt(loudest) if normalise else slower
    return ImpulseResponse(_spectra(lines, gain), lines.shape[1])


def _energies(lines: Audio) -> list[float]:
    """Output energy of each side for white noise of unit power on both."""
    each = [energy(line) for line in lines]
    return [each[0] + each[2], each[1] + each[3]] if len(each) == TRUE_STEREO else each


def _spectra(lines: Audio, gain: float) -> Samples:
    """Spectra of an impulse's partitions, times *gain*, divided by the gain of a forward and an inverse transform."""
    frames, bins = lines.shape[1], 2 * BLOCK_FRAMES
    scaled = np.zeros((len(lines), -(-frames // BLOCK_FRAMES) * BLOCK_FRAMES))
    scaled[:, :frames] = lines
    scaled *= gain / bins
    pairs = [pair for pair in _pairs(scaled) if pair.any()]
    spectra = np.zeros((len(pairs), scaled.shape[1] // BLOCK_FRAMES, 2, bins))
    for spectrum, pair in zip(spectra, pairs, strict=True):
        for number, partition in enumerate(spectrum):
            start = number * BLOCK_FRAMES
            partition[:, :BLOCK_FRAMES] = pair[:, start : start + BLOCK_FRAMES]
            to_spectrum(partition[0], partition[1], TURNS)
    return spectra


def _pairs(lines: Samples) -> tuple[Samples, Samples]:
    """``own`` and ``mirrored``, real and imaginary parts, shape (2, frames) each."""
    nothing = np.zeros_like(lines[0])
    ll, lr, rl, rr = lines if len(lines) == TRUE_STEREO else (lines[0], nothing, nothing, lines[-1])
    return np.array([ll + rr, lr - rl]) / 2.0, np.array([ll - rr, lr + rl]) / 2.0
