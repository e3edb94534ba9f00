"""Scratch files: signals that a render reads more than once, in native byte order."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from dsp.audio import BLOCK_FRAMES, Audio


class Scratch:
    """A file of interleaved float32 samples without a header.

    A context manager that removes the file at its end.

    Args:
        path: path of the file; replaced if it exists.
        channels: channels of every block.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self._path, self._channels = path, channels
        self.frames = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.remove()

    def keep(self, blocks: Iterable[Audio]) -> Iterator[Audio]:
        """Yield *blocks*, shape (channels, frames) each, and write them to the file in place of its content."""
        self.frames = 0
        with self._path.open("wb") as file:
            for block in blocks:
                file.write(np.ascontiguousarray(block.T, np.float32).data)  # `tofile` gives no errno on a full disk
                self.frames += block.shape[1]
                yield block

    def blocks(self) -> Iterator[Audio]:
        """The blocks in the file, on the fixed grid."""
        with self._path.open("rb") as file:
            for _ in range(0, self.frames, BLOCK_FRAMES):
                yield np.fromfile(file, np.float32, BLOCK_FRAMES * self._channels).reshape(-1, self._channels).T

    def remove(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)
        self.frames = 0
