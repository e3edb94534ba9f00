"""Sessions are moved and cancelled, with their rooms and their money."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS = "night-bus"
BOOK = ("session", "book", NIGHT_BUS, "--room", "room-a", "--hours", "10-18", "--on")


def money(label: Label) -> tuple[int, int, int]:
    """Committed and left of the studio line, and what is unbudgeted, in cents; the model says as the report does."""
    [studio, *beside] = label.data("budget", "report", NIGHT_BUS)
    [row] = label.data("budget", "list")
    unbudgeted = sum(line["committed"]["minor"] for line in beside)
    assert (row["committed"], row["left"], row["unbudgeted"]["minor"]) == (
        studio["committed"], studio["left"], unbudgeted,
    )  # fmt: skip
    return studio["committed"]["minor"], studio["left"]["minor"], unbudgeted


def calendar(label: Label) -> list[tuple[str, str]]:
    """Session and start of each booked slot of room A; the calendar model is whole."""
    label.does("log", "verify", "--views")
    return [(row["session"], row["from"]) for row in label.data("resource", "show", "room-a")]


@pytest.fixture
def booked(label: Label) -> Label:
    """Two days in room A at 600.00 of 1,800.00; a third that no line pays."""
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("budget", "set", NIGHT_BUS, "studio=1800")
    label.does(*BOOK, "2027-12-06", "--days", "2", "--line", "studio")
    label.does(*BOOK, "2027-12-20")
    return label


def test_a_session_is_moved_with_its_hours_and_its_room_is_free(booked: Label) -> None:
    said = booked.run("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-13")
    assert (said.code, said.out) == (0, "night-bus/S1\n")
    assert "it costs 1,200.00 EUR, from studio, 600.00 EUR left there" in said.err
    assert calendar(booked) == [
        ("night-bus/S1", "2027-12-13 10:00"),
        ("night-bus/S1", "2027-12-14 10:00"),
        ("night-bus/S2", "2027-12-20 10:00"),
    ]
    assert [row["state"] for row in booked.data("session", "list", NIGHT_BUS)] == ["moved", "booked"]
    head = booked.head
    assert "at these times already" in booked.run("session", "move", "night-bus/S1", "--on", "2027-12-13").err
    assert booked.head == head
    assert booked.does(*BOOK, "2027-12-06") == "night-bus/S3"


def test_a_moved_session_needs_only_what_it_costs_more(booked: Label) -> None:
    said = booked.run("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-06", "--hours", "10-18", "--days", "3")
    assert "it costs 1,800.00 EUR (before: 1,200.00 EUR), from studio, 0.00 EUR left there" in said.err
    assert money(booked) == (180_000, 0, 60_000)
    head = booked.head
    said = booked.run("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-06", "--hours", "10-18", "--days", "4")
    assert (said.code, said.rule) == (3, "budget.guard")
    assert "studio needs 2,400.00 EUR, left 1,800.00 EUR, short 600.00 EUR" in said.err
    assert [row["kind"] for row in booked.data("log", "show")][head:] == ["booking-refused"]
    assert money(booked) == (180_000, 0, 60_000)


def test_a_move_counts_the_deposit_that_was_paid(booked: Label) -> None:
    booked.does("budget", "spend", NIGHT_BUS, "studio", "500", "--invoice", "1", "--session", "S1")
    booked.does("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-06", "--hours", "10-18")
    assert money(booked) == (10_000, 120_000, 60_000)


def test_an_unbudgeted_session_is_moved_at_its_new_price(booked: Label) -> None:
    said = booked.run("session", "move", NIGHT_BUS, "S2", "--on", "2027-12-20", "--hours", "10-18", "--days", "2")
    assert "it costs 1,200.00 EUR (before: 600.00 EUR), unbudgeted" in said.err
    assert money(booked) == (120_000, 60_000, 120_000)


def test_a_session_is_never_moved_onto_another_but_onto_its_own_days(booked: Label) -> None:
    said = booked.refuses(5, "session", "move", NIGHT_BUS, "S1", "--on", "2027-12-19")
    assert (said.rule, "night-bus/S2" in said.err) == ("schedule.conflict", True)
    booked.does("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-07")
    assert calendar(booked)[0] == ("night-bus/S1", "2027-12-07 10:00")


def test_another_record_sees_that_a_session_has_moved(booked: Label) -> None:
    booked.does("record", "new", "Tide", "--artist", "The Ferrymen")
    other = ("session", "book", "tide", "--room", "room-a", "--hours", "10-18", "--on")
    assert booked.refuses(5, *other, "2027-12-06").rule == "schedule.conflict"
    booked.does("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-13")
    assert booked.does(*other, "2027-12-06") == "tide/S1"
    assert booked.refuses(5, *other, "2027-12-13").rule == "schedule.conflict"
    booked.does("session", "cancel", NIGHT_BUS, "S1")
    assert booked.does(*other, "2027-12-13") == "tide/S2"


def test_a_cancelled_session_frees_its_room_and_what_was_still_to_be_paid(booked: Label) -> None:
    booked.does("budget", "spend", NIGHT_BUS, "studio", "300", "--invoice", "D-1", "--session", "S1")
    said = booked.run("session", "cancel", NIGHT_BUS, "S1", "--why", "the singer is ill")
    assert (said.code, said.out) == (0, "night-bus/S1 cancelled\n")
    assert "900.00 EUR freed in studio, 1,500.00 EUR left there" in said.err
    assert "staying so unless voided: 300.00 EUR (invoice D-1)" in said.err
    assert (money(booked), calendar(booked)) == ((0, 150_000, 60_000), [("night-bus/S2", "2027-12-20 10:00")])
    head = booked.head
    booked.does("session", "cancel", "night-bus/S1")
    assert booked.head == head
    assert [row["state"] for row in booked.data("session", "list", NIGHT_BUS)] == ["cancelled", "booked"]
    assert booked.data("session", "show", "night-bus/S1")["state"] == "cancelled"
    assert booked.refuses(3, "session", "move", NIGHT_BUS, "S1", "--on", "2027-12-08").rule == "session.cancelled"
    assert booked.does(*BOOK, "2027-12-06", "--days", "2", "--line", "studio") == "night-bus/S3"
    booked.does("budget", "void", NIGHT_BUS, "D-1")
    assert money(booked) == (120_000, 60_000, 60_000), "nothing is committed to a cancelled session again"


def test_a_cancelled_unbudgeted_session_costs_nothing(booked: Label) -> None:
    said = booked.run("session", "cancel", NIGHT_BUS, "S2")
    assert "600.00 EUR freed" in said.err
    assert money(booked) == (120_000, 60_000, 0)


def test_the_calendar_of_an_earlier_moment_is_the_one_of_then(booked: Label) -> None:
    then, before = booked.head, calendar(booked)
    booked.does("session", "move", NIGHT_BUS, "S1", "--on", "2027-12-13")
    booked.does("session", "cancel", NIGHT_BUS, "S2")
    rows = booked.data("resource", "show", "room-a", "--as-of", then)
    assert [(row["session"], row["from"]) for row in rows] == before
    assert len(calendar(booked)) == 2


def test_a_session_that_is_not_there_is_neither_moved_nor_cancelled(booked: Label) -> None:
    assert booked.refuses(4, "session", "cancel", NIGHT_BUS, "S9").rule == "session.unknown"
    assert booked.refuses(4, "session", "move", NIGHT_BUS, "S9", "--on", "2027-12-13").rule == "session.unknown"
    assert booked.refuses(2, "session", "move", NIGHT_BUS, "S1").rule == "session.time"


def spans(label: Label) -> list[tuple[str, str, int]]:
    """From, to and cost in cents of each session."""
    return [(row["from"], row["to"], row["cost"]["minor"]) for row in label.data("session", "list", NIGHT_BUS)]


@pytest.fixture
def rooms(label: Label) -> Label:
    """A room at 600.00 a day, and an engineer at 40.00 an hour."""
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("resource", "add", "eli", "--kind", "person", "--rate", "40/hour")
    return label


@pytest.mark.parametrize("hours", ["20-2", "20:00-02:00", "20:00\u201302:00"])
def test_twenty_to_two_is_one_session_of_one_day_and_six_hours(rooms: Label, hours: str) -> None:
    rooms.does(
        "session", "book", NIGHT_BUS, "--room", "room-a", "--with", "eli", "--on", "2027-12-06", "--hours", hours
    )
    assert spans(rooms) == [("2027-12-06 20:00", "2027-12-07 02:00", 84_000)]


def test_half_hours_are_booked_and_hours_typed_backwards_are_not(rooms: Label) -> None:
    book = ("session", "book", NIGHT_BUS, "--with", "eli", "--on", "2027-12-06", "--hours")
    rooms.does(*book, "10:30-18")
    assert spans(rooms) == [("2027-12-06 10:30", "2027-12-06 18:00", 30_000)]
    for hours in ("18-10", "20-26", "10.5-18", "10-10"):
        assert rooms.refuses(2, *book, hours).rule == "session.hours"


def test_a_booking_in_the_past_is_told_and_made(rooms: Label) -> None:
    book = ("session", "book", NIGHT_BUS, "--with", "eli", "--hours", "10-18", "--on")
    assert "2020-12-07 10:00 is past" in rooms.run(*book, "2020-12-07").err
    assert "is past" not in rooms.run(*book, "2127-12-07").err
    assert "2021-12-07 10:00 is past" in rooms.run("session", "move", NIGHT_BUS, "S2", "--on", "2021-12-07").err


def test_the_hour_that_exists_twice_is_told_and_the_first_one_unless_the_second_is_asked_for(rooms: Label) -> None:
    night = ("--with", "eli", "--on", "2027-10-30", "--hours", "22-2")
    said = rooms.run("session", "book", NIGHT_BUS, *night)
    assert (
        "2027-10-31 02:00 exists twice, as the clocks go back: 2027-10-31 02:00+02:00, the first; --second" in said.err
    )
    said = rooms.run("session", "move", NIGHT_BUS, "S1", "--on", "2027-10-30", "--hours", "22-2", "--second")
    assert "2027-10-31 02:00+01:00, the second" in said.err
    assert spans(rooms) == [("2027-10-30 22:00", "2027-10-31 02:00+01:00", 20_000)], "five true hours"
    rooms.does("session", "cancel", NIGHT_BUS, "S1")
    rooms.does("session", "book", NIGHT_BUS, *night)
    assert spans(rooms)[1] == ("2027-10-30 22:00", "2027-10-31 02:00+02:00", 16_000)


def test_words_about_times_that_would_do_nothing_are_refused_or_told(rooms: Label) -> None:
    span = ("--with", "eli", "--from", "2027-12-06T10:00", "--to", "2027-12-06T18:00")
    assert rooms.refuses(2, "session", "book", NIGHT_BUS, *span, "--days", "2").rule == "session.time"
    assert "none of these times exists twice" in rooms.run("session", "book", NIGHT_BUS, *span, "--second").err
    said = rooms.refuses(2, "session", "move", NIGHT_BUS, "S1", "--on", "2027-12-13", "--days", "2")
    assert said.rule == "session.time"


def test_a_night_may_end_as_the_clocks_go_forward(rooms: Label) -> None:
    rooms.does("session", "book", NIGHT_BUS, "--with", "eli", "--on", "2027-03-27", "--hours", "22-2")
    assert spans(rooms)[0][2] == 16_000
