"""Writer of deliverables: integer PCM, already quantised by us, in plain WAV."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Printed
from dsp.files.pcm import PcmHash
from dsp.files.write_errors import close_for_good, file_system_errors, open_for_writing

MOST_WAV_BYTES = 2**32 - 2**16
"""Bytes of samples that a WAV can declare, less room for the header; longer files become RF64."""


class PcmWriter:
    """Writes 16- or 24-bit PCM; libsndfile scales nothing, and the bytes depend on the samples alone.

    A context manager like :class:`dsp.files.sound.SoundWriter`.

    Args:
        path: path of the new file, replaced if it exists.
        rate: Hz.
        channels: at least 1.
        bits: 16 or 24.
        frames: number of frames that will be written.
        name: name of the print.
    """

    def __init__(self, path: Path, rate: int, channels: int, bits: int, frames: int, *, name: str) -> None:
        self._bits = bits
        self._printed = Printed(name, path, "", rate, frames, channels)
        self._hash = PcmHash(rate, channels, frames)
        self._written = 0
        container = "WAV" if frames * channels * bits // 8 < MOST_WAV_BYTES else "RF64"
        shape = {"samplerate": rate, "channels": channels, "format": container, "subtype": f"PCM_{bits}"}
        self._descriptor, self._sound = open_for_writing(path, shape)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if not self._sound.closed:
            close_for_good(self._descriptor, self._sound)
        if kind is None and self._written != self._printed.frames:
            raise ValueError(f"{self._printed.frames} frames were promised, {self._written} were written")

    def write(self, block: NDArray[np.int32]) -> None:
        """Append integers, shape (channels, frames)."""
        interleaved = np.ascontiguousarray(block.T)
        with file_system_errors(self._descriptor):
            self._sound.write(interleaved << (32 - self._bits))  # libsndfile keeps the upper bits
        self._hash.add(interleaved.astype(np.float32) / np.float32(1 << (self._bits - 1)))
        self._written += len(interleaved)

    @property
    def printed(self) -> Printed:
        """The file that was written; its hash is final once the context has ended."""
        one = self._printed
        return Printed(one.name, one.path, self._hash.hexdigest(), one.rate, one.frames, one.channels)
