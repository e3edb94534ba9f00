"""Photos of setups: JPEG and PNG files, checked byte by byte and copied without their metadata.

A camera writes into a photo where and when it was taken, by which device, and often a second, smaller picture.  None of
that enters the store: the copy holds the picture, its colours, and which side is up.

Formats: JPEG, ITU-T T.81 annex B; the orientation, Exif 2.32 section 4.6.4; PNG, ISO/IEC 15948.
"""

from collections.abc import Iterator
from pathlib import Path
from struct import error as UnreadableNumber  # noqa: N812 - a class with the name of a module's function
from struct import pack, unpack_from
from typing import Final
from zlib import crc32

from domain.core.refusal import Misused
from orchestrator.desk.song.song_facts import refuse_unfit

LARGEST_PHOTO: Final = 32 * 1024 * 1024
"""Bytes of a photo."""
MOST_PIXELS: Final = 256_000_000

JPEG: Final = b"\xff\xd8"
PNG: Final = b"\x89PNG\r\n\x1a\n"
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of frame headers, which state the size of the picture."""
_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
_SCAN, _END, _EXIF, _COLOURS, _ADOBE = 0xDA, 0xD9, 0xE1, 0xE2, 0xEE
_RESTARTS: Final = frozenset({0x00, *range(0xD0, 0xD8)})
"""Bytes after 0xFF that belong to a scan."""
_ORIENTATION: Final = 0x0112
_SIDES: Final = range(2, 9)
"""Values of the orientation that turn or mirror the picture."""
_KEPT_CHUNKS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD"}
)


def read_photo(file: Path) -> bytes:
    """The picture in *file*, without metadata.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``file.unfit``, it is no plain file, empty or too large; ``setup.photo``, no whole JPEG or PNG.
    """
    refuse_unfit(file, LARGEST_PHOTO)
    with file.open("rb") as reading:
        data = reading.read(LARGEST_PHOTO)
    return bare_photo(data, file.name)


def bare_photo(data: bytes, name: str) -> bytes:
    """The picture of *data*, a JPEG or PNG file called *name*, without metadata.  Raises: Misused ``setup.photo``."""
    try:
        if data.startswith(PNG):
            return PNG + b"".join(_png_chunks(data))
        if data.startswith(JPEG):
            return JPEG + b"".join(_jpeg_segments(data))
    except (_BrokenPhotoError, UnreadableNumber, IndexError) as broken:
        reason = str(broken) if isinstance(broken, _BrokenPhotoError) else "it ends too early"
        raise Misused("setup.photo", f"{name} is no whole photo: {reason}") from None
    raise Misused("setup.photo", f"{name} is neither JPEG nor PNG; export it as one of them")


class _BrokenPhotoError(Exception):
    """A photo does not follow its format."""


def _png_chunks(data: bytes) -> Iterator[bytes]:
    at, kinds = len(PNG), list[bytes]()
    while not kinds or kinds[-1] != b"IEND":
        length, kind = unpack_from(">I4s", data, at)
        end = at + 12 + length
        [checksum] = unpack_from(">I", data, end - 4)
        if checksum != crc32(data[at + 4 : end - 4]):
            raise _BrokenPhotoError(f"a checksum is wrong at byte {at}")
        if not kinds:
            if kind != b"IHDR":
                raise _BrokenPhotoError("it does not begin with its size")
            _refuse_size(*unpack_from(">II", data, at + 8))
        if kind in _KEPT_CHUNKS:
            yield data[at:end]
        kinds.append(kind)
        at = end
    if b"IDAT" not in kinds:
        raise _BrokenPhotoError("it holds no picture")


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    """The segments of which the picture is made, behind one that says which side is up if it is turned."""
    segments = [*_all_segments(data)]
    markers = {marker for marker, _ in segments}
    if _SCAN not in markers or not markers & _SIZES:
        raise _BrokenPhotoError("it holds no picture")
    sides = (_orientation(segment[4:]) for marker, segment in segments if marker == _EXIF)
    side = next((one for one in sides if one in _SIDES), None)
    if side is not None:
        yield _exif_of(side)
    yield from (segment for marker, segment in segments if _is_kept(marker, segment))


def _all_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker, to the end of the picture; what comes after it is never read."""
    at, marker = len(JPEG), 0
    while marker != _END:
        at = _marker_at(data, at)
        marker, end = data[at + 1], at + 2
        if marker != _END:
            end += unpack_from(">H", data, end)[0]
        if marker in _SIZES:
            height, width = unpack_from(">HH", data[at:end], 5)
            _refuse_size(width, height)
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        if end > len(data):
            raise _BrokenPhotoError("it ends too early")
        yield marker, data[at:end]
        at = end


def _is_kept(marker: int, segment: bytes) -> bool:
    """True for a segment of which the picture or its colours are made."""
    if marker == _COLOURS:
        return segment.startswith(b"ICC_PROFILE\0", 4)
    return marker in _SIZES | _TABLES | {_SCAN, _END} or (marker == _ADOBE and segment.startswith(b"Adobe", 4))


def _marker_at(data: bytes, at: int) -> int:
    """Offset in bytes of the marker at *at*, behind bytes that fill."""
    if data[at] != 0xFF:  # noqa: PLR2004 - begins every marker
        raise _BrokenPhotoError(f"no segment begins at byte {at}")
    while data[at + 1] == 0xFF:  # noqa: PLR2004
        at += 1
    return at


def _end_of_scan(data: bytes, at: int) -> int:
    """Offset in bytes of the marker after the scan that begins at *at*."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise _BrokenPhotoError("it ends too early")
        if data[at + 1] in _RESTARTS:
            at += 2
        elif data[at + 1] == 0xFF:  # noqa: PLR2004 - fills
            at += 1
        else:
            return at


def _orientation(exif: bytes) -> int:
    """Which side of the picture is up, 1 to 8; 1 if *exif* does not say it."""
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or tiff == exif:
        return 1
    try:
        [start] = unpack_from(f"{order}I", tiff, 4)
        [count] = unpack_from(f"{order}H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, _, _, value = unpack_from(f"{order}HHIH", tiff, entry)
            if tag == _ORIENTATION:
                return int(value) if value in _SIDES else 1
    except UnreadableNumber:
        return 1
    return 1


def _exif_of(side: int) -> bytes:
    """An Exif segment that says which side is up and nothing else."""
    tiff = pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _ORIENTATION, 3, 1, side, 0, 0)
    body = b"Exif\0\0" + tiff
    return pack(">BBH", 0xFF, _EXIF, len(body) + 2) + body


def _refuse_size(width: int, height: int) -> None:
    if not (width and height) or width * height > MOST_PIXELS:
        raise _BrokenPhotoError(f"{width} by {height} pixels; 1 to {MOST_PIXELS:,} are taken")
