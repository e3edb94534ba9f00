"""Rewriting metadata: samples unchanged, readable by other programs, for files of any shape and length."""

import shutil
import struct
import subprocess
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from dsp.files.chunks import chunks_of
from dsp.files.metadata.bwf_metadata import BEXT_BYTES, BwfMetadata
from dsp.files.metadata.bwf_rewrite import with_bwf_metadata
from dsp.files.sound import FileFacts, inspect

SLATE = BwfMetadata(
    description="The Ferrymen, Night Bus: Café <Tin> & Roof, drums take 2, kick-in",
    reference="ab" * 32,
    date="2026-12-07",
    time="10:21:09",
    time_reference=48_000 * 3600,
    project="Night Bus",
    scene="Café <Tin> & Roof",
    take="2",
    tape="A007",
    note='"good" & loud ]]>\x00\x1b',
    circled=True,
    tracks={0: "kick-in", 1: "kick <out>"},
    levels=(-14.02, 5.5, -1.0, None, -9.996),
)


def wav(path: Path, *chunks: tuple[bytes, bytes], container: str = "WAV", subtype: str = "PCM_24") -> Path:
    """Stereo noise, with *chunks* after its sound; an odd number of bytes if it has 8 bits or is mono."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (1001, 2))
    soundfile.write(path, noise, 48_000, format=container, subtype=subtype)
    if chunks:
        tail = b"".join(name + struct.pack("<I", len(one)) + one + bytes(len(one) % 2) for name, one in chunks)
        raw = path.read_bytes() + tail
        path.write_bytes(raw[:4] + struct.pack("<I", len(raw) - 8) + raw[8:])
    return path


def put(path: Path, slate: BwfMetadata | None = SLATE) -> Path:
    new = path.with_name(f"slated-{path.name}")
    new.write_bytes(b"".join(with_bwf_metadata(path, slate)))
    return new


def content(path: Path, name: bytes) -> bytes:
    with path.open("rb") as file:
        (chunk,) = (one for one in chunks_of(file) if one.name == name)
        file.seek(chunk.start)
        return file.read(chunk.size)


def same_sound(one: FileFacts, other: FileFacts) -> bool:
    return replace(one, stamp=other.stamp) == other


SHAPES = [("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"), ("WAVEX", "PCM_24"), ("RF64", "FLOAT")]


@pytest.mark.parametrize(("container", "subtype"), SHAPES)
def test_every_field_is_read_back_by_another_reader_and_the_sound_is_untouched(
    tmp_path: Path, container: str, subtype: str
) -> None:
    plain = wav(tmp_path / "a.wav", container=container, subtype=subtype)
    new = put(plain)
    assert content(new, b"data") == content(plain, b"data")
    assert same_sound(inspect(new), inspect(plain))
    info = WavInfoReader(str(new))
    bext, ixml = info.bext, info.ixml
    assert bext.description == "The Ferrymen, Night Bus: Cafe <Tin> & Roof, drums take 2, kick-in"
    assert (bext.originator, bext.originator_ref) == ("takesheet", "ab" * 16)
    assert (bext.originator_date, bext.originator_time) == ("2026-12-07", "10:21:09")
    assert (bext.version, bext.time_reference) == (2, 172_800_000)
    assert (bext.loudness_value, bext.loudness_range, bext.max_true_peak) == (-14.02, 5.5, -1.0)
    assert (bext.max_momentary_loudness, bext.max_shortterm_loudness) == (327.67, -10.0), "7FFFh: nobody measured it"
    width = {"PCM_16": 16, "PCM_24": 24, "FLOAT": 32}[subtype]
    assert bext.coding_history.startswith(f"A=PCM,F=48000,W={width},M=stereo,T=takesheet")
    assert ("float" in bext.coding_history) is (subtype == "FLOAT")
    assert (ixml.project, ixml.scene, ixml.take, ixml.tape) == ("Night Bus", "Café <Tin> & Roof", "2", "A007")
    assert [track.name for track in ixml.track_list] == ["kick-in", "kick <out>"]
    stamp = inspect(new).stamp
    assert (stamp.note, stamp.circled, stamp.notes) == ('"good" & loud ]]>', True, ())


@pytest.mark.parametrize(("container", "subtype"), SHAPES)
@pytest.mark.parametrize(
    "words", [("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"), ("soxi", "-D")]
)
def test_other_programs_open_it_if_they_opened_it_before(
    tmp_path: Path, container: str, subtype: str, words: tuple[str, ...]
) -> None:
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    plain = wav(tmp_path / "a.wav", container=container, subtype=subtype)
    before, after = (subprocess.run([*words, one], capture_output=True, check=False) for one in (plain, put(plain)))
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
    assert words[0] == "soxi" or float(after.stdout) == pytest.approx(1001 / 48_000, abs=1e-5)


def test_what_a_recorder_wrote_gives_way_and_its_identifier_and_history_stay(tmp_path: Path) -> None:
    old = b"old".ljust(348, b"\0") + b"U" * 64
    old = old.ljust(BEXT_BYTES, b"\0") + b"A=ANALOGUE,T=tape machine\r\n\x1b\x00junk\xff"
    new = put(wav(tmp_path / "a.wav", (b"bext", old), (b"iXML", b"<BWFXML/>"), (b"cue ", b"\1\2\3"), (b"LIST", b"odd")))
    told = content(new, b"bext")
    assert told.startswith(b"The Ferrymen")
    assert told[348:412] == b"U" * 64
    assert told[BEXT_BYTES:].split(b"\r\n")[:2] == [b"A=ANALOGUE,T=tape machine", b"junk"]
    assert (content(new, b"cue "), content(new, b"LIST")) == (b"\1\2\3", b"odd")


def test_the_same_slate_again_is_the_same_bytes_and_another_takes_its_place(tmp_path: Path) -> None:
    once = put(wav(tmp_path / "a.wav"))
    assert b"".join(with_bwf_metadata(once, SLATE)).count(b"takesheet") == 3, "its history now tells of both times"
    assert b"".join(with_bwf_metadata(tmp_path / "a.wav", SLATE)) == once.read_bytes()
    assert put(once, replace(SLATE, take="3")).read_bytes().count(b"<BWFXML>") == 1


@pytest.mark.parametrize("container", ["FLAC", "AIFF", "W64", "CAF"])
def test_what_is_no_wav_and_what_has_no_slate_stays_as_it_is(tmp_path: Path, container: str) -> None:
    other = wav(tmp_path / "a.bin", container=container)
    assert put(other).read_bytes() == other.read_bytes()
    plain = wav(tmp_path / "a.wav")
    assert put(plain, None).read_bytes() == plain.read_bytes()


def test_a_chunk_that_lies_about_its_length_goes_and_the_file_is_whole(tmp_path: Path) -> None:
    plain = wav(tmp_path / "a.wav")
    plain.write_bytes(plain.read_bytes() + b"cue \xff\xff\xff\x7f" + b"abc")
    new = put(plain)
    raw = new.read_bytes()
    assert (int.from_bytes(raw[4:8], "little") + 8, b"cue " in raw) == (len(raw), False)
    assert inspect(new).frames == 1001


def test_a_wav_that_its_slate_makes_too_long_becomes_rf64_and_is_streamed(tmp_path: Path) -> None:
    plain, frames = tmp_path / "long.wav", (2**32 - 100) // 4
    with soundfile.SoundFile(plain, "w", 48_000, 2, "PCM_16") as file:
        file.write(np.ones((10, 2)) * 0.5)
    with plain.open("r+b") as file:
        file.seek(4)
        file.write(struct.pack("<I", 36 + 4 * frames))
        file.seek(40)
        file.write(struct.pack("<I", 4 * frames))
        file.truncate(44 + 4 * frames)
    head = bytearray()
    for piece in islice(with_bwf_metadata(plain, SLATE), 20):  # the rest is silence in a sparse file
        assert len(piece) <= 1 << 20
        head += piece
    size = head.index(b"data") + 8 + 4 * frames
    assert (head[:4], head[12:16]) == (b"RF64", b"ds64")
    riff, sound, samples, table = struct.unpack_from("<QQQI", head, 20)
    assert (riff + 8, sound, samples, table) == (size, 4 * frames, frames, 0)
