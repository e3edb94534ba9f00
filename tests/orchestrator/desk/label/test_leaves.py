from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.orchestrator.label import SONG, Label


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


LEAVE = ("--from", str(today() - timedelta(days=1)), "--to", str(today() + timedelta(days=9)))


@pytest.fixture
def staffed(label: Label) -> Label:
    label.does("user", "add", "Pat", "--role", "producer", "--record", "night-bus")
    label.does("user", "add", "Kim", "--role", "artist")
    label.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    return label


def test_a_deputy_decides_in_the_leave_and_the_log_says_for_whom(staffed: Label) -> None:
    add = ("song", "add", "night-bus", "Ferry Song", "--as", "kim")
    assert staffed.refuses(3, *add).rule == "person.role"
    staffed.does("user", "away", "Pat", *LEAVE, "--deputy", "Kim", "--why", "on tour", "--as", "pat")
    staffed.does(*add)
    (added,) = staffed.data("log", "show", "--limit", "1")
    assert added["actor"] == "kim for pat"
    assert staffed.refuses(3, "song", "add", "low-tide", "Ebb", "--as", "kim").rule == "person.role"
    staffed.does("user", "back", "pat", "--as", "pat")
    assert staffed.refuses(3, "song", "add", "night-bus", "Cold Harbour", "--as", "kim").rule == "person.role"
    (added,) = staffed.data("log", "show", "--kind", "song-added")[1:]
    assert added["actor"] == "kim for pat", "what was decided stays"


def test_what_is_approved_for_somebody_says_so(released: Label) -> None:
    released.does("user", "add", "Kim", "--role", "musician")
    released.does("user", "away", "pat", *LEAVE, "--deputy", "kim")
    released.does("mix", "reject", f"{SONG}@mix1", "--as", "kim")
    assert "rejected as producer" in released.does("why", f"{SONG}@mix1")
    assert "by kim for pat" in released.does("why", f"{SONG}@mix1")


def test_who_is_away_is_told_by_next_and_by_user_show(staffed: Label) -> None:
    head = staffed.head
    staffed.does("user", "away", "pat", *LEAVE, "--deputy", "kim", "--role", "producer")
    staffed.does("user", "away", "pat", *LEAVE, "--deputy", "kim")
    assert staffed.head == head + 1, "the same again"
    told = f"away from {LEAVE[1]} to {LEAVE[3]}, kim stands in as producer"
    (away,) = [row for row in staffed.data("next") if row["what"] == "away"]
    assert (away["address"], away["why"]) == ("pat", told)
    assert told in staffed.does("user", "show", "pat")
    assert "may plan masters: producer for night-bus" in (shown := staffed.does("user", "show", "kim"))
    assert "standing in for pat" in shown
    assert not [row for row in staffed.data("next", "--as-of", str(head)) if row["what"] == "away"]
    late = (str(today() + timedelta(days=one)) for one in (30, 40))
    staffed.does("user", "away", "kim", "--from", next(late), "--to", next(late))
    assert [row["address"] for row in staffed.data("next") if row["what"] == "away"] == ["pat"]


def test_a_leave_is_noted_by_oneself_or_by_whoever_manages_people(staffed: Label) -> None:
    assert staffed.refuses(3, "user", "away", "pat", *LEAVE, "--as", "kim").rule == "person.role"
    assert staffed.refuses(4, "user", "away", "eve", *LEAVE).rule == "person.unknown"
    staffed.does("user", "away", "kim", *LEAVE, "--as", "kim")
    assert staffed.refuses(3, "user", "back", "kim", "--as", "pat").rule == "person.role"
    staffed.does("user", "back", "kim", "--from", LEAVE[1])
    assert staffed.refuses(4, "user", "back", "kim").rule == "leave.unknown"


def test_a_deputy_sees_what_the_one_who_is_away_sees(staffed: Label) -> None:
    staffed.does("budget", "set", "night-bus", "studio=7200")
    assert staffed.refuses(3, "budget", "report", "night-bus", "--as", "kim").rule == "curtain.money"
    staffed.does("user", "away", "pat", *LEAVE, "--deputy", "kim")
    staffed.does("budget", "report", "night-bus", "--as", "kim")
    assert staffed.refuses(3, "budget", "report", "low-tide", "--as", "kim").rule == "curtain.money"


def test_who_is_away_is_not_booked_on_these_days(staffed: Label) -> None:
    staffed.does("resource", "add", "room-a", "--kind", "room")
    staffed.does("user", "away", "kim", "--from", "2127-12-06", "--to", "2127-12-08", "--as", "kim")
    book = ("session", "book", "night-bus", "--room", "room-a", "--with", "kim", "--hours", "10-18", "--on")
    for day in ("2127-12-06", "2127-12-08"):
        said = staffed.refuses(5, *book, day)
        assert (said.rule, "kim is away from 2127-12-06 to 2127-12-08" in said.err) == ("schedule.away", True)
    staffed.does(*book, "2127-12-09")
    move = ("session", "move", "night-bus", "S1", "--on", "2127-12-07", "--hours", "10-18")
    assert staffed.refuses(5, *move).rule == "schedule.away"
    people = ("--room", "room-a", "--with", "kim", "--hours", "10-18", "--on", "2127-12-07")
    plan = ("session", "plan", "night-bus", *people)
    assert "schedule.away" in (said := staffed.run(*plan)).out + said.err
    assert staffed.refuses(5, "session", "hold", *plan[2:]).rule == "schedule.away"
    staffed.does("session", "shelve", "night-bus/S1")
    staffed.does("user", "away", "kim", "--from", "2127-12-09", "--to", "2127-12-09", "--as", "kim")
    assert staffed.refuses(5, "session", "restore", "night-bus/S1").rule == "schedule.away"
    staffed.does("user", "back", "kim", "--from", "2127-12-09")
    staffed.does("session", "restore", "night-bus/S1")
    staffed.does("user", "back", "kim", "--from", "2127-12-06")
    staffed.does(*book, "2127-12-08")
