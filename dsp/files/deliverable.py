"""Writing the file that leaves the house: integers as we rounded them, in plain WAV."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from dsp.audio import Printed
from dsp.files.door import WRITING
from dsp.files.pcm import PcmHash

MOST_WAV_BYTES = 2**32 - 2**16
"""What a WAV can say of its length, less some room for the header; a longer one becomes RF64."""


class PcmWriter:
    """Writes 16- or 24-bit PCM; libsndfile scales nothing, and the bytes depend on the samples alone.

    A context manager, as :class:`dsp.files.sound.Writer` is.

    Args:
        path: of the new file, which is replaced if it exists.
        rate: Hz.
        channels: at least 1.
        bits: 16 or 24.
        frames: how many will be written.
        name: of the print.
    """

    def __init__(self, path: Path, rate: int, channels: int, bits: int, frames: int, *, name: str) -> None:
        self._bits = bits
        self._printed = Printed(name, path, "", rate, frames, channels)
        self._hash = PcmHash(rate, channels, frames)
        self._written = 0
        self._descriptor = os.open(path, WRITING, 0o644)
        container = "WAV" if frames * channels * bits // 8 < MOST_WAV_BYTES else "RF64"
        shape = {"samplerate": rate, "channels": channels, "format": container, "subtype": f"PCM_{bits}"}
        self._sound = soundfile.SoundFile(self._descriptor, "w", closefd=False, **shape)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if not self._sound.closed:
            self._sound.close()
            os.fsync(self._descriptor)
            os.close(self._descriptor)
        if kind is None and self._written != self._printed.frames:
            raise ValueError(f"{self._printed.frames} frames were promised, {self._written} were written")

    def write(self, block: NDArray[np.int32]) -> None:
        """Append integers, shape (channels, frames)."""
        interleaved = np.ascontiguousarray(block.T)
        self._sound.write(interleaved << (32 - self._bits))  # libsndfile keeps the upper bits
        self._hash.add(interleaved.astype(np.float32) / np.float32(1 << (self._bits - 1)))
        self._written += len(interleaved)

    @property
    def printed(self) -> Printed:
        """What was written; right once the block has ended."""
        one = self._printed
        return Printed(one.name, one.path, self._hash.hexdigest(), one.rate, one.frames, one.channels)
