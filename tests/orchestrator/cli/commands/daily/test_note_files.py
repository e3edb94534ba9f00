"""Notes go to other programs as markers, and come back as the notes they were."""

import struct
from pathlib import Path

import mido
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label

MIX = f"{SONG}@mix1"
LAYOUTS = ("reaper", "midi", "wav-cue", "audacity", "csv")


@pytest.fixture
def noted(released: Label) -> Label:
    """A label with three notes on a mix, one of them private, and one without a time."""
    released.does("note", MIX, 'vocal louder, and "warmer"', "--at", "0:01.2")
    released.does("note", MIX, "between us", "--private")
    released.does("note", MIX, "=1+1 the tail is übersteuert")
    return released


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_exported_comes_back_as_the_same_notes(noted: Label, tmp_path: Path, layout: str) -> None:
    file = tmp_path / "notes"
    assert noted.data("note", "export", MIX, file, "--format", layout)["notes"] == ["n1", "n3"]
    assert b"between us" not in file.read_bytes()
    head = noted.head
    brought = noted.data("note", "import", MIX, file, "--format", layout)
    assert brought.pop("known") in (["n1", "n3"], ["n3", "n1"])
    assert brought == {"added": [], "different": [], "unknown": []}
    assert noted.head == head
    assert noted.refuses(3, "note", "export", MIX, file, "--format", layout).rule == "file.exists"


def test_a_marker_that_was_added_there_is_a_note_here_once(noted: Label, tmp_path: Path) -> None:
    file = tmp_path / "labels.txt"
    noted.does("note", "export", MIX, file, "--format", "audacity")
    changed = file.read_text().replace("vocal louder", "vocal much louder")
    file.write_text(f"{changed}1.500000\t1.750000\tbreath\n\\\t100\t200\n0.1\t0.1\tn99 strange\n")
    words = ("note", "import", MIX, file, "--format", "audacity", "--as", "pat")
    told = noted.data(*words)
    assert told == {"added": ["breath"], "known": ["n3"], "different": ["n1"], "unknown": ["n99"]}
    assert [(row["note"], row["at"], row["text"]) for row in noted.data("note", "list", MIX)][-1] == (
        "n4", "0:01.5", "breath",
    )  # fmt: skip
    assert noted.data(*words)["added"] == [], "the same file again records nothing"


def test_other_programs_read_the_files(noted: Label, tmp_path: Path) -> None:
    for layout in ("midi", "wav-cue", "reaper"):
        noted.does("note", "export", MIX, tmp_path / layout, "--format", layout)
    song = mido.MidiFile(tmp_path / "midi")
    seconds, found = 0.0, []
    for message in song:
        seconds += message.time
        if message.type == "marker":
            found.append((round(seconds, 2), message.text.encode("latin-1").decode()[:2]))
    assert found == [(0.0, "n3"), (1.2, "n1")]
    facts = soundfile.info(tmp_path / "wav-cue")
    assert (facts.samplerate, facts.channels, facts.frames) == (8_000, 1, 9_600 + 8_000)
    assert (tmp_path / "reaper").read_text().splitlines()[0] == "#,Name,Start,End,Length"


@pytest.mark.parametrize(
    ("layout", "data"),
    [
        ("csv", b"\xff\xfe"), ("csv", b"a,b\n"), ("csv", b"note,at,text\nn1,soon,x\n"), ("csv", b'note,at,text\n"'),
        ("reaper", b"#,Name,Start\nM1\n"), ("audacity", b"x\ty\tz\n"), ("audacity", b"1\0\t1\tx\n"),
        ("midi", b"MThd"), ("midi", b"no"), ("wav-cue", b"RIFF\0\0\0\0WAVE"), ("csv", b"x" * (4 * 1024 * 1024 + 1)),
        ("wav-cue", b"RIFF" + struct.pack("<I", 52) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
         + b"cue " + struct.pack("<II", 4, 99)),
        ("csv", b"note,at,text\n" + b"".join(b",%d,x%d\n" % (n, n) for n in range(10_001))),
    ],
)  # fmt: skip
def test_a_file_that_is_damaged_or_another_is_one_line_of_error(
    noted: Label, tmp_path: Path, layout: str, data: bytes
) -> None:
    (tmp_path / "file").write_bytes(data)
    assert noted.refuses(2, "note", "import", MIX, tmp_path / "file", "--format", layout).rule == "note.file"


def test_what_is_missing_or_unknown_is_refused(noted: Label, tmp_path: Path) -> None:
    for layout in LAYOUTS:
        assert noted.refuses(4, "note", "import", MIX, tmp_path / "none", "--format", layout).rule == "file.missing"
    assert noted.refuses(2, "note", "export", MIX, tmp_path / "x", "--format", "xml").rule == "note.format"
    assert noted.refuses(4, "note", "export", MIX, tmp_path / "no" / "x", "--format", "csv").rule == "file.folder"
    noted.does("note", "done", "n1", "n3", "--record", "night-bus")
    assert noted.refuses(4, "note", "export", MIX, tmp_path / "x").rule == "note.none"
