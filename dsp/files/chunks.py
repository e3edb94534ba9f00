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


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of a file; ``size`` None means that the header does not give one."""

    name: bytes
    start: int
    size: int | None


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


def missing_bytes(file: BinaryIO) -> int | None:
    """Bytes of sound that the header declares beyond the end of the file; None if it gives no size."""
    end = file.seek(0, os.SEEK_END)
    for chunk in chunks_of(file):
        if chunk.name in SOUND:
            return None if chunk.size is None else max(0, chunk.start + chunk.size - end)
    return 0


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
        yield Chunk(name, start, size)
        if size is None:
            return
        at = start + size + size % 2


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
