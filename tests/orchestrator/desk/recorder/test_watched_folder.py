"""A watched folder, through the command line: what is complete is taken without a question, and nothing is lost."""

import os
import shutil
import time
from pathlib import Path

import pytest

from domain.core.event import Event
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG
from tests.orchestrator.sounds import note
from tests.orchestrator.studio_day import SESSION, StudioDay, open_day, recording

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"


@pytest.fixture
def day(tmp_path: Path) -> StudioDay:
    """A session in which the drums run since 10:00, with one slate at 10:05."""
    day = open_day(tmp_path, "Drums", "Bass")
    day.keys("10:00:00", "drums")
    day.keys("10:05:00", "roll")
    day.keys("10:05:40", "roll", "keeper")
    return day


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


def watch(day: StudioDay, folder: Path) -> list[str]:
    """Watch the folder until all that is complete is taken; the takes and recordings that are new."""
    said = day.label.run("take", "watch", folder, "--session", SESSION, "--once", "--settle", "0", "--no-input")
    assert said.code == 0, said
    return list(dict.fromkeys(said.out.split()))


def takes(day: StudioDay) -> dict[str, object]:
    return {row["take"]: row["pass"] for row in day.label.data("take", "list", SONG)}


def events(day: StudioDay, kind: str) -> list[Event]:
    with Studio.at(str(day.label.folder)) as studio:
        return [one.event for one in studio.read_all() if one.event.kind == kind]


def test_a_file_of_a_slate_and_one_without_are_takes_of_the_running_part(day: StudioDay, card: Path) -> None:
    recording(card / "0001.wav", "10:05:02", seconds=36)
    recording(card / "0002.wav", "10:20:00", seconds=3)
    assert watch(day, card) == [f"{DRUMS}/1", f"{DRUMS}/2"]
    assert takes(day) == {f"{DRUMS}/1": 1, f"{DRUMS}/2": 2}
    assert watch(day, card) == []
    assert len(takes(day)) == 2


def test_tracks_that_begin_together_are_one_take_and_a_copy_is_no_second_one(day: StudioDay, card: Path) -> None:
    kick = recording(card / "Kick_01.wav", "10:05:02", seconds=3)
    recording(card / "Snare_01.wav", "10:05:02", seconds=3)
    shutil.copy(kick, card / "Kick_01 (1).wav")
    (card / "again").mkdir()
    shutil.copy(kick, card / "again" / "Kick_01.wav")
    assert watch(day, card) == [f"{DRUMS}/1"]
    [row] = day.label.data("take", "list", SONG)
    assert row["tracks"] == 2


def test_two_silent_inputs_are_two_tracks_though_their_bytes_are_equal(day: StudioDay, card: Path) -> None:
    kick = recording(card / "Kick_01.wav", "10:05:02", seconds=3)
    shutil.copy(kick, card / "Snare_01.wav")
    assert watch(day, card) == [f"{DRUMS}/1"]
    [row] = day.label.data("take", "list", SONG)
    assert row["tracks"] == 2


def test_a_half_written_track_holds_back_its_take_and_nothing_else(day: StudioDay, card: Path) -> None:
    recording(card / "Kick_01.wav", "10:05:02", seconds=3)
    whole = recording(card / "Snare_01.wav", "10:05:02", seconds=3).read_bytes()
    bext = whole[:12] + whole[whole.index(b"bext") :] + whole[12 : whole.index(b"bext")]  # recorders stamp first
    (card / "Snare_01.wav").write_bytes(bext[: len(bext) // 2])
    recording(card / "Kick_02.wav", "10:20:00", seconds=2)
    assert watch(day, card) == [f"{DRUMS}/1"]
    assert takes(day) == {f"{DRUMS}/1": 2}
    (card / "Snare_01.wav").write_bytes(bext)
    assert watch(day, card) == [f"{DRUMS}/2"]
    assert [row["tracks"] for row in day.label.data("take", "list", SONG)] == [1, 2]


def test_what_has_no_running_part_is_kept_listed_and_claimed(day: StudioDay, card: Path) -> None:
    recording(card / "line check.wav", "09:30:00", seconds=2)
    assert watch(day, card) == ["R1"]
    [row] = day.label.data("take", "list", "night-bus", "--unclaimed")
    assert (row["recording"], row["at"], row["session"]) == ("R1", "2026-12-07 09:30", SESSION)
    assert day.label.does("take", "claim", "r1", BASS) == f"{BASS}/1"
    assert day.label.data("take", "list", "night-bus", "--unclaimed") == []
    head = day.label.head
    assert day.label.does("take", "claim", "R1", BASS) == f"{BASS}/1"
    assert day.label.head == head
    assert day.label.refuses(3, "take", "claim", "R1", DRUMS).rule == "recording.claimed"
    assert day.label.refuses(4, "take", "claim", "R2", DRUMS).rule == "recording.unknown"
    assert watch(day, card) == []
    assert [len(events(day, kind)) for kind in ("recording-found", "recording-claimed", "take-ingested")] == [1, 1, 1]


def test_a_file_of_another_rate_than_its_song_is_kept_and_nothing_is_lost(day: StudioDay, card: Path) -> None:
    recording(card / "0001.wav", "10:05:02", seconds=3)
    assert watch(day, card) == [f"{DRUMS}/1"]
    note(card / "0002.wav", rate=44_100, seconds=1)
    written = time.mktime(time.strptime("2026-12-07 10:30", "%Y-%m-%d %H:%M"))
    os.utime(card / "0002.wav", (written, written))
    assert watch(day, card) == ["R1"]
    assert day.label.refuses(3, "take", "claim", "R1", DRUMS).rule == "rate.match"
    assert day.label.does("take", "claim", "R1", DRUMS, "--convert") == f"{DRUMS}/2"


def test_the_watched_folder_is_never_written_to_and_odd_entries_are_passed_over(day: StudioDay, card: Path) -> None:
    recording(card / "0001.wav", "10:05:02", seconds=3)
    (card / "empty.wav").touch()
    (card / "notes.txt").write_text("lunch at one")
    (card / "link.wav").symlink_to("/dev/zero")
    os.mkfifo(card / "pipe.wav")
    before = sorted((path, path.lstat().st_mtime_ns, path.lstat().st_size) for path in card.rglob("*"))
    assert watch(day, card) == [f"{DRUMS}/1"]
    assert sorted((path, path.lstat().st_mtime_ns, path.lstat().st_size) for path in card.rglob("*")) == before


def test_the_running_watch_takes_a_file_as_it_comes_and_ends_by_an_interrupt(day: StudioDay, card: Path) -> None:
    import signal

    process = day.label.begin("take", "watch", card, "--session", SESSION, "--settle", "0.2")
    try:
        time.sleep(1.0)
        recording(card / "0001.wav", "10:05:02", seconds=3)
        until = time.monotonic() + 30
        while time.monotonic() < until and not takes(day):
            time.sleep(0.2)
        assert takes(day) == {f"{DRUMS}/1": 1}
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        if process.poll() is None:
            process.kill()
    assert process.returncode == 0, err
    assert out.split() == [f"{DRUMS}/1"]


@pytest.mark.parametrize("at", ["", "x"])
def test_a_watch_needs_a_session_that_is_known(tmp_path: Path, at: str) -> None:
    day = open_day(tmp_path / "label", "Drums")
    session, code = (f"night-bus/{at}", 4) if at else ("S1", 2)
    day.label.refuses(code, "take", "watch", tmp_path, "--session", session, "--once")
