"""A session planned before it is booked, and the fee of one that is cancelled late."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"
ROOM = ("--room", "room-a", "--with", "jo", "--line", "studio")


@pytest.fixture
def studio(label: Label) -> Label:
    """Room A at 500.00 a day with fees for late cancellation, and Jo at 250.00 a call without."""
    label.does("room", "add", "room-a", "--day", "500/10h", "--cancel", "14d=0,7d=50,48h=100", "--deposit", "50%@14d")
    label.does("person", "add", "Jo", "--call", "250/3h")
    label.does("budget", "set", NIGHT_BUS, "studio=1650")
    return label


def test_a_plan_shows_each_line_before_and_after_and_records_nothing(studio: Label) -> None:
    head = studio.head
    said = studio.run("session", "plan", NIGHT_BUS, *ROOM, "--on", "2027-12-06", "--hours", "10-13", "--dry-run")
    assert said.out.splitlines() == [
        "room-a  1 day  500.00 EUR",
        "jo  1 call  250.00 EUR",
        "total 750.00 EUR",
        "studio: 1,650.00 EUR left before, 900.00 EUR after",
        "forecast at completion with it: 1,650.00 EUR of 1,650.00 EUR",
        "it ends 269 days after the record is due",
    ]
    assert (said.code, studio.head) == (0, head)


def test_a_plan_that_cannot_be_booked_says_what_stands_against_it(studio: Label) -> None:
    words = (NIGHT_BUS, *ROOM, "--on", "2027-12-06", "--hours", "10-13", "--days", "3")
    said = studio.run("session", "plan", *words)
    assert (said.code, said.rule) == (3, "budget.guard")
    assert (said.rule, "short 600.00 EUR" in said.err) == ("budget.guard", True)
    assert "studio: 1,650.00 EUR left before, -600.00 EUR after" in said.out
    data = studio.run("session", "plan", *words, "--json").json
    assert (data["ok"], data["data"]["total"]["minor"]) == (False, 225_000)
    studio.does("session", "book", NIGHT_BUS, "--room", "room-a", "--on", "2027-12-07", "--hours", "10-12")
    studio.does("session", "hold", NIGHT_BUS, "--with", "jo", "--on", "2027-12-06", "--hours", "9-12")
    said = studio.run("session", "plan", *words)
    assert said.code == 5
    assert (said.rule, "held too: night-bus/S2 (rank 1)" in said.out) == ("schedule.conflict", True)


@pytest.mark.parametrize(
    ("told", "fee"),
    [
        ("2027-11-29T10:00", 0), ("2027-11-29T10:01", 25_000), ("2027-12-04T10:00", 25_000),
        ("2027-12-04T10:01", 50_000), ("2027-12-06T12:00", 50_000), ("2027-11-01T10:00", 0),
    ],
)  # fmt: skip
def test_the_fee_of_a_cancellation_depends_on_its_notice_to_the_minute(studio: Label, told: str, fee: int) -> None:
    studio.does("session", "book", NIGHT_BUS, *ROOM, "--on", "2027-12-06", "--hours", "10-13")
    data = studio.data("session", "cancel", S1, "--at", told)
    assert (data["fee"] or {"minor": 0})["minor"] == fee
    [studio_line] = studio.data("budget", "report", NIGHT_BUS)
    assert (studio_line["committed"]["minor"], studio_line["left"]["minor"]) == (fee, 165_000 - fee)
    head = studio.head
    studio.does("session", "cancel", S1, "--at", told)
    assert studio.head == head
    assert studio.does("session", "book", NIGHT_BUS, *ROOM, "--on", "2027-12-06", "--hours", "10-13") == "night-bus/S2"


def test_a_deposit_that_was_paid_counts_for_the_moved_session_and_for_its_fee(studio: Label) -> None:
    studio.does("session", "book", NIGHT_BUS, *ROOM, "--on", "2027-12-06", "--hours", "10-13")
    assert studio.data("session", "show", S1)["deposits"] == ["room-a: 250.00 EUR, due 2027-11-22 10:00"]
    studio.does("budget", "spend", NIGHT_BUS, "studio", "250", "--invoice", "1", "--session", "S1", "--payee", "room-a")
    studio.does("session", "move", S1, "--on", "2027-12-13")
    assert studio.data("session", "show", S1)["deposits"] == ["room-a: 250.00 EUR, due 2027-11-29 10:00"]
    said = studio.run("session", "cancel", S1, "--at", "2027-12-12T00:00")
    assert "a fee of 500.00 EUR is due: room-a 500.00 EUR" in said.err
    [line] = studio.data("budget", "report", NIGHT_BUS)
    assert [line[name]["minor"] for name in ("committed", "spent", "left")] == [25_000, 25_000, 115_000]
    assert studio.data("session", "show", S1)["cancellation"] == ["room-a 100 %: 500.00 EUR"]
