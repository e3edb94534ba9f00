"""Joined copy of the pieces of one recording: a WAV, beyond 4 GiB an RF64, of all their samples as they were stored.

Recorders split long takes at 2 or 4 GiB.  The recorder's metadata is that of the first piece, whose time stamp is that
of the whole.
"""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from dsp.audio import Unsound
from dsp.files.chunks import UNKNOWN_32, chunks_of, read_chunk
from dsp.files.extent import extent_of, pieces
from dsp.files.repair import FRAME_BYTES, MOST_CHUNK_BYTES, wave_chunk, wave_opening

FORMATS: Final = {"WAV", "WAVEX", "RF64"}
"""Formats, by their names in libsndfile, whose files can be joined."""
KEPT: Final = {b"bext", b"iXML"}
SAMPLES: Final = slice(0, 16)
"""Bytes of a ``fmt`` chunk that say code, channels, rate and bits."""


def joined_copy(paths: Sequence[Path]) -> Iterator[bytes]:
    """The bytes of one file that holds the sound of *paths*, one after the other; memory does not grow with them.

    Raises:
        Unsound: one of them is no WAV or RF64, is not closed, or differs from the first in its sample format.
    """
    first, head = _format(paths[0]), _metadata(paths[0])
    extents = [_extent(path, first) for path in paths]
    size = sum(length for _, length in extents)
    body = wave_chunk(b"fmt ", first) + head
    whole = 4 + len(body) + 8 + size + size % 2
    yield from wave_opening(whole, size, size // int.from_bytes(first[FRAME_BYTES], "little"))
    yield body + b"data" + struct.pack("<I", size if whole < UNKNOWN_32 else UNKNOWN_32)
    for path, (start, length) in zip(paths, extents, strict=True):
        with path.open("rb") as file:
            yield from pieces(file, start, length)
    yield bytes(size % 2)


def _format(path: Path) -> bytes:
    """Content of the ``fmt`` chunk of a WAV or RF64."""
    with path.open("rb") as file:
        format_ = next((read_chunk(file, chunk, most=64) for chunk in chunks_of(file) if chunk.name == b"fmt "), b"")
    if not int.from_bytes(format_[FRAME_BYTES], "little"):
        raise Unsound(f"{path.name} has no fmt chunk: nothing says of how many channels and bits its samples are")
    return format_


def _metadata(path: Path) -> bytes:
    """The chunks of *path* that its recorder wrote of it."""
    with path.open("rb") as file:
        kept = [chunk for chunk in chunks_of(file) if chunk.name in KEPT]
        return b"".join(wave_chunk(chunk.name, read_chunk(file, chunk, most=MOST_CHUNK_BYTES)) for chunk in kept)


def _extent(path: Path, first: bytes) -> tuple[int, int]:
    """Offset and size, in bytes, of the samples of *path*, whose format is that of *first*."""
    own = _format(path)
    if own[SAMPLES] != first[SAMPLES] or own[18:] != first[18:]:
        raise Unsound(f"{path.name} has another sample format than the piece before it")
    with path.open("rb") as file:
        extent = extent_of(file)
    if extent is None:
        raise Unsound(f"{path.name} holds no sound")
    extent.refuse()
    return extent.start, extent.there - extent.there % int.from_bytes(first[FRAME_BYTES], "little")
