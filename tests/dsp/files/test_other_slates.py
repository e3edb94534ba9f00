"""Metadata of FLAC and AIFF files, valid and malicious."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.files.metadata.bext import MOST_TEXT, Stamp, read_stamp
from dsp.files.sound import inspect
from tests.dsp.files.metadata.test_bext import BILLION_LAUGHS, XML, bext

APPLICATION, COMMENTS = 2, 4


def flac(path: Path, *blocks: tuple[int, bytes]) -> Stamp:
    """The stamp of a FLAC with *blocks* after its first one."""
    written(path, *blocks)
    facts = inspect(path)
    assert facts.frames == 4096
    return facts.stamp


def written(path: Path, *blocks: tuple[int, bytes]) -> None:
    soundfile.write(path, np.zeros((4096, 2)), 48_000, format="FLAC", subtype="PCM_24")
    raw = path.read_bytes()
    first = 8 + int.from_bytes(raw[5:8], "big")
    new = b"".join(bytes([kind]) + len(content).to_bytes(3, "big") + content for kind, content in blocks)
    path.write_bytes(raw[:first] + new + raw[first:])


def foreign(name: bytes, content: bytes, order: str = "<") -> tuple[int, bytes]:
    """A chunk as the reference encoder keeps it from a WAV or an AIFF."""
    whose = b"riff" if order == "<" else b"aiff"
    return APPLICATION, whose + name + struct.pack(f"{order}I", len(content)) + content


def vorbis(*texts: str) -> tuple[int, bytes]:
    told = [struct.pack("<I", len(text.encode())) + text.encode() for text in ("recorder", *texts)]
    return COMMENTS, told[0] + struct.pack("<I", len(texts)) + b"".join(told[1:])


def aiff(path: Path, *chunks: tuple[bytes, bytes]) -> Stamp:
    soundfile.write(path, np.zeros((10, 2)), 48_000, format="AIFF", subtype="PCM_24")
    raw = path.read_bytes()
    for name, content in chunks:
        raw += name + struct.pack(">I", len(content)) + content + bytes(len(content) % 2)
    path.write_bytes(raw[:4] + struct.pack(">I", len(raw) - 8) + raw[8:])
    facts = inspect(path)
    assert facts.frames == 10
    return facts.stamp


def test_a_flac_keeps_the_stamp_of_the_wav_it_was_made_from(tmp_path: Path) -> None:
    stamp = flac(tmp_path / "a.flac", foreign(b"bext", bext(77)), foreign(b"iXML", XML.encode()))
    assert (stamp.time_reference, stamp.originated, stamp.description) == (77, "2026-12-07 10:21:09", "Tin Roof")
    assert (stamp.take, stamp.circled, stamp.track_names) == ("3", True, {0: "Kick In", 1: "Snare Top"})


def test_a_flac_says_the_same_in_comments_whatever_their_case(tmp_path: Path) -> None:
    stamp = flac(
        tmp_path / "a.flac",
        vorbis(
            "time_reference=172800000", "DATE=2026-12-07", "creation_time=10:21:09", "encoded_by=Recorder",
            "Title=Tin Roof", "TRACKNUMBER=3", "COMMENT=good & löud", "COMMENT=and again", "no comment at all",
        ),
    )  # fmt: skip
    assert (stamp.time_reference, stamp.originated, stamp.originator) == (
        172_800_000,
        "2026-12-07 10:21:09",
        "Recorder",
    )
    assert (stamp.scene, stamp.take, stamp.note, stamp.notes) == ("Tin Roof", "3", "good & löud", ())


def test_what_libsndfile_writes_into_a_flac_or_an_aiff_is_read(tmp_path: Path) -> None:
    for form in ("FLAC", "AIFF"):
        path = tmp_path / f"a.{form.lower()}"
        with soundfile.SoundFile(path, "w", 48_000, 1, "PCM_16", format=form) as file:
            file.title, file.comment = "Tin Roof", "rain & wind"
            file.write(np.zeros(4096))
        stamp = inspect(path).stamp
        assert (stamp.scene, stamp.note) == ("Tin Roof", "rain & wind")


def test_the_stamp_of_the_recorder_stands_before_comments(tmp_path: Path) -> None:
    said = vorbis("TIME_REFERENCE=5", "TITLE=other", "DESCRIPTION=other")
    stamp = flac(tmp_path / "a.flac", said, foreign(b"iXML", XML.encode()), foreign(b"bext", bext(77)))
    assert (stamp.time_reference, stamp.scene, stamp.description) == (77, "12A", "Tin Roof")


def test_an_aiff_has_texts_of_its_own_and_may_carry_ixml(tmp_path: Path) -> None:
    comment = struct.pack(">HIhH", 2, 3_900_000_000, 0, 11) + b"rain & wind" + b"\0" + bytes(20)
    stamp = aiff(tmp_path / "a.aiff", (b"NAME", b"Tin Roof"), (b"COMT", comment))
    assert (stamp.scene, stamp.note) == ("Tin Roof", "rain & wind")
    stamp = aiff(tmp_path / "b.aiff", (b"NAME", b"T\xfcr"), (b"ANNO", "leise, später".encode()), (b"COMT", comment))
    assert (stamp.scene, stamp.note) == ("Tür", "leise, später")
    assert aiff(tmp_path / "c.aiff", (b"NAME", b"other"), (b"iXML", XML.encode())).scene == "12A"


@pytest.mark.parametrize(
    "block",
    [
        (COMMENTS, b""),
        (COMMENTS, b"\xff" * 12),
        (COMMENTS, bytes(4) + b"\xff\xff\xff\xff" + struct.pack("<I", 1 << 31) + b"TITLE=gone"),
        vorbis("TIME_REFERENCE=-1", "DATE=yesterday"),
        vorbis(f"TIME_REFERENCE={10**18}{'0' * 900}"),
        vorbis(f"TIME_REFERENCE={1 << 62}"),
        vorbis("TIME_REFERENCE=\N{ARABIC-INDIC DIGIT FIVE}"),
        (APPLICATION, b"riff"),
        (APPLICATION, b"riffdata" + struct.pack("<I", 1 << 30)),
        (APPLICATION, b"riffbext" + struct.pack("<I", 0xFFFF_FFFF) + bext()),
        (APPLICATION, b"whatnot!" + bytes(40)),
    ],
)
def test_a_lying_block_says_nothing_whatever_a_decoder_makes_of_it(tmp_path: Path, block: tuple[int, bytes]) -> None:
    written(tmp_path / "a.flac", block)
    with (tmp_path / "a.flac").open("rb") as file:
        assert read_stamp(file) == Stamp()


def test_a_flac_that_ends_within_its_blocks_says_what_was_there(tmp_path: Path) -> None:
    written(tmp_path / "a.flac", vorbis("TITLE=Tin Roof"), vorbis(f"COMMENT={'x' * 100}"))
    whole, said = (tmp_path / "a.flac").read_bytes(), []
    for end in range(whole.index(b"x" * 100) + 100):
        (tmp_path / "cut.flac").write_bytes(whole[:end])
        with (tmp_path / "cut.flac").open("rb") as file:
            stamp = read_stamp(file)
        assert (stamp.note, stamp.notes) == (None, ())
        said.append(stamp.scene)
    assert said == [None] * said.count(None) + ["Tin Roof"] * said.count("Tin Roof")
    assert said[-1] == "Tin Roof"


def test_a_bomb_in_a_flac_is_noted_and_the_comments_beside_it_are_read(tmp_path: Path) -> None:
    stamp = flac(tmp_path / "a.flac", foreign(b"iXML", BILLION_LAUGHS.encode()), vorbis("TITLE=Tin Roof"))
    assert stamp.notes == ("its iXML chunk cannot be read (ValueError)",)
    assert stamp.scene == "Tin Roof"


def test_control_characters_do_not_pass_and_no_text_is_endless(tmp_path: Path) -> None:
    stamp = flac(tmp_path / "a.flac", vorbis("TITLE=a\x1b[31m\r\nb", f"COMMENT={'x' * 900_000}"))
    assert stamp.scene == "a [31m b"
    assert stamp.note == "x" * MOST_TEXT
    assert aiff(tmp_path / "a.aiff", (b"COMT", b"\0"), (b"NAME", b"")) == Stamp()
