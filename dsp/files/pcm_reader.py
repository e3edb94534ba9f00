"""Fast reader of WAV samples from raw bytes: four times as fast as libsndfile, with equal results.

It takes WAV and RF64 files of 16 or 24 bits or 32-bit float with one complete data chunk whose length agrees with
libsndfile; all other files are left to libsndfile.
"""

import os
import struct
import sys
from dataclasses import dataclass
from typing import Self

import numpy as np

from dsp.audio import Audio, Unsound
from dsp.files.chunks import SOUND, chunks_of, read_chunk
from dsp.files.open_sound_file import OpenFile
from dsp.kernels.pcm import from_24_bits

SAMPLE_BYTES = {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}
FORMATS = {"WAV", "WAVEX", "RF64"}
FORMAT = struct.Struct("<HHIIHH")
"""Tag, channels, rate, bytes a second, bytes a frame, bits a sample (Microsoft, WAVEFORMATEX)."""
MOST_FRAMES = 65_536
"""Most frames read at a time."""
OF_16_BITS = np.float32(2.0**-15)


@dataclass(frozen=True, slots=True)
class PlainSamples:
    """Position and format of the samples in an open file."""

    descriptor: int
    subtype: str
    channels: int
    begins: int
    """Offset of the first frame, in bytes."""

    @classmethod
    def of(cls, file: OpenFile) -> Self | None:
        """The samples of *file*; None if its format is left to libsndfile."""
        sound = file.sound
        if sound.format not in FORMATS or sound.subtype not in SAMPLE_BYTES or sys.byteorder != "little":
            return None
        position = os.lseek(file.descriptor, 0, os.SEEK_CUR)  # libsndfile continues reading from there
        with os.fdopen(file.descriptor, "rb", closefd=False) as raw:
            chunks = [chunk for chunk in chunks_of(raw) if chunk.name in {b"fmt ", *SOUND}]
            words = [read_chunk(raw, chunk, most=FORMAT.size) for chunk in chunks[:1]]
        os.lseek(file.descriptor, position, os.SEEK_SET)
        if [chunk.name for chunk in chunks] != [b"fmt ", b"data"] or len(words[0]) < FORMAT.size:
            return None
        bytes_each = SAMPLE_BYTES[sound.subtype]
        _, channels, _, _, frame_bytes, bits = FORMAT.unpack(words[0])
        there = min(chunks[1].size or 0, os.fstat(file.descriptor).st_size - chunks[1].start)
        agreed = (channels, frame_bytes, bits) == (sound.channels, channels * bytes_each, 8 * bytes_each)
        if not agreed or there // frame_bytes != sound.frames:
            return None
        return cls(file.descriptor, sound.subtype, channels, chunks[1].start)

    def read_into(self, out: Audio, piece: slice, first: int, *, channel: int) -> None:
        """Fill a *piece* of *out* with the file's frames from *first* on.

        Args:
            out: shape (channels wanted, frames), C-contiguous.
            piece: range of *out*'s frames; the file must have as many from *first* on.
            first: first frame of the file.
            channel: channel of the file that becomes the first of *out*.

        Raises:
            Unsound: the file has become shorter since it was opened.
        """
        for start in range(piece.start, piece.stop, MOST_FRAMES):
            frames = min(MOST_FRAMES, piece.stop - start)
            raw = self._bytes(first + start - piece.start, frames)
            if self.subtype == "PCM_24":
                from_24_bits(np.frombuffer(raw, np.uint8), self.channels, channel, start, out)
                continue
            whole = np.frombuffer(raw, np.int16 if self.subtype == "PCM_16" else np.float32).reshape(-1, self.channels)
            wanted, target = whole[:, channel : channel + len(out)].T, out[:, start : start + frames]
            if self.subtype == "PCM_16":
                np.multiply(wanted, OF_16_BITS, out=target, dtype=np.float32)
            else:
                target[:] = wanted

    def _bytes(self, first: int, frames: int) -> bytes:
        frame_bytes = self.channels * SAMPLE_BYTES[self.subtype]
        at, size = self.begins + first * frame_bytes, frames * frame_bytes
        raw = os.pread(self.descriptor, size, at)
        while len(raw) < size:
            more = os.pread(self.descriptor, size - len(raw), at + len(raw))
            if not more:
                raise Unsound("it is truncated: since it was opened, its end was taken away")
            raw += more
        return raw
