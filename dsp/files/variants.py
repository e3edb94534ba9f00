"""Legal variants of WAV, AIFF-C and CAF that libsndfile cannot open, and faults of chunks that keep it from opening.

Each is named in one sentence; :mod:`dsp.files.repair` writes a copy that can be opened.
"""

import os
from collections.abc import Sequence
from typing import BinaryIO, Final

from dsp.files.chunks import Chunk, chunks_of, read_chunk
from dsp.files.extent import extent_of

AMBISONIC: Final = bytes.fromhex("00002107")
"""Bytes 2 to 6 of the subformats of ambisonic B-format in ``WAVEFORMATEXTENSIBLE`` (Dobson, 2000)."""
SUBFORMAT: Final = slice(24, 40)
EXTENSIBLE, FLOAT = 0xFFFE, 3
HALF_BITS: Final = 16
LITTLE_ENDIAN: Final = {b"42ni": b"sowt", b"23ni": b""}
"""Compression types of AIFF-C for little-endian integers, and the ones by which libsndfile knows them."""
COPY: Final = "`take repair FILE OUT` writes a copy that can be read"


def variant_of(file: BinaryIO) -> str | None:
    """The reason why libsndfile cannot open *file*, in one sentence; None if no reason is known."""
    found = chunks_of(file)
    if not found:
        return None
    file.seek(0)
    head = file.read(4)
    if head == b"caff":
        extent = extent_of(file)
        if extent and extent.open_end:
            return f"its CAF data chunk has the size -1, so that its sound reaches to the end of the file; {COPY}"
        return None
    if head == b"FORM":
        return _aifc(file, found)
    return _wave(file, found)


def _aifc(file: BinaryIO, found: Sequence[Chunk]) -> str | None:
    for chunk in found:
        kind = read_chunk(file, chunk, most=22)[18:22] if chunk.name == b"COMM" else b""
        if LITTLE_ENDIAN.get(kind):
            return f"it is AIFF-C of the type {kind.decode()}, little-endian integers; {COPY}"
    return None


def _wave(file: BinaryIO, found: Sequence[Chunk]) -> str | None:
    if odd := next((chunk for chunk in found if not chunk.padded), None):
        name = odd.name.decode("ascii", "replace").strip()
        return f"its {name} chunk has an odd size and lacks its pad byte; {COPY}"
    names = [chunk.name for chunk in found]
    if b"fmt " not in names or b"data" not in names:
        return None
    if names.index(b"fmt ") > names.index(b"data"):
        return f"its fmt chunk lies behind its sound; {COPY}"
    return _format(read_chunk(file, found[names.index(b"fmt ")], most=40))


def _format(raw: bytes) -> str | None:
    """The reason by the content of a ``fmt`` chunk (Microsoft, WAVEFORMATEX)."""
    if len(raw) < HALF_BITS:
        return None
    channels, rate, bits = (int.from_bytes(raw[part], "little") for part in (slice(2, 4), slice(4, 8), slice(14, 16)))
    if is_ambisonic(raw):
        return f"it is ambisonic B-format of {channels} channels; {COPY}, whose channels are plain ones"
    if is_half_float(raw):
        return f"its samples are floats of 16 bits; {COPY}, as floats of 32 bits"
    return f"its header says {channels} channels of {bits} bits at {rate} Hz, which no recording has"


def is_ambisonic(raw: bytes) -> bool:
    """True if the ``fmt`` chunk *raw* is of ambisonic B-format."""
    return raw[:2] == EXTENSIBLE.to_bytes(2, "little") and raw[SUBFORMAT][2:6] == AMBISONIC


def is_half_float(raw: bytes) -> bool:
    """True if the ``fmt`` chunk *raw* is of 16-bit floats."""
    return raw[:2] == FLOAT.to_bytes(2, "little") and raw[14:16] == HALF_BITS.to_bytes(2, "little")


def size_of(file: BinaryIO) -> int:
    """Bytes of *file*."""
    return file.seek(0, os.SEEK_END)
