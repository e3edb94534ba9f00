"""People of a session are asked, answer and are replaced; work is a fact."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"
ON = ("--on", "2027-12-06", "--hours", "10-13")
PAST = "2026-01-12"


@pytest.fixture
def booked(label: Label) -> Label:
    """Room A, Jo who leads at 250.00 a call, and Al at 200.00 an hour; of 3,000.00."""
    label.does("room", "add", "room-a", "--day", "500/10h", "--overtime", "30m=40")
    label.does("person", "add", "Jo Long", "--call", "250/3h", "--leader", "100%", "--on-cost", "pension=10%")
    for name, price in (("Al", "200"), ("Kim", "300")):
        label.does("person", "add", name, "--hour", price)
    label.does("budget", "set", NIGHT_BUS, "studio=1950")
    label.does("session", "book", NIGHT_BUS, "--room", "room-a", "--with", "jo-long:leader,al", *ON, "--line", "studio")
    return label


def test_each_is_asked_with_their_own_times_and_fee_and_nothing_of_the_others(booked: Label) -> None:
    messages = {row["person"]: row["message"] for row in booked.data("session", "ask", S1)}
    assert set(messages) == {"jo-long", "al"}
    assert "Dear Jo Long," in messages["jo-long"]
    assert "Monday, 2027-12-06 10:00 to 2027-12-06 13:00" in messages["jo-long"]
    assert "your fee: 500.00 EUR" in messages["jo-long"]
    assert "your fee: 600.00 EUR" in messages["al"]
    assert not {"Al", "600.00", "550.00", "pension"} & set(messages["jo-long"].split())
    assert booked.data("session", "list", NIGHT_BUS)[0]["answers"] == "jo-long asked, al asked"
    head = booked.head
    assert "asked about these times before" in booked.run("session", "ask", S1).err
    assert booked.head == head


def test_whoever_sees_no_money_asks_without_a_fee(booked: Label) -> None:
    booked.does("user", "add", "Eve", "--role", "coordinator", "--role", "engineer")
    booked.does("user", "revoke", "eve", "--role", "engineer")
    messages = booked.data("session", "ask", S1, "--as", "eve")
    assert all("fee" in row["message"] for row in messages)
    said = booked.run("session", "show", S1, "--as", "nobody")
    assert (said.code, "500" in said.out) == (0, False)


def test_an_answer_is_recorded_once_and_lost_when_the_session_moves(booked: Label) -> None:
    booked.does("session", "ask", S1)
    booked.does("session", "answer", S1, "jo-long", "yes")
    head = booked.head
    booked.does("session", "answer", S1, "jo-long", "yes")
    assert booked.head == head
    said = booked.run("session", "answer", S1, "al", "other", "--note", "from noon on")
    assert f"takesheet session replace {S1} al NAME" in said.err
    assert booked.data("session", "show", S1)["answers"] == ["jo-long: yes", "al: other, from noon on"]
    booked.does("session", "move", S1, "--on", "2027-12-07")
    assert booked.data("session", "show", S1)["answers"] == []
    assert [row["new"] for row in booked.data("session", "ask", S1)] == [True, True]


def test_whoever_declines_is_replaced_at_the_price_of_the_other(booked: Label) -> None:
    booked.does("session", "answer", S1, "al", "no")
    said = booked.run("session", "replace", S1, "al", "kim")
    assert "it costs 1,950.00 EUR (before: 1,650.00 EUR), from studio, 0.00 EUR left there" in said.err
    [row] = booked.data("session", "list", NIGHT_BUS)
    assert (row["resources"], row["answers"]) == ("room-a, jo-long, kim", "")
    booked.does("log", "verify", "--views")
    assert booked.data("resource", "show", "al") == []
    assert [row["session"] for row in booked.data("resource", "show", "kim")] == [S1]
    head = booked.head
    booked.does("session", "replace", S1, "al", "kim")
    assert booked.head == head


def test_a_replacement_needs_time_and_money(booked: Label) -> None:
    booked.does("session", "book", NIGHT_BUS, "--with", "kim", "--on", "2027-12-06", "--hours", "12-14")
    assert booked.refuses(5, "session", "replace", S1, "al", "kim").rule == "schedule.conflict"
    booked.does("person", "add", "Zoe", "--hour", "300.01")
    said = booked.run("session", "replace", S1, "al", "zoe")
    assert (said.code, "short 0.03 EUR" in said.err) == (3, True)
    assert booked.refuses(3, "session", "replace", S1, "room-a", "zoe").rule == "session.kind"
    assert booked.refuses(4, "session", "replace", S1, "zoe", "kim").rule == "session.player"


def test_the_true_hours_are_recorded_and_an_overrun_is_said_and_never_refused(booked: Label) -> None:
    booked.does("session", "move", S1, "--on", PAST)
    said = booked.run("session", "worked", S1, "--hours", "10-22")
    # the room has two hours of overtime; Jo four calls, doubled, with a tenth on top; Al twelve hours
    cost = 500 + 4 * 40 + 2200 + 2400
    assert (said.code, f"it costs {cost:,}.00 EUR (before: 1,650.00 EUR)" in said.err) == (0, True)
    assert f"overrun: studio has -{cost - 1950:,}.00 EUR left" in said.err
    assert booked.data("session", "list", NIGHT_BUS)[0]["state"] == "worked"
    head = booked.head
    booked.does("session", "worked", S1, "--hours", "10-22")
    assert booked.head == head
    assert booked.refuses(3, "session", "move", S1, "--on", "2027-12-08").rule == "session.worked"
    assert booked.refuses(3, "session", "cancel", S1).rule == "session.worked"


def cost(label: Label, *words: object) -> tuple[int, int]:
    """Cost of the session after it was recorded as worked, and what the studio line has committed to it, in cents."""
    done = label.data("session", "worked", S1, *words)
    [line] = [row for row in label.data("budget", "report", NIGHT_BUS) if row["line"] == "studio"]
    assert line["left"] == done["left"]
    return done["cost"]["minor"], line["committed"]["minor"]


def test_the_booked_price_is_owed_for_fewer_hours_unless_all_agree(booked: Label) -> None:
    booked.does("session", "move", S1, "--on", PAST)
    terms = booked.data("session", "show", S1)["terms"]
    said = booked.run("session", "worked", S1, "--hours", "10-12")
    assert "it costs 1,650.00 EUR, from studio, 300.00 EUR left there" in said.err
    assert "the booked price is owed" in said.err
    assert booked.data("session", "show", S1)["terms"] == terms
    assert cost(booked, "--hours", "10-12", "--agreed") == (145_000, 145_000), "two hours of Al, not three"
    assert cost(booked, "--hours", "10-12:01", "--agreed") == (150_000, 150_000), "the begun quarter counts"
    assert cost(booked, "--hours", "10-13:01") == (225_000, 225_000), "a begun call and a begun quarter"
    assert cost(booked, "--hours", "10-12") == (165_000, 165_000), "not what the hours before it cost"
    assert booked.data("session", "show", S1)["terms"] == terms


def test_work_that_lies_ahead_is_no_fact_yet(booked: Label) -> None:
    head = booked.head
    said = booked.refuses(3, "session", "worked", S1)
    assert said.rule == "session.future"
    assert "work until 2027-12-06 13:00 has not been done yet" in said.err
    assert booked.refuses(3, "session", "worked", S1, "--on", "2027-01-04", "--hours", "10-13").rule == "session.future"
    now = datetime.now(UTC).replace(microsecond=0)
    ends = ("--from", (now - timedelta(hours=2)).isoformat(), "--to", (now + timedelta(hours=1)).isoformat())
    assert booked.refuses(3, "session", "worked", S1, *ends).rule == "session.future", "it still runs"
    assert booked.head == head
    booked.does("session", "worked", S1, *ends[:3], (now - timedelta(minutes=1)).isoformat())


def test_a_replacement_without_a_price_frees_what_no_line_pays(booked: Label) -> None:
    booked.does("session", "book", NIGHT_BUS, "--with", "kim", "--on", "2027-12-08", "--hours", "10-12")
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 60_000
    booked.does("person", "add", "Zoe")
    booked.does("session", "replace", "night-bus/S2", "kim", "zoe")
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 0
    assert booked.data("session", "list", NIGHT_BUS)[1]["cost"] is None
    booked.does("session", "replace", "night-bus/S2", "zoe", "kim")
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 60_000


def test_a_move_after_which_nothing_has_a_price_frees_what_no_line_pays(booked: Label) -> None:
    booked.does("resource", "add", "hall", "--rate", "600/day")
    booked.does("session", "book", NIGHT_BUS, "--room", "hall", "--on", "2027-12-08", "--hours", "10-12")
    booked.does("resource", "add", "hall")
    booked.does("session", "move", "night-bus/S2", "--on", "2027-12-09")
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 0


def test_nobody_else_is_asked_and_no_other_word_is_an_answer(booked: Label) -> None:
    assert booked.refuses(4, "session", "ask", S1, "--who", "kim").rule == "session.player"
    assert booked.refuses(4, "session", "answer", S1, "room-a", "yes").rule == "session.player"
    assert booked.refuses(2, "session", "answer", S1, "al", "perhaps").rule == "session.answer"
    booked.does("session", "cancel", S1)
    assert booked.refuses(3, "session", "ask", S1).rule == "session.cancelled"
