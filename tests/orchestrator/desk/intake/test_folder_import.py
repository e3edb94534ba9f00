"""Import of a recorder's folder: parts, takes and passes by file names and stamps."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from orchestrator.desk.intake.recorder_file_names import NameGuess, guess
from orchestrator.desk.review.review_rows import questions
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note, silence, stamped

KIT = ("Kick In", "Kick Out", "Snare Top", "Snare Bottom", "Rack Tom", "Floor Tom", "Hat", "Ride",
       "OH.L", "OH.R", "Room.L", "Room.R", "Crash", "Snare Side", "Kick Sub", "Room Mono")  # fmt: skip


@pytest.mark.parametrize(
    ("stem", "part", "track", "number"),
    [
        ("Kick In_03", "Drums", "Kick In", 3),
        ("01 - bass_01", "Bass", "main", 1),
        ("Audio 1_01.L", "Audio 1", "main L", 1),
        ("OH_02.R", "Drums", "OH R", 2),
        ("03-Lead Vox-240101_1423", "Lead Vox", "main", None),
        ("Snare Top#02", "Drums", "Snare Top", 2),
        ("Gtr take 3", "Gtr", "main", 3),
        ("Bass DI_04", "Bass", "DI", 4),
        ("___", "___", "main", None),
        ("7", "7", "main", None),
    ],
)
def test_a_file_name_says_part_microphone_and_take(stem: str, part: str, track: str, number: int | None) -> None:
    assert guess(stem) == NameGuess(part, track, number)


def takes(label: Label) -> list[dict[str, Any]]:
    return label.data("take", "list", SONG)  # type: ignore[no-any-return]  # JSON


def waiting(label: Label) -> list[str]:
    with Studio.at(str(label.folder)) as studio:
        return [item.address for item in questions(studio, None)]


def reel(folder: Path) -> Path:
    """Two passes of a small band, named by two kinds of DAW."""
    for number in (1, 2):
        for hz, name in enumerate(("Kick In", "Snare Top"), start=number * 10):
            note(folder / f"{name}_{number:02d}.wav", 10.0 * hz)
        for side in ("L", "R"):
            note(folder / f"OH_{number:02d}.{side}.wav", 900.0 + number + ord(side))
        note(folder / f"01 - bass_{number:02d}.wav", 70.0 + number)
    return folder


def test_a_folder_of_daw_names_becomes_takes_by_part_and_pass(label: Label, tmp_path: Path) -> None:
    label.does("take", "import", SONG, reel(tmp_path / "reel"), "--yes")
    rows = {row["take"]: row for row in takes(label)}
    assert {take: (row["pass"], row["tracks"]) for take, row in rows.items()} == {
        f"{SONG}/drums/1": (1, 4),
        f"{SONG}/drums/2": (2, 4),
        f"{SONG}/bass/1": (1, 1),
        f"{SONG}/bass/2": (2, 1),
    }
    names = [file["name"].rpartition("_")[2] for file in label.data("path", f"{SONG}/drums/1")]
    assert sorted(names) == ["kick-in", "oh-l", "oh-r", "snare-top"]


def test_a_dry_run_shows_the_table_and_changes_nothing(label: Label, tmp_path: Path) -> None:
    head = label.head
    table = label.does("take", "import", SONG, reel(tmp_path / "reel"), "--dry-run")
    assert "Drums" in table
    assert "Kick In_01.wav" in table
    rows = label.data("take", "import", SONG, tmp_path / "reel", "--dry-run")
    assert [(row["part"], row["pass"]) for row in rows] == [("Bass", 1), ("Drums", 1), ("Bass", 2), ("Drums", 2)]
    assert label.head == head
    assert takes(label) == []


def test_where_nobody_can_be_asked_nothing_is_taken_in(label: Label, tmp_path: Path) -> None:
    said = label.run("take", "import", SONG, reel(tmp_path / "reel"), "--no-input")
    assert (said.code, said.rule) == (8, "input.needed")
    assert "--yes" in said.err
    assert takes(label) == []


def test_parts_that_are_missing_are_made_and_the_table_says_so(label: Label, tmp_path: Path) -> None:
    note(tmp_path / "reel" / "Mellotron_01.wav")
    assert "Mellotron (new)" in label.does("take", "import", SONG, tmp_path / "reel", "--dry-run")
    assert label.does("take", "import", SONG, tmp_path / "reel", "--yes").endswith(f"{SONG}/mellotron/1")


def test_a_part_that_the_song_has_takes_the_files_that_begin_with_its_name(label: Label, tmp_path: Path) -> None:
    note(tmp_path / "reel" / "lead vocal_02.wav")
    assert label.does("take", "import", SONG, tmp_path / "reel", "--yes").endswith(f"{SONG}/lead-vocal/1")


def test_importing_again_takes_nothing_twice(label: Label, tmp_path: Path) -> None:
    label.does("take", "import", SONG, reel(tmp_path / "reel"), "--yes")
    head = label.head
    label.does("take", "import", SONG, tmp_path / "reel", "--yes")
    assert label.head == head


def test_what_is_not_sound_is_named_and_the_rest_is_taken(label: Label, tmp_path: Path) -> None:
    note(tmp_path / "reel" / "Bass_01.wav")
    (tmp_path / "reel" / "Bass_02.wav").write_text("not sound")
    (tmp_path / "reel" / "notes.txt").write_text("no claim to be sound")
    said = label.run("take", "import", SONG, tmp_path / "reel", "--yes")
    assert (said.code, said.rule) == (3, "audio.refused")
    assert "Bass_02.wav" in said.err
    assert "notes.txt" not in said.err
    assert [row["take"] for row in takes(label)] == [f"{SONG}/bass/1"]


def test_stamps_shared_by_several_parts_are_passes(label: Label, tmp_path: Path) -> None:
    for number, reference in ((1, RATE * 60), (2, RATE * 120)):
        for hz, name in ((60, "Kick"), (80, "Bass")):
            stamped(tmp_path / "reel" / str(number) / f"{name}.wav", hz + number, reference=reference)
    label.does("take", "import", SONG, tmp_path / "reel", "--yes")
    assert [(row["take"].partition("tin-roof/")[2], row["pass"]) for row in takes(label)] == [
        ("drums/1", 1),
        ("drums/2", 2),
        ("bass/1", 1),
        ("bass/2", 2),
    ]


def test_sixteen_files_of_five_passes_are_five_takes_and_five_questions(label: Label, tmp_path: Path) -> None:
    folder = tmp_path / "reel"
    for number in range(1, 6):
        first = silence(folder / f"{KIT[0]}_{number:02d}.wav", seconds=0.02 * number)
        for name in KIT[1:]:
            stem, _, side = name.partition(".")
            shutil.copyfile(first, folder / f"{stem}_{number:02d}{f'.{side}' if side else ''}.wav")
    assert len(list(folder.iterdir())) == 80
    label.does("take", "import", SONG, folder, "--yes")
    assert [(row["take"], row["pass"], row["tracks"]) for row in takes(label)] == [
        (f"{SONG}/drums/{number}", number, 16) for number in range(1, 6)
    ]
    assert waiting(label) == [f"{SONG}/drums/{number}" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        ((SONG, "nowhere", "--yes"), 4, "import.folder"),
        ((SONG, "x" * 5000, "--yes"), 2, "usage"),
        (("night-bus", ".", "--yes"), 2, "address"),
        (("night-bus/no-song", ".", "--yes"), 4, "address"),
        ((SONG, "."), 0, ""),
    ],
)
def test_a_folder_and_a_song_are_needed(label: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    said = label.run("take", "import", *words)
    assert (said.code, said.rule) == (code, rule)
