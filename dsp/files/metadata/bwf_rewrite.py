"""Copy of a sound file with new metadata: streamed, its samples unchanged."""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dsp.files.chunks import UNKNOWN_32, Chunk, chunks_of, read_chunk
from dsp.files.metadata.bwf_metadata import BwfMetadata, Shape, bext, ixml

PIECE_BYTES: Final = 1 << 20
MOST_BEXT_BYTES: Final = 1 << 20
_FLOAT, _EXTENSIBLE = 3, 0xFFFE
_FMT: Final = struct.Struct("<HHIIHH")
_SUBFORMAT: Final = slice(24, 26)
"""Bytes of the subformat tag in an extensible format (mmreg.h, WAVEFORMATEXTENSIBLE)."""
_DS64_BYTES: Final = 28
_OURS: Final = {b"bext", b"iXML", b"ds64"}


def with_bwf_metadata(path: Path, slate: BwfMetadata | None) -> Iterator[bytes]:
    """The bytes of *path* with *slate* in place of its Broadcast Wave metadata.

    A WAV keeps its format unless it outgrows its header; then it becomes RF64 (EBU Tech 3306).  If the file is no WAV,
    or *slate* is None, its bytes are unchanged.  All other chunks stay, except those that exceed the file.
    """
    with path.open("rb") as file:
        wave = _wave(file) if slate else None
        if wave is None or slate is None:
            yield from _pieces(file, 0, os.fstat(file.fileno()).st_size)
        else:
            yield from wave.with_metadata(file, slate)


@dataclass(frozen=True, slots=True)
class Wave:
    """A WAV file by its chunks."""

    long: bool
    """True for RF64 or BW64, whose sizes lie in ``ds64``."""
    head: bytes
    ds64: bytes
    bext: bytes
    format: bytes
    kept: Sequence[tuple[Chunk, int]]
    """Chunks that are copied unchanged, ``data`` among them, with their sizes."""

    @property
    def shape(self) -> Shape:
        """The format in the ``fmt`` chunk."""
        tag, channels, rate, _, _, bits = _FMT.unpack_from(self.format)
        if tag == _EXTENSIBLE:
            tag = int.from_bytes(self.format[_SUBFORMAT], "little")
        return Shape(rate, channels, bits, is_float=tag == _FLOAT)

    def with_metadata(self, file: BinaryIO, slate: BwfMetadata) -> Iterator[bytes]:
        """The bytes of the file with the metadata *slate* before the samples."""
        stamp, xml = bext(slate, self.shape, self.bext), ixml(slate)
        new = _chunk(b"bext", stamp + bytes(len(stamp) % 2)) + _chunk(b"iXML", xml + b"\n" * (len(xml) % 2))
        size = 4 + len(new) + sum(8 + size + size % 2 for _, size in self.kept)
        long = self.long or size > UNKNOWN_32 - 1
        yield from self._opening(size, long=long)
        for chunk, length in self.kept:
            if chunk.name == b"data":
                yield new
                new = b""
            told = UNKNOWN_32 if chunk.name == b"data" and long else length
            yield chunk.name + struct.pack("<I", told)
            yield from _pieces(file, chunk.start, length)
            yield bytes(length % 2)

    def _opening(self, size: int, *, long: bool) -> Iterator[bytes]:
        if not long:
            yield b"RIFF" + struct.pack("<I", size) + b"WAVE"
            return
        sound = next(length for chunk, length in self.kept if chunk.name == b"data")
        block = _FMT.unpack_from(self.format)[4]
        rest = struct.pack("<Q", sound) + (self.ds64[16:] or struct.pack("<QI", sound // max(1, block), 0))
        ds64 = _chunk(b"ds64", struct.pack("<Q", size + 8 + 8 + len(rest)) + rest)
        yield (self.head if self.long else b"RF64") + struct.pack("<I", UNKNOWN_32) + b"WAVE" + ds64


def _wave(file: BinaryIO) -> Wave | None:
    """The chunks of a complete WAV file; None for any other file."""
    end = file.seek(0, os.SEEK_END)
    found = chunks_of(file)
    file.seek(0)
    head = file.read(4)
    whole = [(chunk, chunk.size) for chunk in found if chunk.size is not None and chunk.start + chunk.size <= end]
    named = {chunk.name: chunk for chunk, _ in reversed(whole)}
    long = head in {b"RF64", b"BW64"}
    if not (long or head == b"RIFF") or not {b"fmt ", b"data"} <= named.keys():
        return None
    told = {name: read_chunk(file, named[name], most=MOST_BEXT_BYTES) if name in named else b"" for name in _TOLD}
    if len(told[b"fmt "]) < _FMT.size or (long and len(told[b"ds64"]) < _DS64_BYTES):
        return None
    kept = [(chunk, size) for chunk, size in whole if chunk.name not in _OURS]
    return Wave(long, head, told[b"ds64"], told[b"bext"], told[b"fmt "], kept)


_TOLD: Final = (b"ds64", b"bext", b"fmt ")


def _chunk(name: bytes, content: bytes) -> bytes:
    assert len(content) % 2 == 0, "libsndfile looks for the next chunk of an RF64 without the byte that makes it even"
    return name + struct.pack("<I", len(content)) + content


def _pieces(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    file.seek(start)
    while size and (piece := file.read(min(size, PIECE_BYTES))):
        size -= len(piece)
        yield piece
