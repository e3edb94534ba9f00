"""``session report``, through the command line: who played what, from when to when."""

import csv
import json
from pathlib import Path

import pytest

from orchestrator.desk.session.session_day import SessionKeys
from orchestrator.desk.session.session_reports import COLUMNS
from orchestrator.studio import Studio
from tests.orchestrator.hand_clock import HandClock
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note
from tests.paths import ROOT

S1, DRUMS, BASS, SHAKER = "night-bus/S1", f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/shaker"


@pytest.fixture
def clock() -> HandClock:
    return HandClock("2027-12-07T10:00")


@pytest.fixture
def label(tmp_path: Path, clock: HandClock) -> Label:
    """Jo records drums and a shaker, Al stays unrecorded, an engineer and somebody without a role are there."""
    label = open_label(tmp_path, clock=clock)
    label.does("room", "add", "Room A", "--day", "73.19")
    for name in ("Jo", "Al", "Eve", "=Max"):
        label.does("person", "add", name, "--day", "73.19")
    label.does("user", "add", "eve", "--role", "engineer")
    label.does("user", "add", "jo", "--role", "musician")
    label.does("part", "add", SONG, "Drums", "--player", "Jo", "--instrument", "drum kit")
    label.does("part", "add", SONG, "Shaker", "--player", "Jo")
    label.does("part", "add", SONG, "Bass", "--player", "Al")
    label.does("part", "add", SONG, "Gong")
    label.does("session", "book", "night-bus", "--room", "room-a", "--with", "jo,al,eve,max", "--on", "2027-12-07",
               "--hours", "10-18")  # fmt: skip
    roll(label, clock, DRUMS, ("11:00", "11:04"), "false-start")
    roll(label, clock, DRUMS, ("11:10", "11:14"), "not-this-one")
    roll(label, clock, DRUMS, ("11:20", "11:24"), "keeper")
    label.does("take", "ingest", SHAKER, note(tmp_path / "shaker.wav", 440, seconds=0.5), "--session", S1)
    return label


def roll(label: Label, clock: HandClock, part: str, times: tuple[str, str], mark: str) -> None:
    """Record one pass of *part* from one time to another by the clock, and mark it."""
    begins, ends = times
    with Studio.at(str(label.folder), clock=clock) as studio:
        keys = SessionKeys(studio, "night-bus", S1)
        clock.set(f"2027-12-07T{begins}")
        keys.start_parts([part])
        keys.roll()
        clock.set(f"2027-12-07T{ends}")
        keys.roll()
        keys.mark(mark)  # type: ignore[arg-type]


def test_what_was_recorded_is_reported_with_times_and_what_was_only_planned_is_not(label: Label) -> None:
    label.does("session", "wrap", S1, "--came", "jo=10:15-17:40", "--absent", "al")
    rows = label.data("session", "report", S1)
    assert [(row["name"], row["role"], row["instrument"], row["passes"]) for row in rows] == [
        ("Jo", "performer", "drum kit", 2), ("Jo", "performer", "Shaker", 1), ("Eve", "engineer", "", 0),
        ("=Max", "other", "", 0),
    ]  # fmt: skip
    drums, shaker, eve, _ = rows
    assert set(drums) == set(COLUMNS)
    assert (drums["came"], drums["left"], drums["minutes"], drums["attendance"]) == (
        "2027-12-07T10:15:00+01:00", "2027-12-07T17:40:00+01:00", 445, "recorded",
    )  # fmt: skip
    assert (drums["first_pass"], drums["last_pass"]) == ("2027-12-07T11:10:00+01:00", "2027-12-07T11:24:00+01:00")
    assert (shaker["first_pass"], shaker["last_pass"]) == ("", "")
    assert (drums["song_title"], drums["venue"], drums["label"]) == ("Tin Roof", "room-a", "Harbour Records")
    assert (eve["minutes"], eve["song"], eve["date"]) == (480, "", "2027-12-07")


def test_before_the_wrap_it_stands_on_the_booking_and_says_so_as_of_a_part_without_a_player(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/gong", note(label.folder / "gong.wav", 80, seconds=0.5), "--session", S1)
    said = label.run("session", "report", S1)
    assert "session wrap records who came" in said.err
    assert "recorded without a player" in said.err
    rows = label.data("session", "report", S1)
    assert {row["attendance"] for row in rows} == {"booked", "none"}
    assert [row["instrument"] for row in rows if not row["person"]] == ["Gong"]


def test_it_is_data_without_formulas_money_or_doubts_and_a_file_is_written_whole(label: Label) -> None:
    out = label.folder / "report.csv"
    label.does("session", "report", S1, "--format", "csv", "--out", out)
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [row["name"] for row in rows] == ["Jo", "Jo", "Al", "Eve", "'=Max"]
    assert list(rows[0]) == list(COLUMNS)
    told = label.does("session", "report", S1, "--format", "json")
    assert json.loads(told) == label.data("session", "report", S1, "--record")
    for text in (told, out.read_text("utf-8")):
        assert not [word for word in ("73.19", "not-this-one", "keeper", "EUR") if word in text]
    assert label.refuses(2, "session", "report", S1, "--out", out).rule == "session.report"


def test_a_musician_gets_their_own_rows(label: Label) -> None:
    assert {row["name"] for row in label.data("session", "report", S1, "--as", "jo")} == {"Jo"}
    assert {row["name"] for row in label.data("session", "report", S1, "--view-as", "jo")} == {"Jo"}
    assert {row["name"] for row in label.data("session", "report", S1, "--as", "eve")} >= {"Jo", "Al", "Eve"}


def test_all_sessions_of_a_record_are_reported_without_those_that_were_cancelled(label: Label) -> None:
    for day in ("08", "09"):
        label.does("session", "book", "night-bus", "--room", "room-a", "--with", "jo", "--on", f"2027-12-{day}",
                   "--hours", "10-18")  # fmt: skip
    label.does("session", "cancel", "night-bus/S3")
    assert {row["session"] for row in label.data("session", "report", S1, "--record")} == {S1, "night-bus/S2"}
    assert label.run("session", "report", "night-bus/S9").rule == "session.unknown"


def test_every_column_is_documented() -> None:
    page = (ROOT / "docs" / "session_report.md").read_text("utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []
