"""Conversion of 24-bit samples, which no array type has, to float32."""

import numpy as np
from numba import void
from numba.core.types import Array, f4, i8, u1
from numpy.typing import NDArray

from dsp.kernels import kernel

Bytes = NDArray[np.uint8]
Block = NDArray[np.float32]

FULL_SCALE = np.float32(2.0**-23)


@kernel(void(Array(u1, 1, "C", readonly=True), i8, i8, i8, f4[:, ::1]))
def from_24_bits(raw: Bytes, channels: int, first: int, start: int, out: Block) -> None:
    """Convert interleaved little-endian 24-bit samples to float32 of full scale 1.0, exactly.

    Args:
        raw: whole frames.
        channels: channels of each frame.
        first: the channel that becomes the first of *out*; the following ones come after it.
        start: first frame of *out* to write.
        out: shape (channels wanted, frames).
    """
    frames = raw.shape[0] // (3 * channels)
    for channel in range(out.shape[0]):
        line = out[channel, start : start + frames]
        mine = raw[3 * (first + channel) :]
        for n in range(frames):
            k = 3 * channels * n
            low, middle, high = np.int32(mine[k]), np.int32(mine[k + 1]), np.int32(np.int8(mine[k + 2]))
            line[n] = np.float32(low | (middle << 8) | (high << 16)) * FULL_SCALE
