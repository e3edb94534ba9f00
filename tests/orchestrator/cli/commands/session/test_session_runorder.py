"""``session runorder``, through the command line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label

S1, DRUMS, BASS, VOCAL = "night-bus/S1", f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/vocal"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = open_label(tmp_path)
    label.does("resource", "add", "room-a")
    for name, part in (("Jo", "Drums"), ("Al", "Bass"), ("Jo", "Vocal")):
        label.does("person", "add", name)
        label.does("part", "add", SONG, part, "--player", name)
    label.does("session", "book", "night-bus", "--room", "room-a", "--with", "jo,al", "--on", "2027-12-07", "--hours",
               "10-18")  # fmt: skip
    return label


def order(label: Label, *words: str) -> list[str]:
    return [row["parts"] for row in label.data("session", "runorder", S1, *words)]


def test_nobody_waits_where_that_is_possible_and_everybody_is_told_when_to_come(label: Label) -> None:
    assert order(label) == []
    typed = (f"{DRUMS}=60", f"{BASS}=90", f"{VOCAL}=120")
    assert order(label, *typed, "--as-given") == [DRUMS, BASS, VOCAL]
    assert order(label, *typed) == [DRUMS, VOCAL, BASS]
    said = label.run("session", "runorder", S1)
    assert "al is called at 2027-12-07 13:00" in said.err
    assert "call 13:00" in label.does("session", "call", S1)
    head = label.head
    order(label, *typed)
    assert label.head == head
    assert "it ends 360 min after" in label.run("session", "runorder", S1, f"{DRUMS}=840").err


@pytest.mark.parametrize(
    "row", [DRUMS, f"{DRUMS}=0", f"{DRUMS}=1441", f"{DRUMS}=9{'9' * 5000}", f"{DRUMS}=-5", f"{DRUMS}=x", "=10"]
)
def test_a_row_without_minutes_or_with_absurd_ones_is_refused(label: Label, row: str) -> None:
    assert label.run("session", "runorder", S1, row).code in {2, 4}
    assert order(label) == []


def test_more_rows_than_can_be_ordered_and_parts_of_two_songs_are_refused(label: Label) -> None:
    assert label.refuses(2, "session", "runorder", S1, *[f"{DRUMS}=1"] * 13).rule == "session.runorder"
    label.does("song", "add", "night-bus", "Ferry")
    label.does("part", "add", "night-bus/ferry", "Drums")
    mixed = f"{DRUMS},night-bus/ferry/drums=10"
    assert label.refuses(2, "session", "runorder", S1, mixed).rule == "session.runorder"
