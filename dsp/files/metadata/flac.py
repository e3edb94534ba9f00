"""Metadata blocks of a FLAC file (RFC 9639, section 8): foreign chunks and Vorbis comments.

Only headers are read; a length that exceeds the file ends the list without an error.
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from dsp.files.chunks import MOST_CHUNKS, Chunk

COMMENTS: Final = b"vorb"
"""Name of the Vorbis comment block in the result."""
_APPLICATION, _COMMENTS = 2, 4
_HEAD, _FOREIGN = 4, 12
"""Bytes of a block's header; of an application id with the header of the chunk it keeps."""
_LAYOUTS: Final = {b"riff": "<4sI", b"aiff": ">4sI"}
"""Chunk header layout by application id, for applications that keep a whole chunk of a WAV or an AIFF."""
_MOST_COMMENTS: Final = 1024


def flac_chunks(file: BinaryIO) -> list[Chunk]:
    """Metadata chunks of a FLAC file in order; none for any other file."""
    file.seek(0)
    if file.read(4) != b"fLaC":
        return []
    return [chunk for chunk, _ in zip(_walk(file), range(MOST_CHUNKS), strict=False)]


def _walk(file: BinaryIO) -> Iterator[Chunk]:
    end, start, last = file.seek(0, os.SEEK_END), 4, False
    while not last and start + _HEAD <= end:
        file.seek(start)
        head = file.read(_HEAD)
        kind, size, last = head[0] & 0x7F, int.from_bytes(head[1:], "big"), bool(head[0] & 0x80)
        start += _HEAD
        if start + size > end:
            return
        if kind == _COMMENTS:
            yield Chunk(COMMENTS, start, size)
        elif kind == _APPLICATION and (chunk := _foreign(file.read(_FOREIGN), start, size)):
            yield chunk
        start += size


def _foreign(head: bytes, start: int, size: int) -> Chunk | None:
    """The chunk in an application block; None if it is incomplete, as the chunk of the samples always is."""
    layout = _LAYOUTS.get(head[:4])
    if layout is None or len(head) < _FOREIGN:
        return None
    name, length = struct.unpack(layout, head[4:])
    return Chunk(name, start + _FOREIGN, length) if _FOREIGN + length <= size else None


def comments(block: bytes) -> dict[str, str]:
    """The Vorbis comments in *block*, the first of each name, by upper-cased name; lengths are little-endian.

    A length that exceeds the block ends the list.
    """
    found: dict[str, str] = {}
    texts = _texts(block)
    for text, _ in zip(texts, range(_MOST_COMMENTS), strict=False):
        name, equals, value = text.partition(b"=")
        if equals:
            found.setdefault(name.decode("latin-1").upper(), value.decode("utf-8", "replace"))
    return found


def _texts(block: bytes) -> Iterator[bytes]:
    """Each comment, after the vendor string; the declared count is ignored."""
    at = 4 + int.from_bytes(block[:4], "little") + 4
    while at + 4 <= len(block):
        size = int.from_bytes(block[at : at + 4], "little")
        if at + 4 + size > len(block):
            return
        yield block[at + 4 : at + 4 + size]
        at += 4 + size
