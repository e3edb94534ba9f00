"""Call sheets, through the command line."""

from pathlib import Path

import pytest
from icalendar import Calendar

from tests.orchestrator.label import SONG, Label, open_label

S1 = "night-bus/S1"
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A session of two players with a price, a budget and notes of each kind."""
    label = open_label(tmp_path)
    label.does("room", "add", "Room A", "--day", "73.19")
    for name, part in (("Jo", "Drums"), ("Al Núñez", "Bass")):
        label.does("person", "add", name, "--day", "73.19")
        label.does("part", "add", SONG, part, "--player", name)
    label.does("budget", "set", "night-bus", "studio=2000")
    label.does("session", "book", "night-bus", "--room", "room-a", "--with", "jo,al-nunez", "--on", "2027-12-07",
               "--hours", "10-18", "--line", "studio")  # fmt: skip
    label.does("session", "goal", S1, f"four keepers {HOSTILE}")
    label.does("note", SONG, "zebra thought", "--private")
    label.does("part", "park", f"{SONG}/bass", "--reason", "quagga doubt")
    return label


def test_it_says_when_where_who_and_what_and_neither_money_nor_private_words(label: Label) -> None:
    head = label.head
    text = label.does("session", "call", S1)
    for wanted in ("Tuesday, 2027-12-07 10:00 to 2027-12-07 18:00", "room-a", "Jo", "Al Núñez", "Tin Roof", "Drums"):
        assert wanted in text
    page = label.does("session", "call", S1, "--format", "html")
    calendar = label.does("session", "call", S1, "--format", "ics")
    for told in (text, page, calendar):
        assert not [word for word in ("73.19", "2,000", "EUR", "zebra", "quagga", "parked") if word in told]
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert label.head == head


def test_a_person_gets_their_own_parts_and_a_stranger_none(label: Label) -> None:
    own = label.does("session", "call", S1, "--for", "Jo")
    assert "for Jo" in own
    what = own.partition("What")[2]
    assert "Drums" in what
    assert "Bass" not in what
    assert label.refuses(4, "session", "call", S1, "--for", "kim").rule == "session.player"


def test_the_calendar_file_holds_this_session_alone_with_the_id_it_has_elsewhere(label: Label) -> None:
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-12-08", "--hours", "10-18")
    label.does("session", "call", S1, "--format", "ics", "--out", "call.ics")
    label.does("plan", "ics", "night-bus", "--out", "all.ics")
    own, both = (Calendar.from_ical((label.folder / name).read_bytes()) for name in ("call.ics", "all.ics"))
    [event] = own.walk("VEVENT")
    assert str(event["uid"]) in {str(one["uid"]) for one in both.walk("VEVENT")}
    assert (len(both.walk("VEVENT")), event["status"]) == (2, "CONFIRMED")


def test_a_sheet_of_long_names_and_many_parts_says_how_many_it_leaves_out(label: Label) -> None:
    label.does("part", "add", SONG, *(f"Voice {number} {'long ' * 40}" for number in range(40)), "--player", "jo")
    text = label.does("session", "call", S1)
    assert "and 18 more" in text
    assert max(map(len, text.splitlines())) < 400
    label.does("session", "call", S1, "--format", "html", "--out", "call.html")
    assert (label.folder / "call.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert label.refuses(4, "session", "call", S1, "--out", "nowhere/call.txt").rule == "file.folder"
