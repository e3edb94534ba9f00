"""The calendar of the label: conflicts, free times, and files for other programs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from domain.label.corrections import EntryShelved
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import Label

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"
MONDAY, TUESDAY = ("--on", "2027-12-06", "--hours"), ("--on", "2027-12-07", "--hours")


@pytest.fixture
def studio(label: Label) -> Label:
    """Room A and Jo, booked on a Monday; Room B on weekdays; another record."""
    label.does("room", "add", "room-a", "--day", "500/10h")
    label.does("room", "add", "room-b", "--day", "400", "--open", "mon-fri=10-22", "--setup", "1h")
    label.does("person", "add", "Jo", "--call", "250/3h")
    label.does("record", "new", "Tin; Can, 2", "--artist", "Ann")
    label.does("session", "book", NIGHT_BUS, "--room", "room-a", "--with", "jo", *MONDAY, "10-18")
    return label


def conflicts(label: Label) -> list[tuple[str, str, str, str]]:
    rows = label.data("plan", "conflicts")
    assert label.data("plan", "conflicts", "--as-of", label.head) == rows
    return [(row["conflict"], row["session"], row["resource"], row["against"]) for row in rows]


def test_a_calendar_without_conflicts_says_so(studio: Label) -> None:
    said = studio.run("plan", "conflicts")
    assert (said.code, said.out, said.err) == (0, "", "nothing to settle\n")


def test_everything_that_has_to_be_settled_is_shown_with_its_command(studio: Label) -> None:
    studio.does("session", "hold", "tin-can-2", "--room", "room-a", *MONDAY, "12-14")
    studio.does("session", "answer", S1, "jo", "no")
    studio.does("session", "book", NIGHT_BUS, "--room", "room-b", *TUESDAY, "10-12")
    studio.does("session", "book", "tin-can-2", "--room", "room-b", *TUESDAY, "13-18")
    studio.does("room", "add", "room-b", "--setup", "2h", "--open", "mon-fri=11-22")
    studio.does("room", "block", "room-b", "--from", "2027-12-07T17:00", "--to", "2027-12-08T00:00")
    assert conflicts(studio) == [
        ("declined", S1, "jo", ""),
        ("held against a booking", "tin-can-2/S1", "room-a", S1),
        ("out of hours", "night-bus/S2", "room-b", ""),
        ("blocked", "tin-can-2/S2", "room-b", ""),
        ("no time between", "tin-can-2/S2", "room-b", "night-bus/S2"),
    ]
    assert [row["next"] for row in studio.data("plan", "conflicts")][:2] == [
        f"takesheet session replace {S1} jo NEW", "takesheet session release tin-can-2/S1",
    ]  # fmt: skip
    rows = [row for row in studio.data("next") if row["what"] == "declined"]
    assert [(row["address"], row["why"]) for row in rows] == [(S1, "jo says no to 2027-12-06 10:00")]
    studio.does("session", "release", "tin-can-2/S1")
    studio.does("session", "cancel", "tin-can-2/S2")
    studio.does("session", "move", S1, "--on", "2027-12-08")
    assert conflicts(studio) == [("out of hours", "night-bus/S2", "room-b", "")]


@pytest.mark.parametrize(
    ("absence", "verb"),
    [("removed", ("remove",)), ("shelved", ("shelve",)), ("dropped", ("drop", "--why", "no money"))],
)
def test_a_record_does_not_leave_while_sessions_of_it_lie_ahead(
    studio: Label, absence: str, verb: tuple[str, ...]
) -> None:
    can = "tin-can-2"
    studio.does("session", "book", can, "--room", "room-a", *TUESDAY, "10-12")
    studio.does("session", "hold", can, "--room", "room-a", *MONDAY, "19-20")
    studio.does("session", "book", can, "--room", "room-a", "--on", "2020-01-06", "--hours", "10-18")
    head = studio.head
    said = studio.refuses(3, "record", *verb[:1], can, *verb[1:])
    assert said.rule == "record.sessions"
    assert (
        f"{can} cannot be {absence} while sessions of it lie ahead: {can}/S1 is firm and {can}/S2 is held" in said.err
    )
    assert f"next: takesheet session cancel {can}/S1" in said.err
    assert studio.head == head
    studio.does("session", "cancel", f"{can}/S1")
    said = studio.refuses(3, "record", *verb[:1], can, *verb[1:])
    assert f"next: takesheet session release {can}/S2" in said.err
    studio.does("session", "release", f"{can}/S2")
    studio.does("record", *verb[:1], can, *verb[1:])
    head = studio.head
    studio.does("record", *verb[:1], can, *verb[1:])
    where = (can, "--room", "room-b", *TUESDAY, "10-12")
    for words in (("book", *where), ("hold", *where), ("move", f"{can}/S3", "--on", "2027-12-08")):
        assert studio.refuses(3, "session", *words).rule == f"entry.{absence}"
    assert studio.head == head
    studio.does("session", "worked", f"{can}/S3")


def test_sessions_of_a_record_that_left_before_them_are_to_be_settled(studio: Label) -> None:
    studio.does("session", "hold", "tin-can-2", "--room", "room-b", *TUESDAY, "10-12")
    for record in (NIGHT_BUS, "tin-can-2"):
        with Studio.at(str(studio.folder)) as opened:
            gone = EntryShelved(record=record)
            opened.decide(Query.of(EntryShelved), lambda *_, gone=gone: (None, [gone]), deed="record")
    assert conflicts(studio) == [
        ("record shelved", S1, "jo", ""), ("record shelved", S1, "room-a", ""),
        ("record shelved", "tin-can-2/S1", "room-b", ""),
    ]  # fmt: skip
    steps = [row["next"] for row in studio.data("plan", "conflicts")]
    assert steps[0] == f"takesheet session cancel {S1}"
    assert steps[2] == "takesheet session release tin-can-2/S1"
    for step in dict.fromkeys(steps):
        studio.does(*step.split()[1:])
    assert conflicts(studio) == []


def test_a_session_that_is_over_is_no_conflict(studio: Label) -> None:
    studio.does("session", "book", NIGHT_BUS, "--with", "jo", "--on", "2020-01-06", "--hours", "10-18")
    studio.does("session", "answer", "night-bus/S2", "jo", "no")
    assert conflicts(studio) == []


def test_what_is_free_on_a_day_keeps_hours_and_the_time_to_set_up(studio: Label) -> None:
    studio.does("session", "book", NIGHT_BUS, "--room", "room-b", *MONDAY, "14-16")
    studio.does("session", "hold", "tin-can-2", "--room", "room-a", *MONDAY, "19-20")
    rows = studio.data("plan", "free", "--on", "2027-12-06", "--kind", "room")
    assert [(row["resource"], row["free"][-36:], row["held"]) for row in rows] == [
        ("room-a", "2027-12-06 00:00 to 2027-12-06 10:00", ""),
        ("room-a", "2027-12-06 18:00 to 2027-12-07 00:00", "tin-can-2/S1"),
        ("room-b", "2027-12-06 10:00 to 2027-12-06 13:00", ""),
        ("room-b", "2027-12-06 17:00 to 2027-12-06 22:00", ""),
    ]
    studio.does("session", "book", NIGHT_BUS, "--room", "room-b", *MONDAY, "17-22")
    assert (
        studio.data("plan", "free", "--from", "2027-12-06T12:00", "--to", "2027-12-06T13:00", "--kind", "person") == []
    )
    assert studio.refuses(2, "plan", "free", "--on", "2027-12-06", "--kind", "planet").rule == "resource.kind"
    assert studio.refuses(2, "plan", "free").rule == "session.time"


def test_a_day_is_not_free_within_the_longest_buffers_of_sessions_two_days_before_and_after(studio: Label) -> None:
    studio.does("room", "add", "room-c", "--setup", "24h", "--strike", "24h")
    for day, hours in (("2027-12-04", "10-12"), ("2027-12-08", "20-22")):
        studio.does("session", "book", NIGHT_BUS, "--room", "room-c", "--on", day, "--hours", hours)
    rows = studio.data("plan", "free", "--on", "2027-12-06", "--kind", "room")
    free = [row["free"][-36:] for row in rows if row["resource"] == "room-c"]
    assert free == ["2027-12-06 12:00 to 2027-12-06 20:00"]


def events(text: str) -> dict[str, dict[str, object]]:
    """The events of a calendar by their UID, without the id of the log."""
    found = Calendar.from_ical(text)
    assert not found.errors
    return {
        str(one["uid"]).partition("@")[0]: {name.lower(): one.decoded(name) for name in one}
        for one in found.walk("VEVENT")
    }


def test_another_program_reads_the_calendar_of_a_resource(studio: Label, tmp_path: Path) -> None:
    studio.does("session", "hold", "tin-can-2", "--room", "room-a", *TUESDAY, "10-18")
    (tmp_path / "shared").mkdir()
    file = tmp_path / "shared" / "room-a.ics"
    studio.does("plan", "ics", "room-a", "-o", file)
    first = file.read_bytes()
    assert first == studio.run("plan", "ics", "room-a", "--json").json["data"]["calendar"].encode()
    found = events(first.decode())
    assert set(found) == {"night-bus/S1.1", "tin-can-2/S1.1"}
    held = found["tin-can-2/S1.1"]
    assert (held["status"], held["summary"]) == (b"TENTATIVE", b"Tin; Can, 2 S1")
    firm = found["night-bus/S1.1"]
    assert (firm["dtstart"], firm["location"], firm["sequence"]) == (
        datetime(2027, 12, 6, 9, tzinfo=UTC), b"room-a", 0,
    )  # fmt: skip
    assert not {b"500", b"250", b"750"} & set(first.split())
    studio.does("session", "move", S1, "--on", "2027-12-09")
    studio.does("session", "release", "tin-can-2/S1")
    studio.does("plan", "ics", "room-a", "-o", file)
    later = events(file.read_text("utf-8"))
    assert (later["night-bus/S1.1"]["sequence"], later["night-bus/S1.1"]["dtstart"].day) == (1, 9)  # type: ignore[attr-defined]
    assert later["tin-can-2/S1.1"]["status"] == b"CANCELLED"
    assert [one.name for one in file.parent.iterdir()] == ["room-a.ics"]


def test_days_that_a_session_lost_and_people_who_left_it_are_cancelled(studio: Label) -> None:
    studio.does("person", "add", "Kim", "--call", "250/3h")
    studio.does("session", "book", NIGHT_BUS, "--with", "jo", *TUESDAY, "10-12", "--days", "2")
    studio.does("session", "move", "night-bus/S2", *TUESDAY, "10-12")
    studio.does("session", "replace", S1, "jo", "kim")
    found = events(studio.does("plan", "ics", "jo"))
    assert {uid: event["status"] for uid, event in found.items()} == {
        "night-bus/S1.1": b"CANCELLED", "night-bus/S2.1": b"CONFIRMED", "night-bus/S2.2": b"CANCELLED",
    }  # fmt: skip
    assert set(events(studio.does("plan", "ics", NIGHT_BUS))) == set(found)
    assert studio.refuses(4, "plan", "ics", "nobody").rule == "plan.unknown"


def test_places_and_people_of_a_calendar_are_called_by_their_names(studio: Label) -> None:
    studio.does("resource", "rename", "room-a", "Room A, first floor")
    studio.does("person", "add", "Kim Long", "--call", "250/3h")
    studio.does("gear", "add", "piano", "--hour", "20")
    studio.does("session", "book", NIGHT_BUS, "--room", "room-a", "--room", "room-b", "--with", "kim-long,piano",
                *TUESDAY, "12-14")  # fmt: skip
    found = events(studio.does("plan", "ics", "kim-long"))["night-bus/S2.1"]
    assert found["location"] == b"Room A, first floor, room-b", "room B has its id for a name"
    assert found["description"] == b"Room A, first floor, room-b, Kim Long, piano"
    studio.does("user", "rename", "kim-long", "Kim Short")
    assert b"Kim Short" in events(studio.does("plan", "ics", "kim-long"))["night-bus/S2.1"]["description"]  # type: ignore[operator]


def test_a_session_is_shown_by_its_title_and_a_removed_one_as_cancelled(studio: Label) -> None:
    studio.does("session", "rename", S1, "Strings; first, second")
    own = events(studio.does("plan", "ics", "jo"))["night-bus/S1.1"]
    assert own["summary"] == b"Night Bus S1 \xc2\xb7 Strings; first, second"
    studio.does("session", "remove", S1, "--why", "a slip")
    gone = events(studio.does("plan", "ics", "jo"))["night-bus/S1.1"]
    assert (gone["status"], gone["sequence"]) == (b"CANCELLED", 1)
    studio.does("session", "restore", S1)
    back = events(studio.does("plan", "ics", "jo"))["night-bus/S1.1"]
    assert (back["status"], back["sequence"], back["dtstart"]) == (b"CONFIRMED", 2, own["dtstart"])
