"""Split recordings: files that go on where another ends, to the sample, are one take; or they are told."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.orchestrator.chunked_files import bext, chunk, fmt, ixml, pcm, riff
from tests.orchestrator.disks import LimitedFiles
from tests.orchestrator.label import SONG, Label
from tests.paths import ROOT

MET = "2 files joined: stamps meet at 1:00:00.1"
HOUR = 48_000 * 3600
WHOLE = pcm(223, 9600)


def piece(folder: Path, name: str, content: bytes, *, reference: int, **how: Any) -> Path:
    """A file of 16 bits whose stamp is *reference*."""
    folder.mkdir(parents=True, exist_ok=True)
    xml = [how.pop("xml")] if "xml" in how else []
    stamp = bext(reference=reference).replace(b"2026-01-05", how.pop("day", b"2026-01-05").ljust(10, b"\0"))
    path = folder / f"{name}.wav"
    path.write_bytes(riff(stamp, *xml, fmt(**how), chunk(b"data", content)))
    return path


def split(folder: Path) -> Path:
    """A recording of 0.2 s in two files."""
    piece(folder, "Desk_0001", WHOLE[:9600], reference=HOUR)
    piece(folder, "Desk_0002", WHOLE[9600:], reference=HOUR + 4800)
    return folder


def rows(label: Label, folder: Path, *words: str) -> list[tuple[str, str]]:
    plan = label.data("take", "import", SONG, folder, "--dry-run", *words)
    return [(row["tracks"], row["note"]) for row in plan]


def test_files_whose_stamps_meet_are_one_take_and_the_table_says_so_before(label: Label, tmp_path: Path) -> None:
    assert rows(label, split(tmp_path / "reel")) == [("Desk_0001.wav + Desk_0002.wav", MET)]
    said = label.run("take", "import", SONG, tmp_path / "reel", "--yes")
    assert (said.code, said.out) == (0, f"{SONG}/desk/1\n")
    assert said.err.count(MET) == 2  # in the plan, and of the take
    (row,) = label.data("path", f"{SONG}/desk/1")
    sound, rate = soundfile.read(row["path"], dtype="int16")
    assert (sound.tobytes(), rate) == (WHOLE, 48_000)
    assert "from Desk_0001.wav + Desk_0002.wav" in label.does("why", f"{SONG}/desk/1")
    head = label.head
    label.does("take", "import", SONG, tmp_path / "reel", "--yes")
    assert label.head == head
    assert label.run("log", "verify", "--audio=").code == 0


def test_an_ingest_of_pieces_says_that_an_import_joins_them_and_takes_them(label: Label, tmp_path: Path) -> None:
    files = sorted(split(tmp_path / "reel").iterdir())
    told = (
        f"{SONG}/drums/1: Desk_0001.wav + Desk_0002.wav are one recording in pieces (stamps meet at 1:00:00.1): "
        "takesheet take import of their folder joins them to one take"
    )
    said = label.run("take", "ingest", f"{SONG}/drums", *files)
    assert (said.code, said.out.split()) == (0, [f"{SONG}/drums/1", f"{SONG}/drums/2"])
    assert [line for line in said.err.splitlines() if "in pieces" in line] == [told]
    room = piece(tmp_path / "apart", "Room_0002", pcm(90), reference=HOUR + 4800)
    other = piece(tmp_path / "apart", "Desk_0002", pcm(91), reference=HOUR + 4801)
    for later in (room, other):  # another part by its name; stamps that do not meet
        assert "in pieces" not in label.run("take", "ingest", f"{SONG}/bass", files[0], later).err


def test_they_are_parted_by_an_option_and_by_a_map(label: Label, tmp_path: Path) -> None:
    told = "goes on where Desk_0001.wav ends, to the sample: one recording in pieces"
    alone = [("Desk_0001.wav", ""), ("Desk_0002.wav", told)]
    assert rows(label, split(tmp_path / "reel"), "--no-join") == alone
    plan = tmp_path / "plan.csv"
    label.does("take", "import", SONG, tmp_path / "reel", "--map", plan)
    assert rows(label, tmp_path / "reel", "--map", str(plan)) == [("Desk_0001.wav + Desk_0002.wav", MET)]
    plan.write_text(plan.read_text().replace("Desk_0002.wav,Desk,1", "Desk_0002.wav,Desk,2"))
    assert [tracks for tracks, _ in rows(label, tmp_path / "reel", "--map", str(plan))] == [
        "Desk_0001.wav",
        "Desk_0002.wav",
    ]
    label.does("take", "import", SONG, tmp_path / "reel", "--map", plan, "--yes")
    assert len(label.data("take", "list", SONG)) == 2


def test_a_map_names_the_track_of_a_recording_in_pieces_by_any_of_them(label: Label, tmp_path: Path) -> None:
    folder, plan = split(tmp_path / "reel"), tmp_path / "plan.csv"
    piece(folder, "Room_0001", WHOLE[9600:], reference=HOUR)
    piece(folder, "Room_0002", WHOLE[:9600], reference=HOUR + 4800)
    plan.write_text(
        "file,part,take,track\nDesk_0001.wav,Drums,1,\nDesk_0002.wav,Drums,1,kick\n"
        "Room_0001.wav,Drums,1,room\nRoom_0002.wav,Drums,1,\n"
    )
    label.does("take", "import", SONG, folder, "--map", plan, "--yes")
    shown = label.data("take", "show", f"{SONG}/drums/1")
    assert sorted(line.split(" ")[0] for line in shown["tracks"]) == ["kick", "room"]
    plan.write_text(plan.read_text().replace("room\n", "kick\n"))
    said = label.refuses(2, "take", "import", SONG, folder, "--map", plan, "--yes")
    assert "two files for the track kick: " in said.err


def test_a_kit_in_pieces_is_one_take_of_its_tracks_on_one_pass(label: Label, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        for hz, name in enumerate(("Kick", "Snare", "Vox"), start=100):
            piece(tmp_path / "reel", f"{name}_{number:04}", pcm(hz + number), reference=HOUR + 4800 * (number - 1))
    plan = label.data("take", "import", SONG, tmp_path / "reel", "--dry-run")
    assert [(row["part"].removesuffix(" (new)"), row["pass"]) for row in plan] == [("Drums", 1), ("Vox", 1)]
    assert plan[0]["note"] == "3 files joined: stamps meet at 1:00:00.1, 1:00:00.2"
    label.does("take", "import", SONG, tmp_path / "reel", "--yes")
    files = label.data("path", f"{SONG}/drums/1")
    assert sorted(file["name"].rpartition("_")[2] for file in files) == ["kick", "snare"]
    assert {soundfile.info(file["path"]).frames for file in files} == {3 * 4800}


@pytest.mark.parametrize("gap", [1, -1])
def test_stamps_that_do_not_meet_to_the_sample_join_nothing(label: Label, tmp_path: Path, gap: int) -> None:
    piece(tmp_path / "reel", "Desk_0001", WHOLE[:9600], reference=HOUR)
    piece(tmp_path / "reel", "Desk_0002", WHOLE[9600:], reference=HOUR + 4800 + gap)
    assert len(rows(label, tmp_path / "reel")) == 2


def test_takes_that_their_recorder_numbers_and_other_formats_are_not_joined(label: Label, tmp_path: Path) -> None:
    for number in (1, 2):
        xml = ixml("12A", str(number), "Boom")
        piece(tmp_path / "takes", f"T{number}", pcm(90), reference=HOUR + 4800 * (number - 1), xml=xml)
    assert len(rows(label, tmp_path / "takes")) == 2
    piece(tmp_path / "formats", "Desk_0001", pcm(90), reference=HOUR)
    piece(tmp_path / "formats", "Desk_0002", pcm(90), reference=HOUR + 4800, channels=2)
    assert len(rows(label, tmp_path / "formats")) == 2


def test_what_the_recorder_said_of_the_first_piece_is_kept(label: Label, tmp_path: Path) -> None:
    for number in (1, 2):
        xml = ixml("12A", "7", "Boom")
        piece(tmp_path / "reel", f"B{number}", pcm(90 + number), reference=HOUR + 4800 * (number - 1), xml=xml)
    take = label.does("take", "import", SONG, tmp_path / "reel", "--yes")
    assert label.data("take", "show", take)["recorder"] == ["scene 12A", "take 7"]


LATER = {"reference": HOUR + 4800}
SLATED = {"xml": ixml("12A", "7", "Boom")}
UNLIKE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "channels": ({}, {"channels": 2}),
    "rate": ({}, {"rate": 44_100}),
    "bits": ({}, {"bits": 24}),
    "scene": (SLATED, {"xml": ixml("12B", "7", "Boom")}),
    "take": (SLATED, {"xml": ixml("12A", "8", "Boom")}),
    "day": ({}, {"day": b"2026-01-06"}),
}


@pytest.mark.parametrize("how", UNLIKE)
def test_one_property_that_differs_is_enough_to_join_nothing(label: Label, tmp_path: Path, how: str) -> None:
    first, second = UNLIKE[how]
    piece(tmp_path / "reel", "Desk_0001", WHOLE[:9600], reference=HOUR, **first)
    piece(tmp_path / "reel", "Desk_0002", WHOLE[9600:], **LATER, **second)
    assert "joined" not in str(rows(label, tmp_path / "reel"))


def test_track_names_that_differ_join_nothing_also_in_a_map_that_asks_for_it(label: Label, tmp_path: Path) -> None:
    piece(tmp_path / "reel", "Desk_0001", WHOLE[:9600], reference=HOUR, xml=ixml("12A", "7", "Tr1"))
    piece(tmp_path / "reel", "Desk_0002", WHOLE[9600:], **LATER, xml=ixml("12A", "7", "Tr2"))
    assert "joined" not in str(rows(label, tmp_path / "reel"))


def test_a_kit_of_which_one_track_has_no_second_piece_is_not_joined(label: Label, tmp_path: Path) -> None:
    for name in ("Kick", "Snare"):
        piece(tmp_path / "reel", f"{name}_0001", WHOLE[:9600], reference=HOUR)
    piece(tmp_path / "reel", "Kick_0002", WHOLE[9600:], **LATER)
    assert "joined" not in str(rows(label, tmp_path / "reel"))


def test_a_stamp_without_a_day_is_joined_by_its_samples(label: Label, tmp_path: Path) -> None:
    for number, when in ((1, b"14:23:12"), (2, b"15:23:12")):
        content = WHOLE[9600 * (number - 1) : 9600 * number]
        path = piece(tmp_path / "reel", f"Desk_{number:04}", content, reference=HOUR + 4800 * (number - 1), day=b"")
        path.write_bytes(path.read_bytes().replace(b"14:23:12", when))
    assert rows(label, tmp_path / "reel") == [("Desk_0001.wav + Desk_0002.wav", MET)]


def test_a_piece_that_two_takes_could_go_on_with_is_joined_to_the_one_of_its_day(label: Label, tmp_path: Path) -> None:
    piece(tmp_path / "reel", "Desk_0001", pcm(90), reference=0, day=b"2026-01-04")
    piece(tmp_path / "reel", "Desk_0002", pcm(80), reference=0)
    piece(tmp_path / "reel", "Desk_0003", pcm(70), reference=4800)
    assert [tracks for tracks, _ in rows(label, tmp_path / "reel")] == [
        "Desk_0001.wav", "Desk_0002.wav + Desk_0003.wav"
    ]  # fmt: skip


def test_a_join_that_finds_no_room_takes_nothing_and_works_later(label: Label, tmp_path: Path) -> None:
    split(tmp_path / "reel")
    label.does("part", "add", SONG, "Desk")
    with LimitedFiles(tmp_path).full(but=15_000):
        said = label.run("take", "import", SONG, tmp_path / "reel", "--yes")
    assert said.code == 3, said
    assert "cannot be joined in the vault (File too large)" in said.err + said.out
    assert label.data("take", "list", SONG) == []
    assert not list((label.folder / ".takesheet" / "vault").rglob("joined.wav"))
    assert label.does("take", "import", SONG, tmp_path / "reel", "--yes") == f"{SONG}/desk/1"


def test_a_process_killed_while_it_joins_leaves_nothing_that_counts(label: Label, tmp_path: Path) -> None:
    split(tmp_path / "reel")
    code = (
        "import os, signal\n"
        "from orchestrator.desk.intake import ingest\n"
        "ingest.inspect = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from orchestrator.cli.main import run\n"
        f"run(['take', 'import', {SONG!r}, {str(tmp_path / 'reel')!r}, '--yes'])\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=label.folder, env=env, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done
    assert label.data("take", "list", SONG) == []
    assert label.does("take", "import", SONG, tmp_path / "reel", "--yes") == f"{SONG}/desk/1"
    assert label.run("log", "verify", "--audio=").code == 0
    label.does("render")
    assert not list((label.folder / ".takesheet" / "vault").rglob("joined.wav")), "the next render clears it away"
