"""Photos: whole pictures are kept without their metadata, everything else is refused."""

from pathlib import Path
from struct import pack
from typing import Final
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound
from orchestrator.desk.session.photo_files import bare_photo, read_photo

PLACE: Final = b"54.1234 N 9.8765 E"


def segment(marker: int, body: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(side: int, order: str = ">") -> bytes:
    """An Exif segment with which side is up, and the place after it."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    number = pack(f"{order}HHIH", 0x0112, 3, 1, side) + b"\0\0"
    return segment(0xE1, b"Exif\0\0" + mark + pack(f"{order}IH", 8, 1) + number + PLACE)


TABLES: Final = segment(0xDB, bytes(65)) + segment(0xC4, bytes(20))
FRAME: Final = segment(0xC0, pack(">BHHB", 8, 40, 60, 1) + bytes(3))
SCAN: Final = segment(0xDA, bytes(6)) + b"\x12\xff\x00\x34\xff\xd0\x56"
COLOURS: Final = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")


def jpeg(*before: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(before) + TABLES + FRAME + SCAN + segment(0xDA, bytes(6)) + b"\x01\xff\xd9" + after


def chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))


def png(*more: bytes, width: int = 1, height: int = 1) -> bytes:
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", compress(b"\0\x80")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("order", [">", "<"])
def test_a_jpeg_loses_its_place_its_words_and_what_follows_it_and_stays_the_right_way_up(order: str) -> None:
    other = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE) + segment(0xFE, PLACE) + segment(0xED, PLACE)
    more = segment(0xE2, b"MPF\0" + PLACE) + segment(0xE0, b"JFIF\0" + PLACE)
    kept = bare_photo(jpeg(exif(6, order), other, more, COLOURS, b"\xff", after=b"\xff\xd8" + PLACE), "a.jpg")
    assert PLACE not in kept
    turned = bytes.fromhex("ffe1 0022 457869660000 4d4d002a00000008 0001 0112 0003 00000001 0006 0000 00000000")
    assert kept == jpeg(turned, COLOURS)
    assert bare_photo(kept, "a.jpg") == kept


@pytest.mark.parametrize("side", [0, 1, 9])
def test_a_jpeg_that_is_not_turned_has_no_exif_at_all(side: int) -> None:
    assert bare_photo(jpeg(exif(side)), "a.jpg") == jpeg()


def test_a_png_loses_its_words_and_its_exif() -> None:
    colours = chunk(b"gAMA", pack(">I", 45455))
    told = chunk(b"tEXt", PLACE), chunk(b"eXIf", PLACE), chunk(b"iTXt", PLACE), chunk(b"tIME", bytes(7))
    assert bare_photo(png(*told, colours) + PLACE, "a.png") == png(colours)


@pytest.mark.parametrize("whole", [jpeg(exif(3)), png(chunk(b"tEXt", PLACE))], ids=["jpeg", "png"])
def test_a_photo_that_ends_too_early_is_refused_at_every_byte(whole: bytes) -> None:
    for length in range(len(whole)):
        with pytest.raises(Misused, match=r"no whole photo|neither JPEG nor PNG"):
            bare_photo(whole[:length], "a.jpg")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (jpeg().replace(FRAME, b""), "holds no picture"),
        (jpeg().replace(pack(">HH", 40, 60), pack(">HH", 0xFFFF, 0xFFFF)), "65535 by 65535"),
        (jpeg().replace(pack(">HH", 40, 60), pack(">HH", 40, 0)), "0 by 40"),
        (png(width=1 << 31, height=1 << 31), "2147483648 by"),
        (png().replace(chunk(b"IDAT", compress(b"\0\x80")), b""), "holds no picture"),
        (png()[:8] + chunk(b"IDAT", b"") + png()[8:], "does not begin with its size"),
        (png().replace(b"IDAT", b"IDAX"), "checksum"),
        (b"GIF89a" + bytes(20), "neither JPEG nor PNG"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(data: bytes, told: str) -> None:
    with pytest.raises(Misused, match=told) as refusal:
        bare_photo(data, "a.jpg")
    assert refusal.value.rule == "setup.photo"


@given(st.sampled_from([b"\xff\xd8", jpeg()[:60], png()[:40]]), st.binary(max_size=80))
def test_no_bytes_break_the_reader_and_what_is_kept_stays(begin: bytes, rest: bytes) -> None:
    try:
        kept = bare_photo(begin + rest, "a.jpg")
    except Misused:
        return
    assert bare_photo(kept, "a.jpg") == kept


def test_only_a_plain_file_of_a_fair_size_is_read(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    with pytest.raises(NotFound):
        read_photo(photo)
    photo.write_bytes(jpeg())
    assert read_photo(photo) == jpeg()
    with photo.open("r+b") as file:
        file.truncate(33 << 20)
    with pytest.raises(Misused, match=r"file\.unfit|bytes"):
        read_photo(photo)
    with pytest.raises(Misused):
        read_photo(tmp_path)
