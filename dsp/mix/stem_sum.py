"""Sums of stems: a version of a mix as a file, and how nearly all stems add up to the main print.

The samples are added in double precision in the order of the stems and rounded once to 32-bit float, so equal stems
give equal bits on every machine.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from dsp.audio import STEREO, Audio, Printed, Source, grid
from dsp.blocks.sums import summed
from dsp.files.sound import SoundReader, SoundWriter
from dsp.meter.loudness import decibels


def sum_stems(stems: Sequence[Source], path: Path, name: str) -> Printed:
    """Write the sum of *stems*, stereo and of one rate and length, to *path* as the print *name*.

    Raises:
        Unsound: a file cannot be read.
    """
    with SoundReader(stems[0]) as first:
        rate, frames = first.rate, first.frames
    with SoundWriter(path, rate, STEREO, frames, name=name) as file:
        for block in _sums(stems, frames):
            file.write(block)
    return file.printed


def null_dbfs(stems: Sequence[Source], main: Source) -> float | None:
    """Peak of the difference between the sum of *stems* and *main* in dBFS; None if they are equal.

    Raises:
        Unsound: a file cannot be read.
    """
    peak = 0.0
    with SoundReader(main) as whole:
        start = 0
        for block in _sums(stems, whole.frames):
            rest = block - whole.read(start, block.shape[1])
            peak = max(peak, float(np.abs(rest).max(initial=0.0)))
            start += block.shape[1]
    return decibels(peak)


def _sums(stems: Sequence[Source], frames: int) -> Iterator[Audio]:
    with ExitStack() as opened:
        readers = [opened.enter_context(SoundReader(stem)) for stem in stems]
        for start, count in grid(frames):
            yield summed([reader.read(start) for reader in readers], [1.0] * len(readers))[:, :count]
