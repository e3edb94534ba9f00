"""Completion through the command line: what is missing, who owes it, and exit 6 until nothing is."""

from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label, release
from tests.orchestrator.sounds import note


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A song of drums, and of a vocal wanted in the verse, which kim sings."""
    label = open_label(tmp_path, "Drums")
    label.does("part", "add", SONG, "Vocal", "--player", "kim", "--sections", "verse")
    return label


def test_what_is_missing_names_who_owes_it_and_the_next_command(label: Label) -> None:
    label.does("user", "add", "lou", "--role", "engineer")
    said = label.run("song", "check", SONG, "--json")
    assert said.code == 6
    assert (said.json["ok"], said.json["rule"]) == (False, "song.incomplete")
    rows = {(row["what"], row["address"]): row for row in said.json["data"]}
    assert list(rows) == [
        ("keeper", f"{SONG}/drums"), ("form", f"{SONG}/vocal"), ("keeper", f"{SONG}/vocal"), ("mix", SONG),
    ]  # fmt: skip
    assert rows["keeper", f"{SONG}/drums"]["owed_by"] == "root, lou"
    assert rows["keeper", f"{SONG}/vocal"]["owed_by"] == "kim, root, lou"
    assert rows["mix", SONG]["next"] == f"takesheet mix draft {SONG}"
    shown = label.run("record", "check", "night-bus")
    assert (shown.code, shown.rule) == (6, "record.incomplete")
    assert "no master yet" in shown.out
    assert "2 keepers, 1 form, 1 mix, 1 master to do" in shown.err
    assert f"next: takesheet take ingest {SONG}/drums FILE" in shown.err


def test_the_sections_that_a_part_is_wanted_in_are_covered_one_by_one(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/vocal", note(label.folder / "vocal.wav", 440, seconds=4.0))
    label.does("song", "form", SONG, "intro=0:00", "verse=0:02", "end=0:04")
    (drums, vocal) = label.data("take", "coverage", SONG)
    assert (drums["sections"], drums["kept"]) == ({"intro": "none", "verse": "none"}, False)
    assert (vocal["player"], vocal["sections"]) == ("kim", {"intro": "-", "verse": "to judge"})
    label.does("take", "approve", f"{SONG}/vocal/1@verse")
    assert label.data("take", "coverage", SONG)[1]["sections"] == {"intro": "-", "verse": "kept"}
    assert "intro" in label.does("take", "coverage", SONG).splitlines()[0]
    rows = label.run("song", "check", SONG, "--json").json["data"]
    assert [row["address"] for row in rows] == [f"{SONG}/drums", SONG]
    label.does("part", "edit", f"{SONG}/vocal", "--sections", "intro,verse")
    rows = label.run("song", "check", SONG, "--json").json["data"]
    assert rows[1]["why"] == "no keeper in intro"
    label.does("part", "edit", f"{SONG}/vocal", "--sections", "")
    assert label.data("take", "coverage", SONG)[1]["sections"] == {"intro": "none", "verse": "kept"}


def test_a_name_that_is_no_section_is_refused(label: Label) -> None:
    assert label.refuses(2, "part", "add", SONG, "Choir", "--sections", "verse1,2nd").rule == "part.sections"
    assert label.refuses(3, "part", "add", SONG, "Vocal", "--sections", "chorus").rule == "part.differs"
    before = label.head
    label.does("part", "edit", f"{SONG}/vocal", "--sections", "verse")
    assert label.head == before


def test_a_deputy_owes_what_whoever_is_away_owes(label: Label) -> None:
    label.does("user", "add", "lou", "--role", "mixer")
    label.does("user", "add", "ann", "--role", "artist")
    with Studio.at(str(label.folder)) as studio:
        today, later = str(studio.today()), str(studio.today() + timedelta(days=9))
    label.does("user", "away", "lou", "--from", today, "--to", later, "--deputy", "ann")
    rows = {row["what"]: row for row in label.run("song", "check", SONG, "--json").json["data"]}
    assert "ann" in rows["mix"]["owed_by"].split(", ")
    assert "ann" not in rows["keeper"]["owed_by"].split(", ")


@pytest.mark.slow
def test_a_released_record_is_complete(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums", "Bass", "Lead Vocal")
    release(label)
    assert label.data("song", "check", SONG) == []
    assert label.data("record", "check", "night-bus") == []
    assert "night-bus is complete" in label.run("record", "check", "night-bus").err
