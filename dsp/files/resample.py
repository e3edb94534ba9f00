"""Sample-rate conversion: soxr VHQ, streamed; the result does not depend on the block lengths."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soxr

from dsp.audio import Audio, Printed, Source
from dsp.files.sound import SoundReader, SoundWriter


def resampled_frames(frames: int, rate: int, to_rate: int) -> int:
    """Number of frames at *to_rate* that last as long as *frames* at *rate*, rounded to the nearest."""
    return (2 * frames * to_rate + rate) // (2 * rate)


def resample(blocks: Iterable[Audio], frames: int, rate: int, to_rate: int) -> Iterator[Audio]:
    """The signal in *blocks* at another rate, in time with the original.

    Args:
        blocks: shape (channels, frames) each, *frames* in total.
        frames: total number of frames.
        rate: Hz of the blocks.
        to_rate: Hz; the same rate gives the blocks themselves.

    Yields:
        Blocks of any length, :func:`resampled_frames` in all.
    """
    if rate == to_rate:
        yield from blocks
        return
    owed = resampled_frames(frames, rate, to_rate)
    for block in _converted(blocks, frames, rate, to_rate):
        yield block[:, :owed]
        owed -= min(owed, block.shape[1])
        channels = len(block)
    if owed:  # soxr rounds a last half frame down
        yield np.zeros((channels, owed), np.float32)


def _converted(blocks: Iterable[Audio], frames: int, rate: int, to_rate: int) -> Iterator[Audio]:
    stream, given = None, 0
    for block in blocks:
        if stream is None:
            stream = soxr.ResampleStream(rate, to_rate, len(block), dtype="float32", quality="VHQ")
        given += block.shape[1]
        interleaved = np.ascontiguousarray(block.T)
        yield stream.resample_chunk(interleaved, last=given == frames).T


def convert(source: Source, to_rate: int, path: Path) -> Printed:
    """Write *source* at another rate to *path*, RF64 of 32-bit float.

    Raises:
        Unsound: the source cannot be read.
    """
    with SoundReader(source) as reader:
        frames = resampled_frames(reader.frames, reader.rate, to_rate)
        with SoundWriter(path, to_rate, reader.channels, frames) as writer:
            for block in resample(reader.blocks(), reader.frames, reader.rate, to_rate):
                writer.write(block)
    return writer.printed
