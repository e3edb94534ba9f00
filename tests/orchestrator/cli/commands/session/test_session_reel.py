"""``session wrap --reel``: the day's moments as one file, from the recordings of their times."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from orchestrator.desk.session.session_day import SessionKeys
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG
from tests.orchestrator.sounds import RATE, note
from tests.orchestrator.studio_day import DAY, SESSION, StudioDay, open_day, recording


def moment(day: StudioDay, time: str, text: str) -> None:
    """Mark a moment at *time* of the day."""
    day.clock.set(f"{DAY}T{time}")
    with Studio.at(str(day.label.folder), clock=day.clock) as studio:
        SessionKeys(studio, "night-bus", SESSION).moment(text)


@pytest.fixture
def day(tmp_path: Path) -> StudioDay:
    """Two rolls: one with a stamp by a clock that is 30 s ahead, one that its slate alone dates; three moments."""
    day = open_day(tmp_path / "label", "Drums", "Bass")
    day.keys("10:20:00", "drums", "roll")
    moment(day, "10:20:10", "the laugh")
    day.keys("10:20:30", "roll")
    day.keys("10:30:00", "bass", "roll")
    day.keys("10:30:20", "roll")
    moment(day, "10:30:25", "")
    moment(day, "11:30:00", "between songs")
    files = tmp_path / "recorder"
    files.mkdir()
    recording(files / "drums_1.wav", "10:20:00", ahead=30, seconds=30, hz=300)
    day.label.does("take", "import", SONG, files, "--session", "S1", "--yes", "--clock-ahead", "30")
    slated = note(tmp_path / "bass.wav", 600, seconds=20)
    day.label.does("take", "ingest", f"{SONG}/bass", slated, "--session", SESSION, "--pass", 2)
    return day


def pitch(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> int:
    """The strongest frequency, Hz."""
    return round(int(np.argmax(np.abs(np.fft.rfft(samples)))) * RATE / len(samples))


def test_each_moment_sounds_from_the_recording_of_its_time_and_what_was_not_recorded_is_listed(day: StudioDay) -> None:
    reel = day.label.folder / "reel.wav"
    data = day.label.data("session", "wrap", SESSION, "--reel", reel)["reel"]
    assert [(one["text"], one["place"]) for one in data["moments"]] == [("the laugh", "0:00"), ("", "0:11.6")]
    assert [one.endswith("between songs") for one in data["without"]] == [True]
    samples, rate = soundfile.read(reel)
    assert rate == RATE
    assert len(samples) == round((12 + 3 - 0.4) * RATE), "8 s before and 4 s after, as far as they were recorded"
    assert pitch(samples[: 10 * RATE, 0]) == pytest.approx(300, abs=2)
    assert pitch(samples[-2 * RATE :, 0]) == pytest.approx(600, abs=2)
    said = day.label.run("session", "wrap", SESSION, "--reel", day.label.folder / "again.wav")
    assert "  0:00  the laugh" in said.err
    assert "not recorded: " in said.err


@pytest.mark.parametrize(
    ("name", "why"),
    [("reel.mp3", "a reel is a WAV"), ("no/reel.wav", "is no folder"), ("there.wav", "is there already")],
)
def test_a_reel_that_cannot_be_made_stops_no_wrap(day: StudioDay, name: str, why: str) -> None:
    (day.label.folder / "there.wav").write_bytes(b"mine")
    said = day.label.run("session", "wrap", SESSION, "--reel", day.label.folder / name)
    assert (said.code, "Thank you." in said.out, why in said.err) == (0, True, True)
    assert (day.label.folder / "there.wav").read_bytes() == b"mine"
    assert "session-wrapped" in [row["kind"] for row in day.label.data("log", "show")]


def test_without_a_recorded_moment_there_is_no_reel(tmp_path: Path) -> None:
    day = open_day(tmp_path / "label", "Drums")
    moment(day, "10:20:10", "the laugh")
    said = day.label.run("session", "wrap", SESSION, "--reel", tmp_path / "reel.wav")
    assert (said.code, "none of the 1 moments" in said.err) == (0, True)
    assert not (tmp_path / "reel.wav").exists()
