"""``next`` puts first the one thing that is for the reader, by role, and marks it; the list stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.written import MIX, production

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A song with a take to judge, and a second one that has no part yet; people of several roles."""
    label = open_label(tmp_path, "Drums")
    label.does("song", "add", "night-bus", "Cold Harbour")
    label.does("take", "ingest", DRUMS, note(label.folder / "drums.wav", 80, seconds=1.0))
    for person, role in (
        ("pat", "producer"),
        ("lou", "mixer"),
        ("eve", "engineer"),
        ("lea", "label"),
        ("kit", "finance"),
    ):
        label.does("user", "add", person, "--role", role)
    return label


def first(label: Label, person: str, *words: str) -> dict[str, Any]:
    return next(iter(label.data("next", *words, "--as", person)), {})


def test_each_role_has_its_own_first_row_and_all_rows_stay(label: Label) -> None:
    label.does("part", "add", "night-bus/cold-harbour", "Drums")
    listed = {row["address"] for row in label.data("next", "--as", "pat")}
    assert first(label, "pat")["address"] == f"{DRUMS}/1"
    assert (first(label, "eve")["what"], first(label, "eve")["address"]) == ("begin", "night-bus/cold-harbour")
    assert first(label, "lea")["mine"] is False, "a label ingests no takes"
    for person in ("pat", "eve"):
        rows = label.data("next", "--as", person)
        assert {row["address"] for row in rows} == listed
        assert [row["mine"] for row in rows] == [True, *[False] * (len(rows) - 1)]
    assert "for you, as producer: takesheet review" in label.run("next", "--as", "pat").err


def test_whoever_has_nothing_to_do_is_told_so(label: Label) -> None:
    assert not any(row["mine"] for row in label.data("next", "--as", "kit"))
    assert label.data("next", "--mine", "--as", "kit") == []
    assert "nothing of this is for you" in label.run("next", "--as", "kit").err


def test_a_label_sees_first_what_is_late(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        due = studio.today() + timedelta(days=1)
    label.does("record", "edit", "night-bus", "--due", str(due))
    row = first(label, "lea", "--mine")
    assert (row["what"], row["address"]) == ("late", "night-bus")
    assert "days late" in row["why"]
    assert row["next"] == "takesheet plan critical night-bus"
    assert first(label, "pat")["what"] == "take", "a producer judges first"
    assert first(label, "lea", "--mine", DRUMS) == {}, "within a part, no record is late"


def test_a_label_sees_an_overrun_before_all_else_until_it_is_authorised(label: Label) -> None:
    label.does("budget", "set", "night-bus", "studio=100")
    label.does("budget", "invoice", "night-bus", "studio", "100.01", "--invoice", "7", "--payee", "Room A")
    row = first(label, "lea", "--mine")
    assert (row["what"], row["address"], row["why"]) == ("overrun", "night-bus/studio", "over budget by 0.01 EUR")
    assert row["next"] == "takesheet why budget night-bus/studio"
    assert first(label, "pat")["what"] == "take"
    with Studio.at(str(label.folder)) as studio:
        until = studio.today() + timedelta(days=3)
    label.does("budget", "authorise", "night-bus", "studio", "0.01", "--until", str(until), "--why", "an extra hour")
    assert first(label, "lea", "--mine").get("what") != "overrun"


def test_a_role_for_one_record_is_first_there_alone(label: Label) -> None:
    label.does("record", "new", "Tide", "--artist", "The Ferrymen")
    label.does("user", "add", "ann", "--role", "producer", "--record", "tide")
    assert first(label, "ann")["address"] == "tide"


def test_a_mixer_answers_open_notes_first(tmp_path: Path) -> None:
    label, *_ = production(tmp_path)
    label.does("user", "add", "lou", "--role", "mixer")
    assert first(label, "lou", "--mine").get("what") != "note"
    label.does("note", MIX, "less reverb", "--as", "pat")
    label.does("note", MIX, "a thought of my own", "--private", "--as", "pat")
    row = first(label, "lou", "--mine")
    assert (row["what"], row["address"], row["why"]) == ("note", MIX, "1 open note: n1")
    label.does("note", "done", "n1", "--record", "night-bus", "--as", "lou")
    assert first(label, "lou", "--mine").get("what") != "note"


def test_a_coordinator_sees_first_what_has_to_be_settled_in_the_calendar(label: Label) -> None:
    label.does("user", "add", "coo", "--role", "coordinator")
    label.does("resource", "add", "room-a")
    day = ("night-bus", "--room", "room-a", "--on", "2127-12-08", "--hours")
    label.does("session", "hold", *day, "10-18")
    label.does("session", "book", *day, "12-20")
    row = first(label, "coo")
    assert (row["what"], row["address"], row["next"]) == (
        "calendar", "night-bus/S1", "takesheet session release night-bus/S1",
    )  # fmt: skip
    assert "held against a booking: room-a" in row["why"]
    label.does("session", "release", "night-bus/S1")
    assert first(label, "coo").get("what") != "calendar"
