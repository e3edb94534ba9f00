"""The listening print: louder and limited, beside the unlimited print that a master is made from."""

from types import TracebackType
from typing import Self

import numpy as np

from domain.recipe import Listen
from dsp.audio import STEREO, Audio, Printed
from dsp.files.sound import SoundWriter
from dsp.kernels.maths import amplitude
from dsp.limit.limiter import Limiter


class ListenWriter:
    """Writes blocks through a limiter to a :class:`dsp.files.sound.SoundWriter`, which it also closes."""

    def __init__(self, file: SoundWriter, listen: Listen) -> None:
        self._file, self._gain = file, np.float32(amplitude(float(listen.gain_db)))
        self._limiter = Limiter(file.rate, STEREO, amplitude(float(listen.ceiling_dbtp)))

    def __enter__(self) -> Self:
        self._file.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.__exit__(kind, error, at)

    def write(self, block: Audio) -> None:
        """Write the next frames, shape (2, frames)."""
        self._file.write(self._limiter.process(block * self._gain))

    def close(self) -> Printed:
        """Write the remaining frames and close the file."""
        self._file.write(self._limiter.flush())
        return self._file.close()
