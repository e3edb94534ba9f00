"""Import of a recorder's folder: parts, takes and passes by file names and stamps."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from orchestrator.desk.review.review_rows import questions
from orchestrator.studio import Studio
from tests.orchestrator.chunked_files import bext, chunk, fmt, ixml, pcm, riff
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note, silence, stamped

KIT = ("Kick In", "Kick Out", "Snare Top", "Snare Bottom", "Rack Tom", "Floor Tom", "Hat", "Ride",
       "OH.L", "OH.R", "Room.L", "Room.R", "Crash", "Snare Side", "Kick Sub", "Room Mono")  # fmt: skip


def takes(label: Label) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = label.data("take", "list", SONG)
    return rows


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
    assert "not taken: notes.txt" not in said.err
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


def rolled(folder: Path, *names: str, reference: int | None = 48_000 * 3600, when: bytes = b"14:23:12") -> None:
    """Files of one roll: all begin at one sample and have one length."""
    folder.mkdir(parents=True, exist_ok=True)
    for turn, name in enumerate(names, start=len(list(folder.iterdir()))):
        head = [] if reference is None else [bext(reference=reference, when=when)]
        (folder / f"{name}.wav").write_bytes(riff(*head, fmt(), chunk(b"data", pcm(110 + 7 * turn))))


def named(folder: Path, name: str, xml: bytes, *, reference: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    turn = len(list(folder.iterdir()))
    content = riff(bext(reference=reference), xml, fmt(), chunk(b"data", pcm(110 + 7 * turn)))
    (folder / name).write_bytes(content)


def planned(label: Label, folder: Path) -> list[tuple[str, int | None, str]]:
    rows = label.data("take", "import", SONG, folder, "--dry-run")
    return [(row["part"].removesuffix(" (new)"), row["pass"], row["tracks"].replace(".wav", "")) for row in rows]


ROLL = ("Kick", "Snare", "Tom 1", "Tom 2", "OH L", "OH R", "BGV 1", "BGV 2", "Juno 60")


@pytest.mark.parametrize("reference", [48_000 * 3600, None])
def test_files_of_one_roll_are_one_drum_take_and_never_takes_of_one_another(
    label: Label, tmp_path: Path, reference: int | None
) -> None:
    rolled(tmp_path / "roll", *ROLL, reference=reference)
    number = 1 if reference else None
    assert planned(label, tmp_path / "roll") == [
        ("BGV 1", number, "BGV 1"),
        ("BGV 2", number, "BGV 2"),
        ("Drums", number, "Kick, OH L, OH R, Snare, Tom 1, Tom 2"),
        ("Juno 60", number, "Juno 60"),
    ]
    label.does("take", "import", SONG, tmp_path / "roll", "--yes")
    tracks = [file["name"].rpartition("_")[2] for file in label.data("path", f"{SONG}/drums/1")]
    assert tracks == ["kick", "oh-l", "oh-r", "snare", "tom-1", "tom-2"]


def test_numbers_with_stamps_of_their_own_are_takes(label: Label, tmp_path: Path) -> None:
    for number in (1, 2):
        rolled(tmp_path / "roll", f"BGV {number}", f"Gtr {number}", reference=48_000 * 3600 * number)
    assert planned(label, tmp_path / "roll") == [
        ("BGV", 1, "BGV 1"), ("Gtr", 1, "Gtr 1"), ("BGV", 2, "BGV 2"), ("Gtr", 2, "Gtr 2"),
    ]  # fmt: skip


def test_what_began_at_one_sample_and_is_of_another_length_is_another_part(label: Label, tmp_path: Path) -> None:
    rolled(tmp_path / "roll", "Kick", "Snare")
    short = riff(bext(reference=48_000 * 3600), fmt(), chunk(b"data", pcm(90, frames=4000)))
    (tmp_path / "roll" / "Room.wav").write_bytes(short)
    assert planned(label, tmp_path / "roll") == [("Drums", 1, "Kick, Snare"), ("Room", 1, "Room")]


def test_ixml_counts_before_the_name_of_the_file(label: Label, tmp_path: Path) -> None:
    for take in (1, 2):
        for channel, name in ((1, "Kick"), (2, "Snare"), (3, "Vox")):
            file = f"260105_{take:03}_Tr{channel}.wav"
            named(tmp_path / "zoom", file, ixml("260105", f"{take:03}", name), reference=48_000 * 60 * take)
            file = f"SCENE12A-T{take:02}_{channel}.wav"
            named(tmp_path / "mixer", file, ixml("12A", str(take), name), reference=48_000 * 60 * take)
    for folder in ("zoom", "mixer"):
        plan = [(part, number) for part, number, _ in planned(label, tmp_path / folder)]
        assert plan == [("Drums", 1), ("Vox", 1), ("Drums", 2), ("Vox", 2)]


@pytest.mark.parametrize(
    ("names", "plan"),
    [
        (("ZOOM0001_Tr1", "ZOOM0001_TrLR", "ZOOM0002_Tr1", "ZOOM0002_TrLR"),
         [("Track 1", 1), ("Track LR", 1), ("Track 1", 2), ("Track LR", 2)]),
        (("OH_01.01.L", "OH_01.01.R", "OH_02.01.L", "OH_02.01.R"), [("Drums", 1), ("Drums", 2)]),
        (("Kick(1)", "Lead Vox(1)", "Kick(2)", "Lead Vox(2)"),
         [("Drums", 1), ("Lead Vox", 1), ("Drums", 2), ("Lead Vox", 2)]),
        (("1-Kick 0001 [2026-01-05 142301]", "1-Kick 0002 [2026-01-05 142302]"), [("Drums", 1), ("Drums", 2)]),
        (("01-Kick In-260105_1423", "02-Vox-260105_1423", "01-Kick In-260105_1423-01", "02-Vox-260105_1423-01",
          "01-Kick In-260105_1429", "02-Vox-260105_1429"),
         [("Drums", 1), ("Vox", 1), ("Drums", 2), ("Vox", 2), ("Drums", 3), ("Vox", 3)]),
        (("Kick#01", "Kick#02"), [("Drums", 1), ("Drums", 2)]),
    ],
)  # fmt: skip
def test_takes_are_told_by_what_recorders_and_programs_write(
    label: Label, tmp_path: Path, names: tuple[str, ...], plan: list[tuple[str, int]]
) -> None:
    rolled(tmp_path / "reel", *names, reference=None)
    assert [(part, number) for part, number, _ in planned(label, tmp_path / "reel")] == plan


def test_files_whose_times_differ_never_sound_together(label: Label, tmp_path: Path) -> None:
    rolled(tmp_path / "reel", "Kick_01", reference=0, when=b"14:00:00")
    rolled(tmp_path / "reel", "Snare_01", reference=0, when=b"15:00:00")
    assert planned(label, tmp_path / "reel") == [("Drums", None, "Kick_01"), ("Drums", None, "Snare_01")]


def test_one_sound_in_two_parts_is_told(label: Label, tmp_path: Path) -> None:
    rolled(tmp_path / "reel", "Bass_01", reference=None)
    shutil.copyfile(tmp_path / "reel" / "Bass_01.wav", tmp_path / "reel" / "Guitar_01.wav")
    assert "the same audio as Bass" in label.does("take", "import", SONG, tmp_path / "reel", "--dry-run")
    label.does("take", "ingest", f"{SONG}/bass", tmp_path / "reel" / "Bass_01.wav")
    said = label.run("take", "ingest", f"{SONG}/guitar", tmp_path / "reel" / "Guitar_01.wav")
    assert f"the same audio as {SONG}/bass/1.main" in said.err


def test_a_bad_name_or_file_stops_no_other(label: Label, tmp_path: Path) -> None:
    folder = tmp_path / "reel"
    rolled(folder, "Bass_01", "---", "\u3000", "!!!_01", reference=None)
    latin = os.fsencode(folder) + b"/Schl\xe4gel_01.wav"
    Path(os.fsdecode(latin)).write_bytes((folder / "Bass_01.wav").read_bytes())
    (folder / "Bass_02.wav").write_text("not sound")
    said = label.run("take", "import", SONG, folder, "--yes")
    assert (said.code, said.rule) == (3, "audio.refused")
    for name in ("---.wav", "!!!_01.wav", "Bass_02.wav"):
        assert f"not taken: {name}" in said.err
    assert sorted(row["take"] for row in takes(label)) == [f"{SONG}/bass/1", f"{SONG}/schlagel/1"]


def test_nothing_is_resampled_unasked(label: Label, tmp_path: Path) -> None:
    note(tmp_path / "reel" / "Bass_01.wav")
    note(tmp_path / "reel" / "Guitar_01.wav", rate=44_100)
    said = label.run("take", "import", SONG, tmp_path / "reel", "--yes")
    assert said.code == 3
    assert "not taken: Guitar_01.wav: rate.match" in said.err
    assert len(takes(label)) == 1


def test_a_pass_with_two_takes_of_one_part_is_not_approved_as_a_whole(label: Label, tmp_path: Path) -> None:
    for turn, seconds in enumerate((0.2, 0.3)):
        file = note(tmp_path / f"{turn}.wav", 100.0 + turn, seconds=seconds)
        label.does("take", "ingest", f"{SONG}/drums", file, "--pass", "1")
    label.does("take", "ingest", f"{SONG}/bass", note(tmp_path / "bass.wav", 70.0), "--pass", "1")
    said = label.refuses(3, "take", "approve", f"{SONG}@pass1")
    assert said.rule == "pass.several"
    assert f"{SONG}/drums/1 and {SONG}/drums/2" in said.err
    assert "--except drums" in said.err
    label.does("take", "keep", f"{SONG}@pass1")
    label.does("take", "reject", f"{SONG}/drums/1")
    label.does("take", "approve", f"{SONG}@pass1")
    assert [row["verdict"] for row in takes(label)] == ["rejected", "approved", "approved"]
