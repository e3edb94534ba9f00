"""Closed copy of a sound file whose header is wrong or unusual: the same samples, and sizes that agree with them.

WAV and RF64 are written anew, chunk by chunk; AIFF, Wave64 and CAF keep their bytes but for the sizes.
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from dsp.audio import Unsound
from dsp.files.chunks import SOUND, UNKNOWN_32, W64_HEADER_BYTES, W64_RIFF, Chunk, chunks_of, read_chunk
from dsp.files.extent import SoundExtent, extent_of, pieces
from dsp.files.variants import FLOAT, LITTLE_ENDIAN, SUBFORMAT, is_ambisonic, is_half_float, size_of

MOST_CHUNK_BYTES: Final = 1 << 24
PCM_GUID: Final = bytes.fromhex("000000001000800000aa00389b71")
"""Last 14 bytes of the subformats of plain samples (mmreg.h, KSDATAFORMAT_SUBTYPE_WAVEFORMATEX)."""
FRAME_BYTES: Final = slice(12, 14)
LEFT_OUT: Final = {b"ds64", b"JUNK", b"junk"}


def closed_copy(path: Path) -> Iterator[bytes]:
    """The bytes of a closed copy of *path*.

    Raises:
        Unsound: no sound is found in it, or it is no WAV, RF64, Wave64, AIFF or CAF.
    """
    with path.open("rb") as file:
        extent = extent_of(file)
        if extent is None or not extent.there:
            raise Unsound("no sound is found behind its header")
        file.seek(0)
        head = file.read(16)
        if head[:4] in {b"RIFF", b"RF64", b"BW64"}:
            yield from _wave(file, extent)
        else:
            last, patches = _sizes(file, head, extent)
            yield from _patched(file, last, patches)


def _wave(file: BinaryIO, extent: SoundExtent) -> Iterator[bytes]:
    found = chunks_of(file)
    kept = [chunk for chunk in found if chunk.name not in LEFT_OUT | {b"data", b"fmt "}]
    if extent.declared != extent.there:  # what was read as chunks behind the data is sound
        kept = [chunk for chunk in kept if chunk.start < extent.start]
    format_ = next((read_chunk(file, chunk, most=64) for chunk in found if chunk.name == b"fmt "), b"")
    frame = int.from_bytes(format_[FRAME_BYTES], "little")
    if not frame:
        raise Unsound("it has no fmt chunk: nothing says of how many channels and bits its samples are")
    there, half = extent.there - extent.there % frame, is_half_float(format_)
    size = 2 * there if half else there
    texts = [wave_chunk(chunk.name, read_chunk(file, chunk, most=MOST_CHUNK_BYTES)) for chunk in kept]
    body = wave_chunk(b"fmt ", _plain(format_)) + b"".join(texts)
    whole = 4 + len(body) + 8 + size + size % 2
    yield from wave_opening(whole, size, size // (2 * frame if half else frame))
    yield body + b"data" + struct.pack("<I", size if whole < UNKNOWN_32 else UNKNOWN_32)
    for piece in pieces(file, extent.start, there):
        yield np.frombuffer(piece, "<f2").astype("<f4").tobytes() if half else piece
    yield bytes(size % 2)


def _plain(format_: bytes) -> bytes:
    """The content of a ``fmt`` chunk for plain samples: ambisonic ones become so, floats of 16 bits those of 32."""
    if is_ambisonic(format_):
        return format_[: SUBFORMAT.start] + format_[SUBFORMAT][:1] + b"\0" + PCM_GUID
    if not is_half_float(format_):
        return format_
    _, channels, rate = struct.unpack_from("<HHI", format_)
    return struct.pack("<HHIIHHH", FLOAT, channels, rate, 4 * rate * channels, 4 * channels, 32, 0)


def wave_opening(whole: int, size: int, frames: int) -> Iterator[bytes]:
    """The first bytes of a WAV; of an RF64 (EBU Tech 3306) if *whole* exceeds 32 bits."""
    if whole < UNKNOWN_32:
        yield b"RIFF" + struct.pack("<I", whole) + b"WAVE"
    else:
        sizes = struct.pack("<QQQI", whole + 36, size, frames, 0)
        yield b"RF64" + struct.pack("<I", UNKNOWN_32) + b"WAVE" + wave_chunk(b"ds64", sizes)


def wave_chunk(name: bytes, content: bytes) -> bytes:
    """A RIFF chunk, with its pad byte."""
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _sizes(file: BinaryIO, head: bytes, extent: SoundExtent) -> tuple[int, Mapping[int, bytes]]:
    """Size of the copy of an AIFF, Wave64 or CAF, and new bytes by their offset."""
    found = chunks_of(file)
    sound = next(chunk for chunk in found if chunk.name in SOUND)
    whole = extent.declared == extent.there
    last = size_of(file) if whole else extent.start + extent.there
    if head == W64_RIFF:
        size = extent.there + W64_HEADER_BYTES
        return last, {16: struct.pack("<Q", last), sound.start - 8: struct.pack("<Q", size)}
    if head[:4] == b"caff":
        return last, {sound.start - 8: struct.pack(">q", last - sound.start)}
    common = next((chunk for chunk in found if chunk.name == b"COMM"), None)
    if common is None:
        raise Unsound("it has no COMM chunk: nothing says of how many channels and bits its samples are")
    size = extent.start + extent.there - sound.start
    patches = {4: struct.pack(">I", last - 8), sound.start - 4: struct.pack(">I", size)}
    return last, patches | _common(read_chunk(file, common, most=22), common, extent)


def _common(raw: bytes, chunk: Chunk, extent: SoundExtent) -> dict[int, bytes]:
    """New bytes of a ``COMM`` chunk (AIFF 1.3, AIFF-C 1991): the number of frames, and the compression type."""
    channels, bits = int.from_bytes(raw[:2], "big"), int.from_bytes(raw[6:8], "big")
    frame = channels * ((bits + 7) // 8)
    frames = {chunk.start + 2: struct.pack(">I", extent.there // frame)} if frame else {}
    known = LITTLE_ENDIAN.get(raw[18:22])
    return frames | ({chunk.start + 18: known} if known else {})


def _patched(file: BinaryIO, last: int, patches: Mapping[int, bytes]) -> Iterator[bytes]:
    at = 0
    for offset, new in sorted(patches.items()):
        yield from pieces(file, at, offset - at)
        yield new
        at = offset + len(new)
    yield from pieces(file, at, last - at)
