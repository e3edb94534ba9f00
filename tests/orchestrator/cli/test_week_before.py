"""A week before the session: planned, refused, moved, asked, recast, paid, cancelled, and booked anew in an overrun."""

from datetime import timedelta

from domain.booking.budget_line import OverrunAuthorised
from domain.core.money import Money
from orchestrator.desk.booking.budget import budget_query
from orchestrator.studio import Studio
from tests.orchestrator.label import Label

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"
ROOM = (NIGHT_BUS, "--room", "room-a", "--line", "studio", "--hours", "10-13")


def figures(label: Label) -> tuple[int, ...]:
    """Committed, invoiced, spent, left and forecast of the studio line in whole euros; the list, and why, agree."""
    names = ("committed", "invoiced", "spent", "left", "forecast")
    [line] = label.data("budget", "report", NIGHT_BUS)
    [listed] = label.data("budget", "list")
    last = label.data("why", "budget", f"{NIGHT_BUS}/studio")[-1]
    for name in names:
        overrun = line["authorised"]["minor"] if name == "left" else 0
        assert listed[name]["minor"] == last[name]["minor"] == line[name]["minor"] - overrun
    assert all(line[name]["minor"] % 100 == 0 for name in names)
    return tuple(line[name]["minor"] // 100 for name in names)


def test_a_session_is_carried_through_its_week_within_the_money(label: Label) -> None:
    label.does("room", "add", "room-a", "--day", "500/10h", "--cancel", "14d=0,7d=50,48h=100", "--deposit", "50%")
    for name, price in (("Jo", "250/3h"), ("Kim", "300/3h")):
        label.does("person", "add", name, "--call", price)
    label.does("budget", "set", NIGHT_BUS, "studio=1650")

    too_much = label.run("session", "plan", *ROOM, "--with", "jo", "--on", "2027-12-06", "--days", "3", "--dry-run")
    assert (too_much.code, too_much.rule) == (3, "budget.guard")
    assert "studio needs 2,250.00 EUR, left 1,650.00 EUR, short 600.00 EUR" in too_much.err
    assert "label may raise the line or authorise an overrun" in too_much.err
    label.does("session", "plan", *ROOM, "--with", "jo", "--on", "2027-12-06", "--dry-run")
    label.does("session", "book", *ROOM, "--with", "jo", "--on", "2027-12-06")
    assert figures(label) == (750, 0, 0, 900, 1650)

    label.does("session", "move", S1, "--on", "2027-12-08")
    label.does("session", "ask", S1)
    label.does("session", "answer", S1, "jo", "no")
    label.does("session", "replace", S1, "jo", "kim")
    assert figures(label) == (800, 0, 0, 850, 1650)

    deposit = (NIGHT_BUS, "studio", "250", "--invoice", "7", "--payee", "Room A")
    label.does("budget", "invoice", *deposit, "--session", "S1")
    assert figures(label) == (550, 250, 0, 850, 1650)
    label.does("budget", "spend", *deposit)
    assert figures(label) == (550, 0, 250, 850, 1650)

    cancelled = label.data("session", "cancel", S1, "--at", "2027-12-06T18:00")  # 40 hours before
    assert cancelled["fee"]["minor"] == 50_000
    assert figures(label) == (250, 0, 250, 1150, 1650)

    again = ("session", "book", *ROOM, "--with", "kim", "--on", "2027-12-15", "--days", "2")
    assert "short 450.00 EUR" in label.run(*again).err
    with Studio.at(str(label.folder)) as studio:
        today = studio.today()
    overrun = ("budget", "authorise", NIGHT_BUS, "studio", "450", "--until", today, "--why", "the drums")
    label.does(*overrun)
    label.does("session", "plan", *again[2:], "--dry-run")
    with Studio.at(str(label.folder)) as studio:  # the day after: the last day of the overrun is past
        amount, past = Money(minor=45_000, currency="EUR"), today - timedelta(days=1)
        over = OverrunAuthorised(record=NIGHT_BUS, line="studio", amount=amount, until=past)
        studio.decide(budget_query(NIGHT_BUS), lambda *_: (None, [over]), deed="budget")
    late = label.run(*again)
    assert (late.code, late.rule, "short 450.00 EUR" in late.err) == (3, "budget.guard", True)
    label.does(*overrun)
    label.does(*again)
    assert figures(label) == (1850, 0, 250, 0, 2100)

    changes = [row["change"] for row in label.data("why", "budget", f"{NIGHT_BUS}/studio")]
    assert changes == [
        "approved +1,650.00 EUR", "committed +750.00 EUR", "committed +50.00 EUR",
        "committed -250.00 EUR, invoiced +250.00 EUR", "invoiced -250.00 EUR, spent +250.00 EUR",
        "committed -300.00 EUR", "overrun +450.00 EUR", "committed +1,600.00 EUR",
    ]  # fmt: skip
    label.does("log", "verify", "--views")
