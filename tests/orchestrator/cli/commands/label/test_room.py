"""Rooms, people and gear with their terms, and sessions that are booked by them."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS = "night-bus"
BOOK = ("session", "book", NIGHT_BUS)
MONDAY = ("--on", "2027-12-06", "--hours")


@pytest.fixture
def studio(label: Label) -> Label:
    """Room A by the day, open on weekdays, with an hour to set up; a drummer by the call."""
    label.does(
        "room", "add", "Room A", "--day", "500/10h", "--overtime", "30m=40", "--setup", "1h", "--strike", "30m",
        "--open", "mon-fri=10-23", "--cancel", "14d=0,7d=50,48h=100", "--deposit", "50%@14d",
    )  # fmt: skip
    label.does("person", "add", "Jo", "--call", "250/3h", "--leader", "100%", "--on-cost", "pension=12.81%")
    label.does("budget", "set", NIGHT_BUS, "studio=3000")
    return label


def test_the_terms_of_a_room_are_shown_as_they_were_stated(studio: Label) -> None:
    row = studio.data("room", "show", "room-a")
    assert (row["rate"], row["overtime"]) == ("500.00 EUR/day of 10 h", "40.00 EUR each begun 30 min")
    assert (row["setup"], row["strike"], row["deposit"]) == ("1 h", "30 min", "50 %, due 14 d before")
    assert row["cancellation"] == "0 % under 14 d, 50 % under 7 d, 100 % under 2 d"
    assert row["open"].startswith("mon 10:00-23:00, tue 10:00-23:00")
    assert [row["rate"] for row in studio.data("resource", "list")] == ["500.00 EUR/day", "250.00 EUR/call"]


def test_stating_the_same_terms_again_records_nothing_and_other_options_leave_the_price(studio: Label) -> None:
    head = studio.head
    studio.does("person", "add", "Jo", "--call", "250/3h", "--leader", "100%", "--on-cost", "pension=12.81%")
    assert studio.head == head
    studio.does("room", "add", "Room A", "--setup", "0")
    row = studio.data("room", "show", "room-a")
    assert (row["setup"], row["strike"], row["rate"]) == ("", "30 min", "500.00 EUR/day of 10 h")


def test_a_rate_that_is_given_later_replaces_the_card(studio: Label) -> None:
    studio.does("resource", "add", "room-a", "--rate", "60/hour")
    assert studio.data("room", "show", "room-a")["rate"] == "60.00 EUR/hour"
    studio.does(*BOOK, "--room", "room-a", *MONDAY, "10-18", "--line", "studio")
    assert studio.data("session", "list", NIGHT_BUS)[0]["cost"]["minor"] == 48_000


def test_a_session_costs_what_the_cards_say_and_keeps_its_terms(studio: Label) -> None:
    studio.does(*BOOK, "--room", "room-a", "--with", "jo:leader", *MONDAY, "10-21", "--line", "studio")
    [row] = studio.data("session", "list", NIGHT_BUS)
    # a day of 500.00 and two units of 40.00; four calls of 250.00, doubled for the leader, and 12.81 % of them
    assert row["cost"]["minor"] == 58_000 + 200_000 + 25_620
    studio.does("room", "add", "room-a", "--day", "900")
    studio.does("session", "move", "night-bus/S1", "--on", "2027-12-07")
    assert studio.data("session", "list", NIGHT_BUS)[0]["cost"] == row["cost"]


def test_a_duty_needs_a_card_that_says_what_it_costs(studio: Label) -> None:
    studio.does("resource", "add", "al", "--kind", "person", "--rate", "100/call")
    assert studio.refuses(3, *BOOK, "--with", "al:leader", *MONDAY, "10-13").rule == "session.duty"
    assert studio.refuses(2, *BOOK, "--with", "jo:singer", *MONDAY, "10-13").rule == "session.duty"


def test_a_room_needs_time_between_sessions(studio: Label) -> None:
    studio.does(*BOOK, "--room", "room-a", *MONDAY, "10-14")
    said = studio.refuses(5, *BOOK, "--room", "room-a", *MONDAY, "15:29-18")
    assert (said.rule, "30 min to strike and 60 min to set up" in said.err) == ("schedule.buffer", True)
    studio.does(*BOOK, "--room", "room-a", *MONDAY, "15:30-18")


def test_a_room_is_booked_in_its_hours_only(studio: Label) -> None:
    said = studio.refuses(5, *BOOK, "--room", "room-a", *MONDAY, "9:59-14")
    assert (said.rule, "mon 10:00-23:00" in said.err) == ("schedule.closed", True)
    assert studio.refuses(5, *BOOK, "--room", "room-a", "--on", "2027-12-11", "--hours", "10-18").rule == said.rule
    studio.does(*BOOK, "--room", "room-a", *MONDAY, "10-23")


def test_a_blocked_room_is_free_again_after_unblock(studio: Label) -> None:
    times = ("--from", "2027-12-06T12:00", "--to", "2027-12-07T00:00")
    studio.does("room", "block", "room-a", *times, "--why", "painters")
    assert "blocked already" in studio.run("room", "block", "room-a", *times).err
    said = studio.refuses(5, *BOOK, "--room", "room-a", *MONDAY, "10-12")
    assert (said.rule, "2027-12-06 12:00 to 2027-12-07 00:00" in said.err) == ("schedule.blocked", True)
    studio.does("room", "unblock", "room-a", *times)
    studio.does(*BOOK, "--room", "room-a", *MONDAY, "10-12")


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("--day", "500", "--hour", "60"), "rate.card"), (("--call", "250"), "rate.card"),
        (("--overtime", "30m=45"), "rate.card"), (("--hour", "60", "--overtime", "30m=45"), "rate.card"),
        (("--hour", "60", "--finished", "20m"), "rate.card"), (("--day", "500", "--minimum", "2h"), "rate.card"),
        (("--day", "500/10x"), "rate.duration"), (("--day", "500", "--leader", "half"), "rate.percent"),
        (("--day", "500", "--deposit", "101%"), "rate.percent"), (("--day", "5e2"), "money.amount"),
        (("--day", "500", "--cancel", "48h=50,7d=100"), "rate.cancel"), (("--preset", "nobody"), "rate.preset"),
        (("--day", "500", "--cancel", "48h=101"), "rate.cancel"), (("--day", "12,50"), "money.amount"),
        (("--day", "500", "--cancel", "48h=1,2d=1"), "rate.cancel"), (("--open", "someday=10-18"), "rate.open"),
        (("--day", "500", "--on-cost", "pension"), "rate.card"), (("--setup", "-1h"), "rate.duration"),
        (("--preset", "mu-session", "--overtime", "15m=20"), "rate.card"),
    ],
)  # fmt: skip
def test_terms_that_mean_nothing_are_refused_in_a_sentence(label: Label, words: tuple[str, ...], rule: str) -> None:
    head = label.head
    assert label.refuses(2, "room", "add", "room-b", *words).rule == rule
    assert label.head == head
