"""Import of a recorder's folder by the slates of a session, through the command line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG
from tests.orchestrator.studio_day import SESSION, StudioDay, open_day, recording

DRUMS, BASS, VOCAL = f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/lead-vocal"


@pytest.fixture
def day(tmp_path: Path) -> StudioDay:
    """Three slates: two of the drums, of which the second is a keeper, and one of the vocal."""
    day = open_day(tmp_path, "Drums", "Bass", "Lead Vocal")
    day.keys("10:00:00", "drums")
    day.keys("10:05:00", "roll")
    day.keys("10:05:40", "roll")
    day.keys("10:10:00", "roll")
    day.keys("10:10:50", "roll", "keeper")
    day.keys("11:00:00", "lead-vocal", "roll")
    day.keys("11:00:30", "roll", "hold")
    day.clock.set("2026-12-07T12:00")
    return day


def card(tmp_path: Path, *, ahead: float) -> Path:
    """The recorder's card, whose file names say nothing."""
    folder = tmp_path / "card"
    recording(folder / "0001.wav", "10:05:03", ahead=ahead, seconds=35)
    recording(folder / "0002.wav", "10:10:02", ahead=ahead, seconds=46)
    recording(folder / "0003.wav", "11:00:01", ahead=ahead, seconds=28)
    return folder


def test_every_slate_finds_its_file_by_time_though_the_clock_of_the_recorder_is_wrong(
    day: StudioDay, tmp_path: Path
) -> None:
    folder = card(tmp_path, ahead=3_683.0)
    refusal = day.label.refuses(8, "take", "import", SONG, folder, "--session", "S1", "--yes", "--no-input")
    assert "3 of 3 slates" in refusal.err
    assert "--clock-ahead 3685" in refusal.err
    day.label.does("take", "import", SONG, folder, "--session", "S1", "--yes", "--clock-ahead", "3685")
    rows = {row["take"]: row for row in day.label.data("take", "list", SONG)}
    assert {take: row["pass"] for take, row in rows.items()} == {f"{DRUMS}/1": 1, f"{DRUMS}/2": 2, f"{VOCAL}/1": 3}
    assert [row["starts"] for row in rows.values()] == ["0:00"] * 3
    assert day.label.data("take", "show", f"{DRUMS}/2")["session"] == SESSION
    again = day.label.does("take", "import", SONG, folder, "--session", "S1", "--yes", "--no-input")  # asked once
    assert sorted(again.splitlines()) == sorted(rows)
    assert len(day.label.data("take", "list", SONG)) == 3


def test_the_table_says_which_slate_has_no_audio_and_which_audio_has_no_slate(day: StudioDay, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    recording(folder / "0002.wav", "10:10:02", seconds=46)
    recording(folder / "Bass_01.wav", "10:40:00", seconds=3)
    rows = day.label.data("take", "import", SONG, folder, "--session", "S1", "--dry-run", "--clock-ahead", "0")
    told = [(row.get("slate"), row["part"], row.get("mark"), row["note"].partition(";")[0]) for row in rows]
    assert told == [
        (1, DRUMS, "", "no recording"), (2, DRUMS, "keeper", ""), (3, VOCAL, "hold", "no recording"),
        (None, "Bass", "", "no slate"),
    ]  # fmt: skip


def test_a_recording_that_runs_over_several_slates_is_named_at_each(day: StudioDay, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    recording(folder / "long.wav", "10:04:55", seconds=400)
    rows = day.label.data("take", "import", SONG, folder, "--session", "S1", "--dry-run", "--clock-ahead", "0")
    assert [(row["slate"], row["tracks"], row["note"]) for row in rows] == [
        (1, "", "no recording of its own: it is within a longer one"), (2, "long.wav", ""), (3, "", "no recording"),
    ]  # fmt: skip


def test_parts_of_one_slate_are_told_apart_by_the_names_of_their_files(tmp_path: Path) -> None:
    day = open_day(tmp_path, "Drums", "Bass", "Lead Vocal")
    day.keys("10:00:00", "drums+bass", "roll")
    day.keys("10:01:00", "roll")
    folder = tmp_path / "card"
    for name in ("Kick_01", "Snare_01", "Bass DI_01"):
        recording(folder / f"{name}.wav", "10:00:01", seconds=58)
    day.label.does("take", "import", SONG, folder, "--session", "S1", "--yes", "--clock-ahead", "0")
    rows = day.label.data("take", "list", SONG)
    assert {row["take"]: row["pass"] for row in rows} == {f"{DRUMS}/1": 1, f"{BASS}/1": 1}
    tracks = {str(row["take"]): row["tracks"] for row in rows}
    assert tracks == {f"{DRUMS}/1": 2, f"{BASS}/1": 1}


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "86401", "-86401"])
def test_a_clock_beyond_a_day_is_refused(day: StudioDay, tmp_path: Path, seconds: str) -> None:
    folder = card(tmp_path, ahead=0.0)
    said = day.label.refuses(2, "take", "import", SONG, folder, "--session", "S1", f"--clock-ahead={seconds}", "--yes")
    assert said.rule == "recorder.clock"
