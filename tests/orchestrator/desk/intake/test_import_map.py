"""The map of an import: written, edited and followed."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note


@pytest.fixture
def reel(tmp_path: Path) -> Path:
    for turn, name in enumerate(("Vox_01", "Vox_02", "Mystery", "Hand,clap 'x'")):
        note(tmp_path / "reel" / f"{name}.wav", 100.0 + turn)
    (tmp_path / "reel" / "bad.wav").write_text("no sound")
    return tmp_path / "reel"


def takes(label: Label) -> list[tuple[str, Any, int]]:
    return [
        (row["take"].removeprefix(f"{SONG}/"), row["pass"], row["tracks"]) for row in label.data("take", "list", SONG)
    ]


def test_the_guess_is_written_and_followed_line_by_line(label: Label, reel: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    head = label.head
    label.does("take", "import", SONG, reel, "--map", plan)
    text = plan.read_text(encoding="utf-8")
    assert "file,part,take,pass" in text
    assert "Vox_02.wav,Vox,2,2" in text
    assert "# not taken: bad.wav: it is text, not sound" in text
    assert label.head == head
    text = text.replace("Vox_02.wav,Vox,2,2", "Vox_02.wav,Lead Vocal,1,9").replace(
        "Mystery.wav,Mystery,1,", "Mystery.wav,,,"
    )
    plan.write_text(text, encoding="utf-8")
    said = label.run("take", "import", SONG, reel, "--map", plan, "--yes")
    assert said.code == 0, said
    assert "left out: Mystery.wav" in said.err
    assert takes(label) == [("lead-vocal/1", 9, 1), ("hand-clap-x/1", None, 1), ("vox/1", 1, 1)]


def test_no_name_in_a_map_is_a_formula_or_a_comment_and_a_map_by_hand_may_name_files_as_they_are(
    label: Label, tmp_path: Path
) -> None:
    reel, plan = tmp_path / "odd", tmp_path / "plan.csv"
    for turn, name in enumerate(("=1+1", "+vox", "@bass", "-keys", "#kick")):
        note(reel / f"{name}.wav", 100.0 + turn)
    label.does("take", "import", SONG, reel, "--map", plan)
    with plan.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(line for line in text if not line.startswith("#")))
    assert {row[0] for row in rows[1:]} == {"./=1+1.wav", "./+vox.wav", "./@bass.wav", "./-keys.wav", "./#kick.wav"}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    plan.write_text(plan.read_text(encoding="utf-8").replace("./=", "="), encoding="utf-8")
    label.does("take", "import", SONG, reel, "--map", plan, "--yes")
    assert {take for take, _, _ in takes(label)} == {"1-1/1", "vox/1", "bass/1", "keys/1", "kick/1"}


def test_files_of_one_part_and_take_are_its_tracks(label: Label, reel: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("part,file,take\nChoir,Vox_01.wav,1\nChoir,Vox_02.wav,1\n", encoding="utf-8")
    label.does("take", "import", SONG, reel, "--map", tmp_path / "plan.csv", "--yes")
    assert takes(label) == [("choir/1", None, 2)]


def test_a_line_that_cannot_be_followed_stops_no_other(label: Label, reel: Path, tmp_path: Path) -> None:
    note(reel / "short.wav", seconds=0.1)
    lines = "file,part,take\nVox_01.wav,Vox,1\nVox_02.wav,!!!,1\nnone.wav,Vox,2\nbad.wav,Vox,3\n"
    lines += "short.wav,Bass,1\nMystery.wav,Bass,1\n"
    (tmp_path / "plan.csv").write_text(lines, encoding="utf-8")
    said = label.run("take", "import", SONG, reel, "--map", tmp_path / "plan.csv", "--yes")
    assert (said.code, said.rule) == (3, "audio.refused")
    for name in ("Vox_02.wav", "none.wav", "bad.wav", "short.wav: take.tracks", "Mystery.wav: take.tracks"):
        assert f"not taken: {name}" in said.err
    assert takes(label) == [("vox/1", None, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "", "Vox_01.wav,Vox\n", "file,part,colour\nVox_01.wav,Vox,red\n", "file,part,take\nVox_01.wav,Vox,two\n",
        "file,part\nVox_01.wav,Vox\nVox_01.wav,Bass\n", 'file,part\n"Vox_01.wav\n',
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_before_anything_is_taken(
    label: Label, reel: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / "plan.csv").write_text(text, encoding="utf-8")
    assert label.refuses(2, "take", "import", SONG, reel, "--map", tmp_path / "plan.csv", "--yes").rule == "import.map"


def test_an_editor_needs_somebody(label: Label, reel: Path) -> None:
    said = label.run("take", "import", SONG, reel, "--edit")
    assert (said.code, said.rule) == (8, "input.needed")
    assert "--map FILE" in said.err
