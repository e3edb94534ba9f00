"""A session is renamed, removed, shelved and restored, with its rooms and its money."""

from datetime import datetime, timedelta

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"
BOOK = ("session", "book", NIGHT_BUS, "--room", "room-a", "--hours", "10-18", "--on")


def money(label: Label) -> tuple[int, int]:
    """Committed and left of the studio line, in cents; the model says as the report does."""
    studio = label.data("budget", "report", NIGHT_BUS)[0]
    (row,) = label.data("budget", "list")
    assert (row["committed"], row["left"]) == (studio["committed"], studio["left"])
    return studio["committed"]["minor"], studio["left"]["minor"]


def sessions(label: Label) -> list[str]:
    return [row["session"] for row in label.data("session", "list", NIGHT_BUS)]


def calendar(label: Label) -> list[str]:
    label.does("log", "verify", "--views")
    return [row["session"] for row in label.data("resource", "show", "room-a")]


@pytest.fixture
def booked(label: Label) -> Label:
    """Two days in room A at 600.00 of 1,800.00, and another one that no line pays."""
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("budget", "set", NIGHT_BUS, "studio=1800")
    label.does(*BOOK, "2127-12-06", "--days", "2", "--line", "studio")
    label.does(*BOOK, "2127-12-20")
    return label


@pytest.mark.parametrize("verb", ["remove", "shelve"])
def test_it_leaves_every_list_and_frees_its_room_and_its_money(booked: Label, verb: str) -> None:
    done = {"remove": "removed", "shelve": "shelved"}[verb]
    said = booked.run("session", verb, S1, "--why", "the wrong week")
    assert (said.code, said.out) == (0, f"{S1} {done}\n")
    assert "1,200.00 EUR freed in studio, 1,800.00 EUR left there" in said.err
    assert (sessions(booked), calendar(booked), money(booked)) == (["night-bus/S2"], ["night-bus/S2"], (0, 180_000))
    assert booked.data("session", "show", S1)["state"] == done
    rows = {row["address"]: row["standing"] for row in booked.data("record", "show", NIGHT_BUS, "--absent")}
    assert rows == {S1: done}
    head = booked.head
    booked.does("session", verb, S1)
    assert booked.head == head, "a repeat records nothing"
    for words in (("cancel",), ("move", "--on", "2127-12-08")):
        refused = booked.refuses(3, "session", words[0], S1, *words[1:])
        assert (refused.rule, f"next: takesheet session restore {S1}" in refused.err) == (f"entry.{done}", True)
    assert booked.does(*BOOK, "2127-12-06", "--days", "2", "--line", "studio") == "night-bus/S3"


def in_days(days: int) -> str:
    """The date so many days from now, by the clock of the command."""
    return str((datetime.now().astimezone() + timedelta(days=days)).date())


@pytest.mark.parametrize("verb", ["remove", "shelve"])
def test_one_within_its_notice_is_cancelled_at_its_fee_and_not_removed(label: Label, verb: str) -> None:
    label.does("room", "add", "room-a", "--day", "600", "--cancel", "14d=0,7d=50,48h=100")
    label.does("budget", "set", NIGHT_BUS, "studio=1800")
    for days in (1, 5, 10):
        label.does(*BOOK, in_days(days), "--line", "studio")
    head = label.head
    for session, fee in ((S1, "600.00"), ("night-bus/S2", "300.00")):
        said = label.refuses(3, "session", verb, session)
        assert said.rule == "session.fee"
        assert f"cancelling it now costs a fee (room-a {fee} EUR)" in said.err
        assert f"next: takesheet session cancel {session}" in said.err
    assert (label.head, money(label)) == (head, (180_000, 0))
    label.does("session", verb, "night-bus/S3")
    assert money(label) == (120_000, 60_000), "ten days before, 14d=0 asks for nothing"
    label.does("session", "cancel", "night-bus/S2")
    assert money(label) == (90_000, 90_000)
    label.does("session", verb, "night-bus/S2")
    assert money(label) == (90_000, 90_000), "the fee of a cancelled one stays"
    label.does("session", "restore", "night-bus/S2")
    assert (label.data("session", "show", "night-bus/S2")["state"], money(label)) == ("cancelled", (90_000, 90_000))


@pytest.mark.parametrize("verb", ["remove", "shelve"])
def test_one_that_was_worked_is_a_fact(booked: Label, verb: str) -> None:
    booked.does("session", "move", S1, "--on", "2026-01-12")
    booked.does("session", "worked", S1)
    said = booked.refuses(3, "session", verb, S1)
    assert (said.rule, f"next: takesheet session worked {S1}" in said.err) == ("session.worked", True)
    assert money(booked) == (120_000, 60_000)


def test_it_comes_back_at_its_times_and_its_price(booked: Label) -> None:
    before = booked.data("session", "list", NIGHT_BUS), calendar(booked), money(booked)
    then = booked.head
    booked.does("budget", "spend", NIGHT_BUS, "studio", "300", "--invoice", "1", "--session", "S1")
    booked.does("session", "remove", S1)
    booked.does("session", "shelve", S1)
    booked.does("resource", "add", "room-a", "--rate", "900/day")
    said = booked.run("session", "restore", S1)
    assert (said.code, said.out) == (0, f"{S1} is there again\n")
    assert "900.00 EUR committed again from studio, 600.00 EUR left there" in said.err
    assert money(booked) == (90_000, 60_000), "1,200.00 of which 300.00 are paid"
    assert (booked.data("session", "list", NIGHT_BUS), calendar(booked)) == before[:2]
    head = booked.head
    booked.does("session", "restore", S1)
    assert booked.head == head
    assert booked.data("session", "list", NIGHT_BUS, "--as-of", then) == before[0]


def test_one_that_was_cancelled_or_paid_in_full_comes_back_as_it_was(booked: Label) -> None:
    booked.does("session", "cancel", S1)
    booked.does("session", "remove", S1)
    booked.does("session", "restore", S1)
    assert booked.data("session", "show", S1)["state"] == "cancelled"
    assert (calendar(booked), money(booked)) == (["night-bus/S2"], (0, 180_000))
    booked.does("budget", "spend", NIGHT_BUS, "studio", "100", "--invoice", "1", "--session", "S2", "--final")
    booked.does("session", "remove", "night-bus/S2")
    booked.does("session", "restore", "night-bus/S2")
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 0, "the last payment was made"
    assert booked.data("session", "show", "night-bus/S2")["state"] == "booked"


def test_it_does_not_come_back_where_another_took_its_room(booked: Label) -> None:
    booked.does("session", "remove", S1)
    booked.does(*BOOK, "2127-12-07")
    said = booked.refuses(5, "session", "restore", S1)
    assert said.rule == "schedule.conflict"
    assert "room-a is firm for night-bus/S3 2127-12-07 10:00 to 2127-12-07 18:00" in said.err
    booked.does("session", "cancel", "night-bus/S3")
    booked.does("resource", "remove", "room-a")
    assert booked.refuses(3, "session", "restore", S1).rule == "entry.removed"
    booked.does("resource", "restore", "room-a")
    booked.does("session", "restore", S1)
    assert calendar(booked) == [S1, S1, "night-bus/S2"]


def test_it_does_not_come_back_where_its_line_was_spent(booked: Label) -> None:
    booked.does("session", "remove", S1)
    booked.does("budget", "spend", NIGHT_BUS, "studio", "700", "--invoice", "1")
    said = booked.run("session", "restore", S1)
    assert (said.code, said.rule) == (3, "budget.guard")
    assert "studio needs 1,200.00 EUR, left 1,100.00 EUR, short 100.00 EUR" in said.err
    assert sessions(booked) == ["night-bus/S2"]
    booked.does("budget", "set", NIGHT_BUS, "studio=1900")
    booked.does("session", "restore", S1)
    assert money(booked) == (120_000, 0)


def test_its_title_shows_in_the_lists(booked: Label) -> None:
    assert booked.does("session", "rename", S1, "Drum days") == f"{S1} is called Drum days"
    assert [row["title"] for row in booked.data("session", "list", NIGHT_BUS)] == ["Drum days", ""]
    head = booked.head
    booked.does("session", "rename", S1, "Drum days")
    assert booked.head == head
    assert [row["address"] for row in booked.data("search", "drum days")] == [S1]
    assert booked.refuses(2, "session", "rename", NIGHT_BUS, "S1").rule == "session.name"
    assert booked.refuses(4, "session", "remove", "night-bus/S9").rule == "session.unknown"
