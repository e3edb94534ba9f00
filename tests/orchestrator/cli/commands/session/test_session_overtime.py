"""The price of going on while a session runs, through the command line."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"


@pytest.fixture
def booked(label: Label) -> Label:
    """Jo at 250.00 a call of three hours, 40.00 for each begun quarter of an hour more; 300.00 in the line."""
    label.does("person", "add", "Jo", "--call", "250/3h", "--overtime", "15m=40")
    label.does("budget", "set", NIGHT_BUS, "studio=300")
    label.does("session", "book", NIGHT_BUS, "--with", "jo", "--on", "2027-12-06", "--hours", "10-13", "--line",
               "studio")  # fmt: skip
    return label


def test_minutes_over_and_the_next_prices_are_told_and_nothing_is_recorded(booked: Label) -> None:
    head = booked.head
    said = booked.run("session", "overtime", S1, "--at", "2027-12-06T13:05", "--json")
    assert "night-bus/S1 is 5 min over" in said.err
    rows = said.json["data"]
    assert [(row["until"], row["cost"]["minor"], row["left"]["minor"]) for row in rows[:2]] == [
        ("2027-12-06 13:15", 29_000, 1_000), ("2027-12-06 13:30", 33_000, -3_000),
    ]  # fmt: skip
    assert booked.head == head
    assert "within its time" in booked.run("session", "overtime", NIGHT_BUS, "S1", "--at", "2027-12-06T12:00").err


def test_only_of_a_session_that_takes_place_and_for_who_sees_money(booked: Label) -> None:
    booked.refuses(4, "session", "overtime", "night-bus/S9")
    booked.does("user", "add", "lou", "--role", "engineer")
    assert booked.refuses(3, "session", "overtime", S1, "--as", "lou").rule == "curtain.money"
    booked.does("session", "cancel", S1)
    assert booked.refuses(3, "session", "overtime", S1).rule == "session.cancelled"
