"""Chunks of a sound file: the start and declared size of each.

Only headers are read.  libsndfile silently shortens a truncated file; :func:`missing_bytes` detects it.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

MOST_CHUNKS = 4096
"""Most chunks that are read; a sound file has a dozen, more means garbage or an attack."""

UNKNOWN_32 = 0xFFFF_FFFF
W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")  # Sony Wave64 specification, section 3
W64_HEADER_BYTES = 24
CAF_HEADER_BYTES = 8
SOUND = {b"data", b"SSND"}
KNOWN = {
    b"fmt ", b"data", b"fact", b"bext", b"iXML", b"axml", b"LIST", b"JUNK", b"PAD ", b"cue ", b"smpl", b"inst",
    b"umid", b"minf", b"regn", b"elm1", b"COMM", b"SSND", b"FVER", b"MARK", b"APPL",
}  # fmt: skip
"""Names of chunks after which a missing pad byte is looked for."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of a file; ``size`` None means that the header does not give one."""

    name: bytes
    start: int
    size: int | None
    padded: bool = True
    """False if its size is odd and the byte is missing that makes it even (RIFF 1.0)."""


def chunks_of(file: BinaryIO) -> list[Chunk]:
    """The top-level chunks of a RIFF, RF64, BW64, AIFF, Wave64 or CAF file in order; none for any other file.

    Invalid bytes end the list without an error; the chunks before them are returned.
    """
    file.seek(0)
    head = file.read(40)
    if head[:4] in {b"RIFF", b"RF64", b"BW64"}:
        walk = _riff(file, "<4sI", 12)
    elif head[:4] == b"FORM":
        walk = _riff(file, ">4sI", 12)
    elif head[:16] == W64_RIFF:
        walk = _wave64(file)
    elif head[:4] == b"caff":
        walk = _caf(file)
    else:
        return []
    return [chunk for chunk, _ in zip(walk, range(MOST_CHUNKS), strict=False)]


def read_chunk(file: BinaryIO, chunk: Chunk, *, most: int) -> bytes:
    """The content of *chunk*, at most *most* bytes of it."""
    file.seek(chunk.start)
    return file.read(min(chunk.size or 0, most))


def _riff(file: BinaryIO, layout: str, first: int) -> Iterator[Chunk]:
    at = first
    sound_bytes: int | None = None
    while (found := _unpack(file, at, layout)) is not None:
        name, start = found[0], at + 8
        size: int | None = found[1]
        if name == b"ds64":
            sound_bytes = _ds64_sound_bytes(file, start)
        elif size == UNKNOWN_32:
            size = sound_bytes if name == b"data" else None
        padded = size is None or not _lacks_pad(file, start + size, size)
        yield Chunk(name, start, size, padded)
        if size is None:
            return
        at = start + size + (size % 2 if padded else 0)


def _lacks_pad(file: BinaryIO, end: int, size: int) -> bool:
    """True if a known chunk begins right behind one of odd *size*, where its pad byte should be."""
    if size % 2 == 0 or end >= file.seek(0, os.SEEK_END):
        return False
    file.seek(end)
    behind = file.read(5)
    return behind[:4] in KNOWN and behind[1:] not in KNOWN


def _ds64_sound_bytes(file: BinaryIO, start: int) -> int | None:
    """The size of the data chunk as a ds64 chunk declares it, after the file's size (EBU Tech 3306, section 3)."""
    found = _unpack(file, start, "<QQ")
    return None if found is None else found[1]


def _wave64(file: BinaryIO) -> Iterator[Chunk]:
    at = 40
    while (found := _unpack(file, at, "<16sQ")) is not None and found[1] >= W64_HEADER_BYTES:
        name, size = found
        yield Chunk(name[:4], at + W64_HEADER_BYTES, size - W64_HEADER_BYTES)
        at += (size + 7) // 8 * 8


def _caf(file: BinaryIO) -> Iterator[Chunk]:
    at = CAF_HEADER_BYTES
    while (found := _unpack(file, at, ">4sq")) is not None:
        name, size = found
        yield Chunk(name, at + 12, None if size < 0 else size)
        if size < 0:
            return
        at += 12 + size


def _unpack(file: BinaryIO, at: int, layout: str) -> tuple[Any, int] | None:
    if at >= file.seek(0, os.SEEK_END):  # no file system takes every offset that a header may name
        return None
    file.seek(at)
    raw = file.read(struct.calcsize(layout))
    if len(raw) < struct.calcsize(layout):
        return None
    first, second = struct.unpack(layout, raw)
    return first, second
