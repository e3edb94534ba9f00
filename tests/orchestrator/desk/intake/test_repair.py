"""Headers that lie are named, and a closed copy is written; the original stays as it is."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.chunked_files import (
    AMBISONIC_GUID,
    FRAMES,
    PCM,
    TONE,
    aiff,
    bext,
    caf,
    chunk,
    floats,
    fmt,
    riff,
    wave64,
)  # fmt: skip
from tests.orchestrator.label import SONG, Label

PART = f"{SONG}/bass"
OPEN = b"data" + bytes(4) + PCM
HALF = b"".join(struct.pack("<e", value) for value in TONE)
LIST = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"abc", pad=False), pad=False)
NEVER = "never closed: 9,600 bytes of sound lie behind a header that says none"
WRAPPED = riff(fmt(), chunk(b"data", PCM, size=1000))
FAULTS = {
    "zero.wav": (riff(fmt(), OPEN, size=0), NEVER),
    "junk.wav": (riff(chunk(b"JUNK", bytes(4044)), fmt(), OPEN, size=4088), NEVER),
    "ffffffff.wav": (riff(fmt(), b"data\xff\xff\xff\xff" + PCM, size=0xFFFFFFFF), NEVER),
    "open.w64": (wave64(said=0), NEVER),
    "open.aif": (aiff(closed=False), NEVER),
    "wrapped.wav": (WRAPPED, "header says 1,000 bytes of sound, and 8,600 bytes that are no chunk lie behind them"),
    "cut.wav": (riff(fmt(), chunk(b"data", PCM, size=9644)), "truncated: 44 bytes of the sound"),
    "odd.wav": (riff(fmt(), LIST, bext(), chunk(b"data", PCM)), "LIST chunk has an odd size and lacks its pad byte"),
    "order.wav": (riff(chunk(b"data", PCM), fmt()), "its fmt chunk lies behind its sound"),
    "ambisonic.wav": (riff(fmt(guid=AMBISONIC_GUID), chunk(b"data", PCM)), "ambisonic B-format of 1 channels"),
    "half.wav": (riff(fmt(3), chunk(b"data", HALF)), "floats of 16 bits"),
    "minus.caf": (caf(size=-1), "its CAF data chunk has the size -1"),
    "little.aif": (aiff(kind=b"42ni"), "AIFF-C of the type 42ni"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_header_that_lies_is_named_and_a_copy_with_all_of_the_sound_is_written(
    label: Label, tmp_path: Path, name: str
) -> None:
    content, sentence = FAULTS[name]
    file, copy = tmp_path / name, tmp_path / f"copy of {name}"
    file.write_bytes(content)
    said = label.run("take", "ingest", PART, file)
    assert (said.code, said.rule) == (3, "audio.refused")
    assert sentence in said.err
    assert "`take repair FILE OUT`" in said.err
    assert f"next: takesheet take repair {file} OUT" in said.err
    told = label.run("take", "repair", file, copy)
    assert told.code == 0, told
    assert sentence in told.err
    assert file.read_bytes() == content
    sound, rate = soundfile.read(copy)
    assert (rate, len(sound)) == (48_000, FRAMES)
    assert np.abs(sound - np.array(TONE)).max() < 2e-4
    assert label.does("take", "ingest", PART, copy) == f"{PART}/1"


def test_the_stamp_of_a_repaired_file_stays(label: Label, tmp_path: Path) -> None:
    (tmp_path / "open.wav").write_bytes(riff(bext(reference=96_000), fmt(), OPEN, size=0))
    label.does("take", "repair", tmp_path / "open.wav", tmp_path / "closed.wav")
    label.does("take", "ingest", PART, tmp_path / "closed.wav")
    assert label.data("take", "list", PART)[0]["recorded"] == "2026-01-05 14:23:12"


def test_a_file_that_is_whole_or_lost_is_not_copied_and_no_file_is_replaced(label: Label, tmp_path: Path) -> None:
    whole, lost, copy = tmp_path / "whole.wav", tmp_path / "lost.wav", tmp_path / "copy.wav"
    whole.write_bytes(riff(fmt(), chunk(b"data", PCM)))
    lost.write_bytes(riff(fmt(3, bits=32), chunk(b"data", floats([float("nan")] * 99))))
    assert label.refuses(3, "take", "repair", whole, copy).rule == "repair.whole"
    assert label.refuses(3, "take", "repair", lost, copy).rule == "repair.lost"
    assert label.refuses(4, "take", "repair", tmp_path / "none.wav", copy).rule == "file.missing"
    assert not copy.exists()
    copy.write_bytes(b"mine")
    whole.write_bytes(riff(fmt(), OPEN, size=0))
    assert label.refuses(3, "take", "repair", whole, copy).rule == "file.exists"
    assert copy.read_bytes() == b"mine"


@pytest.mark.parametrize("tail", [bytes(9600), b"\xff" * 9600, b"Tape" * 100, chunk(b"LIST", bytes(9000))])
def test_what_cards_and_programs_leave_behind_the_sound_is_no_fault(label: Label, tmp_path: Path, tail: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(riff(fmt(), chunk(b"data", PCM)) + tail)
    assert label.does("take", "ingest", PART, tmp_path / "a.wav") == f"{PART}/1"


def test_a_float_file_beyond_any_microphone_is_told_and_left_out_of_the_draft(label: Label, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(
        riff(fmt(3, bits=32), chunk(b"data", floats([value * 1e30 for value in TONE * 9])))
    )
    (row,) = label.data("take", "check", tmp_path / "a.wav")
    assert (row["kind"], round(row["size"])) == ("level", 590)
    label.does("take", "ingest", PART, tmp_path / "a.wav")
    label.does("take", "approve", f"{PART}/1")
    (tmp_path / "mix.toml").write_text(label.does("mix", "draft", SONG), encoding="utf-8")
    assert label.does("mix", "revise", SONG, tmp_path / "mix.toml") == f"{SONG}@mix1"
