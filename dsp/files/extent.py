"""Extent of the sound in a file: the bytes that its header declares, and the bytes that lie there.

A recorder writes the sizes last.  If it loses power before, the header says 0 or nothing, and the sound lies behind it;
beyond 4 GiB some write the size modulo 2^32 (RIFF 1.0 has 32 bits for it).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from dsp.audio import Unsound
from dsp.files.chunks import KNOWN, SOUND, W64_HEADER_BYTES, W64_RIFF, Chunk, chunks_of

SHORTEST_TAIL_BYTES: Final = 4096
"""Least bytes behind the sound that are told to be sound; less is what a card or a program left there."""
WRAP: Final = 1 << 32
MOST_WRAPS: Final = 64
PIECE_BYTES: Final = 1 << 20
COPY: Final = "`take repair FILE OUT` writes a closed copy"


@dataclass(frozen=True, slots=True)
class SoundExtent:
    """Place and size of the sound, in bytes."""

    start: int
    """Offset of the first sample."""
    declared: int | None
    """Size by the header; None if it gives none."""
    there: int
    """Bytes of sound that lie in the file."""
    open_end: bool = False
    """True if the format lets the sound reach to the end of the file (CAF, a data chunk of size -1)."""

    def refuse(self) -> None:
        """Raises: Unsound; the header and the sound disagree."""
        if self.declared == self.there or self.open_end:
            return
        if not self.declared:
            raise Unsound(f"never closed: {self.there:,} bytes of sound lie behind a header that says none; {COPY}")
        if self.there < self.declared:
            missing = self.declared - self.there
            raise Unsound(
                f"it is truncated: {missing:,} bytes of the sound its header promises are not there; {COPY} of the rest"
            )
        more = self.there - self.declared
        raise Unsound(
            f"its header says {self.declared:,} bytes of sound, and {more:,} bytes that are no chunk lie behind them; "
            f"{COPY} with all of it"
        )


def extent_of(file: BinaryIO) -> SoundExtent | None:
    """Extent of the sound in *file*; None if it has no sound chunk, or is no chunked file."""
    end = file.seek(0, os.SEEK_END)
    sound = next((chunk for chunk in chunks_of(file) if chunk.name in SOUND), None)
    if sound is None:
        return None
    file.seek(0)
    head = file.read(16)
    lead = {b"FORM": 8, b"caff": 4}.get(head[:4], 0)
    start = min(sound.start + lead, end)
    if sound.size is None:
        return SoundExtent(start, None, end - start, open_end=head[:4] == b"caff")
    declared = max(0, sound.size - lead)
    if start + declared >= end:
        return SoundExtent(start, declared, end - start)
    return SoundExtent(start, declared, _there(file, head, sound, start, end))


def _there(file: BinaryIO, head: bytes, sound: Chunk, start: int, end: int) -> int:
    """Bytes of sound from *start* on, in a file that goes on behind its sound chunk."""
    behind = sound.start + (sound.size or 0)
    declared = max(0, behind - start)
    wave64 = head == W64_RIFF
    if any(_is_chunk(file, at, end, head, wave64=wave64) for at in _next(behind, wave64=wave64)):
        return declared
    if declared and (end - behind < SHORTEST_TAIL_BYTES or _is_filling(file, behind, end)):
        return declared
    for turn in range(1, MOST_WRAPS):
        at = start + declared + turn * WRAP
        if at >= end:
            break
        if any(_is_chunk(file, one, end, head, wave64=wave64) for one in _next(at, wave64=wave64)):
            return declared + turn * WRAP
    return end - start


def _next(behind: int, *, wave64: bool) -> tuple[int, ...]:
    """Offsets at which a chunk may begin that follows one ending at *behind*."""
    return ((behind + 7) // 8 * 8,) if wave64 else (behind, behind + behind % 2)


def _is_chunk(file: BinaryIO, at: int, end: int, head: bytes, *, wave64: bool) -> bool:
    """True if a chunk with a name begins at *at* and ends in the file, or has a known name."""
    file.seek(at)
    raw = file.read(24)
    name = raw[:4]
    if len(name) < 4 or any(not 0x20 <= byte < 0x7F for byte in name):  # noqa: PLR2004 - printable ASCII
        return False
    if wave64:
        size = int.from_bytes(raw[16:24], "little")
        return W64_HEADER_BYTES <= size <= end - at
    if name in KNOWN:
        return True
    if head[:4] == b"caff":
        return 0 <= int.from_bytes(raw[4:12], "big", signed=True) <= end - at - 12
    return int.from_bytes(raw[4:8], "big" if head[:4] == b"FORM" else "little") <= end - at - 8


def _is_filling(file: BinaryIO, start: int, end: int) -> bool:
    """True if one byte value fills the file from *start* to *end*, as cards and recorders leave it."""
    first: bytes | None = None
    for piece in pieces(file, start, end - start):
        first = first or piece[:1]
        if piece.strip(first):
            return False
    return True


def pieces(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    """*size* bytes of *file* from *start* on, or fewer where it ends, in pieces of 1 MiB."""
    file.seek(start)
    while size > 0 and (piece := file.read(min(size, PIECE_BYTES))):
        size -= len(piece)
        yield piece
