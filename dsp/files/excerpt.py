"""Excerpts to listen to: sounds mixed at their song time into a short file that any player can play."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio, Source, Unsound
from dsp.files.sound import SoundReader
from dsp.files.write_errors import close_for_good, file_system_errors, open_for_writing

CENTRE = np.float32(0.5**0.5)
"""Gain of a mono sound in each channel: constant power in the centre."""

LOUDEST = 1 - 2.0**-15
"""Highest peak of the sum; a louder sum is turned down as a whole, never clipped."""

SHAPE = {"channels": STEREO, "format": "WAV", "subtype": "PCM_24"}


@dataclass(frozen=True, slots=True)
class Layer:
    """One sound of an excerpt."""

    source: Source
    starts_at: int = 0
    """Frame of song time on which the source's first frame falls."""
    gain: float = 1.0
    """Linear gain."""
    first: int = 0
    """First frame of the source that sounds."""
    last: int | None = None
    """Frame of the source after the last that sounds; None for its end."""

    def end(self, frames: int) -> int:
        """Frame of song time after the last audible one, for a source of *frames*."""
        return self.starts_at + (frames if self.last is None else min(frames, self.last))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A written excerpt."""

    path: Path
    rate: int
    frames: int
    turned_down: float
    """Factor by which the whole was turned down to fit; 1 if it was not."""


def write_excerpt(layers: Sequence[Layer], path: Path, *, start: int = 0, end: int | None = None) -> Excerpt:
    """Write the sum of *layers* from frame *start* of song time to before *end* as a 24-bit stereo WAV.

    Args:
        layers: at least one; mono and stereo mix freely.
        path: path of the new file.
        start: not before 0.
        end: default: the end of the longest layer.

    Raises:
        Unsound: a file cannot be read, the layers have several rates, or nothing lies between *start* and *end*.
    """
    readers = [SoundReader(layer.source) for layer in layers]
    try:
        rates = {reader.rate for reader in readers}
        if len(rates) != 1:
            raise Unsound(f"sounds of {' and '.join(map(str, sorted(rates)))} Hz cannot be heard at once")
        ends = [layer.end(reader.frames) for layer, reader in zip(layers, readers, strict=True)]
        last = min(max(ends), end) if end is not None else max(ends)
        if start >= last:
            raise Unsound("there is no sound in this stretch")
        pairs = list(zip(layers, readers, strict=True))
        peak = max(float(np.abs(block).max(initial=0.0)) for block in _sums(pairs, start, last))
        down = min(1.0, LOUDEST / peak) if peak > 0 else 1.0
        rate = rates.pop()
        descriptor, file = open_for_writing(path, SHAPE | {"samplerate": rate})
        try:
            for block in _sums(pairs, start, last):
                with file_system_errors(descriptor):
                    file.write((block * np.float32(down)).T)
        finally:
            close_for_good(descriptor, file)
        return Excerpt(path, rate, last - start, down)
    finally:
        for reader in readers:
            reader.close()


def _sums(pairs: Sequence[tuple[Layer, SoundReader]], start: int, last: int) -> Iterator[Audio]:
    """The sum, block by block."""
    for at in range(start, last, BLOCK_FRAMES):
        frames = min(BLOCK_FRAMES, last - at)
        out: Audio = np.zeros((STEREO, frames), np.float32)
        for layer, reader in pairs:
            own_at = at - layer.starts_at
            block = reader.read(own_at, frames)
            block[:, : max(0, layer.first - own_at)] = 0
            block[:, max(0, layer.end(reader.frames) - at) :] = 0
            own = block[:STEREO] if reader.channels >= STEREO else block * CENTRE
            out += own * np.float32(layer.gain)
        yield out
