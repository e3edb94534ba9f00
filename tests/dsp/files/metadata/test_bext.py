"""Recorder metadata beside the sound, valid and malicious."""

import struct
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.files.metadata.bext import Stamp
from dsp.files.sound import inspect

XML = """<?xml version="1.0" encoding="UTF-8"?><BWFXML><SCENE>12A</SCENE><TAKE>3</TAKE><NOTE>good &amp; loud</NOTE>
<CIRCLED>TRUE</CIRCLED><TRACK_LIST><TRACK_COUNT>2</TRACK_COUNT>
<TRACK><CHANNEL_INDEX>5</CHANNEL_INDEX><INTERLEAVE_INDEX>2</INTERLEAVE_INDEX><NAME>Snare Top</NAME></TRACK>
<TRACK><CHANNEL_INDEX>4</CHANNEL_INDEX><INTERLEAVE_INDEX>1</INTERLEAVE_INDEX><NAME>Kick In</NAME></TRACK>
</TRACK_LIST></BWFXML>"""

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><BWFXML><NOTE>&l9;</NOTE></BWFXML>'
READS_A_FILE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><BWFXML><NOTE>&e;</NOTE></BWFXML>'


def bext(reference: int = 48_000 * 3600, description: bytes = b"Tin Roof") -> bytes:
    texts = [(description, 256), (b"Recorder", 32), (b"REF", 32), (b"2026-12-07", 10), (b"10:21:09", 8)]
    return b"".join(text.ljust(size, b"\0") for text, size in texts) + struct.pack("<QH", reference, 0) + bytes(254)


def take(path: Path, *chunks: tuple[bytes, bytes]) -> Stamp:
    """The stamp read from a file with *chunks* after its sound."""
    soundfile.write(path, np.zeros((10, 2)), 48_000, subtype="PCM_24")
    raw = path.read_bytes()
    for name, content in chunks:
        raw += name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    path.write_bytes(raw[:4] + struct.pack("<I", len(raw) - 8) + raw[8:])
    facts = inspect(path)
    assert facts.frames == 10
    return facts.stamp


def test_the_broadcast_stamp_says_when_and_where(tmp_path: Path) -> None:
    stamp = take(tmp_path / "a.wav", (b"bext", bext()))
    assert (stamp.time_reference, stamp.originated) == (172_800_000, "2026-12-07 10:21:09")
    assert (stamp.originator, stamp.description, stamp.notes) == ("Recorder", "Tin Roof", ())


def test_ixml_names_take_note_and_tracks_by_channel(tmp_path: Path) -> None:
    stamp = take(tmp_path / "a.wav", (b"iXML", XML.encode()))
    assert (stamp.scene, stamp.take, stamp.note, stamp.circled) == ("12A", "3", "good & loud", True)
    assert stamp.track_names == {0: "Kick In", 1: "Snare Top"}


def test_a_file_without_a_stamp_has_an_empty_one(tmp_path: Path) -> None:
    assert take(tmp_path / "a.wav") == Stamp()


def test_of_two_stamps_the_first_is_read(tmp_path: Path) -> None:
    assert take(tmp_path / "a.wav", (b"bext", bext(5)), (b"bext", bext(6))).time_reference == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"iXML", BILLION_LAUGHS.encode()),
        (b"iXML", BILLION_LAUGHS.encode("utf-16")),
        (b"iXML", READS_A_FILE.encode()),
        (b"iXML", b"not xml at all"),
        (b"iXML", b"\xff\xfe\x00"),
        (b"bext", b"too short"),
    ],
)
def test_what_cannot_be_read_is_noted_and_the_sound_is_taken(tmp_path: Path, name: bytes, content: bytes) -> None:
    begun = time.monotonic()
    stamp = take(tmp_path / "a.wav", (name, content))
    assert stamp.notes[0].startswith(f"its {name.decode()} chunk cannot be read")
    assert (stamp.note, stamp.description) == (None, None)
    assert time.monotonic() - begun < 5


def test_one_bad_chunk_does_not_hide_the_other(tmp_path: Path) -> None:
    stamp = take(tmp_path / "a.wav", (b"bext", bext()), (b"iXML", BILLION_LAUGHS.encode()))
    assert (stamp.description, len(stamp.notes)) == ("Tin Roof", 1)


def test_deep_or_broken_xml_neither_hangs_nor_crashes(tmp_path: Path) -> None:
    deep = "<BWFXML>" + "<A>" * 50_000
    assert take(tmp_path / "a.wav", (b"iXML", deep.encode())).track_names == {}
    cut = XML[: len(XML) // 2]
    assert take(tmp_path / "b.wav", (b"iXML", cut.encode())).take == "3"


def test_control_characters_and_absurd_numbers_do_not_pass(tmp_path: Path) -> None:
    stamp = take(tmp_path / "a.wav", (b"bext", bext(2**64 - 1, b"a\x1b[31m\r\nb\xff")))
    assert (stamp.time_reference, stamp.description) == (None, "a [31m b\xff")


@pytest.mark.parametrize(
    "tail", [b"iXML\xff\xff\xff\x7f", b"bext\x00\x00\x00\x10short", bytes(100_000), b"\xff" * 1000]
)
def test_garbage_after_the_sound_harms_nothing(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "a.wav"
    take(path)
    path.write_bytes(path.read_bytes() + tail)
    assert inspect(path).frames == 10


ZOOM = b"zSPEED=25.000ND\r\nzTAKE=001\r\nzSCENE=230308\r\nzTAPE=T7\r\nzCIRCLED=TRUE\r\n"
ZOOM += b"zTRK1=Boom\r\nzTRK2=Lav\r\nzNOTE=wind\r\n"
SOUND_DEVICES = b"sTAKE=20\r\nsSCENE=A101\r\nsTRK3=MKH516 A\r\nsNOTE=\r\nby hand\r\n"


def test_the_lines_of_a_recorder_in_its_description_are_its_words(tmp_path: Path) -> None:
    stamp = take(tmp_path / "a.wav", (b"bext", bext(description=ZOOM)))
    assert (stamp.scene, stamp.take, stamp.tape, stamp.circled, stamp.note) == ("230308", "001", "T7", True, "wind")
    assert (stamp.track_names, stamp.description) == ({0: "Boom", 1: "Lav"}, None)
    stamp = take(tmp_path / "b.wav", (b"bext", bext(description=SOUND_DEVICES)))
    assert (stamp.scene, stamp.take, stamp.track_names, stamp.description) == ("A101", "20", {0: "MKH516 A"}, "by hand")


def test_ixml_counts_before_the_lines_of_the_description_and_leaves_what_it_does_not_say(tmp_path: Path) -> None:
    xml = b"<BWFXML><TAKE>4</TAKE></BWFXML>"
    stamp = take(tmp_path / "a.wav", (b"bext", bext(description=ZOOM)), (b"iXML", xml))
    assert (stamp.take, stamp.scene, stamp.track_names) == ("4", "230308", {0: "Boom", 1: "Lav"})


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_texts_are_utf_8_and_else_latin_1_whatever_they_say(tmp_path: Path, encoding: str) -> None:
    xml = '<?xml version="1.0" encoding="UTF-8"?><BWFXML><NOTE>Grün für Zoë</NOTE></BWFXML>'.encode(encoding)
    chunks = (b"bext", bext(description="Grün für Zoë".encode(encoding))), (b"iXML", xml + bytes(range(256)))
    stamp = take(tmp_path / "a.wav", *chunks)
    assert (stamp.description, stamp.note) == ("Grün für Zoë", "Grün für Zoë")


def test_a_text_that_its_field_cuts_within_a_letter_stays_utf_8(tmp_path: Path) -> None:
    stamp = take(tmp_path / "a.wav", (b"bext", bext(description=("ü" * 128)[:127].encode() + b"a" + "ü".encode()[:1])))
    assert stamp.description == "ü" * 127 + "a"
