"""Two holds made firm at once, a deposit paid twice, an invoice in dollars: nothing costs a label money twice.

Each is followed by the commands that take it back, which lead to the figures from before.
"""

import subprocess
from pathlib import Path

import pytest

from tests.orchestrator.hand_clock import HandClock
from tests.orchestrator.label import Label, open_label

NIGHT_BUS, S1, S2 = "night-bus", "night-bus/S1", "night-bus/S2"
DEPOSIT = (NIGHT_BUS, "studio", "250")


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """Two rooms of 500.00 a day, one with a deposit and fees, and a studio line that pays one of them."""
    label = open_label(tmp_path, "Drums", clock=HandClock("2027-11-29T09:00"))
    terms = ("--day", "500/10h", "--deposit", "50%", "--cancel", "14d=0,7d=50,48h=100")
    label.does("room", "add", "room-a", *terms)
    label.does("room", "add", "room-b", "--day", "500/10h")
    label.does("budget", "set", NIGHT_BUS, "studio=700", "mixing=100")
    return label


def figures(label: Label, line: str = "studio") -> tuple[int, ...]:
    """Committed, invoiced, spent, left and forecast of *line* in whole euros."""
    [row] = [row for row in label.data("budget", "report", NIGHT_BUS) if row["line"] == line]
    amounts = [row[name]["minor"] for name in ("committed", "invoiced", "spent", "left", "forecast")]
    assert all(amount % 100 == 0 for amount in amounts)
    return tuple(amount // 100 for amount in amounts)


def hold(label: Label, room: str, day: str) -> None:
    label.does("session", "hold", NIGHT_BUS, "--room", room, "--line", "studio", "--on", day, "--hours", "10-18")


def test_of_two_holds_made_firm_at_once_the_line_pays_one(label: Label) -> None:
    hold(label, "room-a", "2127-12-06")
    hold(label, "room-b", "2127-12-07")
    assert figures(label) == (0, 0, 0, 700, 700), "a hold reserves no money"
    both = [label.begin("session", "firm", name, stdin=subprocess.DEVNULL) for name in (S1, S2)]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 3]
    assert sum("short 300.00 EUR" in said for said in told) == 1
    assert figures(label) == (500, 0, 0, 200, 700)
    firm = [row["session"] for row in label.data("session", "list", NIGHT_BUS) if row["state"] == "booked"]
    assert len(firm) == 1
    label.does("session", "cancel", firm[0], "--why", "a slip")
    assert figures(label) == (0, 0, 0, 700, 700)
    assert label.refuses(3, "session", "release", firm[0]).rule.startswith("session.")


def test_a_deposit_is_paid_once_whatever_its_payee_is_called(label: Label) -> None:
    hold(label, "room-a", "2027-12-06")
    label.does("session", "firm", S1)
    label.does("budget", "invoice", *DEPOSIT, "--invoice", "R-7", "--payee", "Room A", "--session", "S1")
    pay = ("budget", "spend", *DEPOSIT)
    label.does(*pay, "--invoice", "R-7", "--payee", "Room A")
    assert figures(label) == (250, 0, 250, 200, 700)
    head = label.head
    for payee, number in (("room a", "R-7"), ("room-a", "r-7"), ("ROOM  A", "R-7 ")):
        label.does(*pay, "--invoice", number, "--payee", payee, "--session", "S1")
        label.does("budget", "invoice", *DEPOSIT, "--invoice", number, "--payee", payee, "--session", "S1")
    assert label.head == head, "one invoice, in several spellings"
    more = (NIGHT_BUS, "mixing", "50", "--invoice", "R-7", "--payee", "room a")
    assert label.refuses(3, "budget", "spend", *more).rule == "money.invoice"
    label.does("budget", "void", NIGHT_BUS, "r-7", "--payee", "room a", "--why", "the bank sent it back")
    assert figures(label) == (250, 250, 0, 200, 700)
    label.does("budget", "withdraw", NIGHT_BUS, "R-7", "--why", "not ours")
    assert figures(label) == (500, 0, 0, 200, 700)


def test_another_currency_is_converted_as_it_came_in_and_paid_in_the_records_own(label: Label) -> None:
    invoice = (
        "budget",
        "invoice",
        NIGHT_BUS,
        "studio",
        "100",
        "--invoice",
        "U1",
        "--payee",
        "Kit",
        "--currency",
        "USD",
    )
    assert label.refuses(2, "budget", "spend", NIGHT_BUS, "studio", "100 USD", "--invoice", "U1").rule == "money.amount"
    assert label.refuses(2, *invoice).rule == "money.rate"
    label.does(*invoice, "--rate", "0.9", "--on", "2027-11-28")
    assert figures(label) == (0, 90, 0, 610, 700)
    assert label.refuses(3, *invoice, "--rate", "0.91", "--on", "2027-11-28").rule == "money.invoice"
    pay = ("budget", "spend", NIGHT_BUS, "studio")
    assert label.refuses(3, *pay, "90.01", "--invoice", "U1", "--payee", "kit").rule == "money.invoice"
    label.does(*pay, "90", "--invoice", "U1", "--payee", "kit")
    assert figures(label) == (0, 0, 90, 610, 700)
    label.does("budget", "void", NIGHT_BUS, "U1", "--why", "paid in dollars")
    label.does("budget", "withdraw", NIGHT_BUS, "U1", "--why", "not ours")
    assert figures(label) == (0, 0, 0, 700, 700)


def test_undo_takes_no_money_back_and_says_so(label: Label) -> None:
    hold(label, "room-a", "2027-12-06")
    label.does("session", "firm", S1)
    label.does("budget", "spend", *DEPOSIT, "--invoice", "R-7", "--payee", "Room A", "--session", "S1")
    assert label.refuses(4, "undo").rule == "undo.nothing"
    assert figures(label) == (250, 0, 250, 200, 700)
