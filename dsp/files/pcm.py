"""The pcm hash: the identity of a sound, whatever file holds it.

SHA-256 over, in this order:

* a tag, ASCII: ``takesheet-pcm-1`` for samples that float32 holds exactly, else ``takesheet-pcm64-1``;
* rate in Hz and channels, each an unsigned 32-bit integer, and frames, an unsigned 64-bit integer, all big-endian;
* the samples, interleaved (all channels of frame 0 first), as little-endian IEEE 754 numbers of 32 or 64 bits,
  full scale 1.0, with -0 as 0.

Equal samples in WAV, FLAC or RF64 therefore have one hash; another rate, channel order or length has another.
"""

import struct
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

TAG, TAG_WIDE = b"takesheet-pcm-1", b"takesheet-pcm64-1"
HEADER = struct.Struct(">IIQ")


class PcmHash:
    """Hashes a signal of known length block by block."""

    def __init__(self, rate: int, channels: int, frames: int, *, wide: bool = False) -> None:
        self._type = np.dtype("<f8" if wide else "<f4")
        self._hash = sha256((TAG_WIDE if wide else TAG) + HEADER.pack(rate, channels, frames))

    def add(self, interleaved: NDArray[np.floating[Any]]) -> None:
        """Add the next samples, shape (frames, channels)."""
        self._hash.update(np.ascontiguousarray(interleaved + 0, dtype=self._type).data)  # -0 + 0 is 0

    def hexdigest(self) -> str:
        """64 lower-case hexadecimal digits."""
        return self._hash.hexdigest()
