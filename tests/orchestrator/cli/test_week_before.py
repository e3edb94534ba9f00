"""The week before a session, told through the command line, while time passes on the clock that its commands ask.

Planned, refused, booked, moved, asked, recast, paid, cancelled by the clock, and booked anew in an overrun that ends.
"""

from pathlib import Path

import pytest

from tests.orchestrator.hand_clock import HandClock
from tests.orchestrator.label import Label, open_label

NIGHT_BUS, S1, S2 = "night-bus", "night-bus/S1", "night-bus/S2"
ROOM = (NIGHT_BUS, "--room", "room-a", "--line", "studio", "--hours", "10-13")
FIGURES = ("committed", "invoiced", "spent", "left", "forecast")


@pytest.fixture
def clock() -> HandClock:
    """Monday of the week before, in the morning."""
    return HandClock("2027-11-29T09:00")


@pytest.fixture
def week(tmp_path: Path, clock: HandClock) -> Label:
    """A room and three players with terms, and a record whose studio line has 2,250.00."""
    label = open_label(tmp_path, "Drums", clock=clock)
    terms = ("--day", "500/10h", "--deposit", "50%", "--cancel", "14d=0,7d=50,48h=100", "--setup", "1h")
    label.does("room", "add", "room-a", *terms)
    for name, fee in (("Jo", "250"), ("Al", "200"), ("Kim", "220")):
        label.does("person", "add", name, "--call", f"{fee}/3h", "--cancel", "24h=50")
    label.does("budget", "set", NIGHT_BUS, "studio=2250")
    return label


def figures(label: Label) -> tuple[int, ...]:
    """Committed, invoiced, spent, left and forecast of the studio line in whole euros, as every reader has them.

    ``budget show`` and ``budget report`` count an overrun as left while it lasts, the sums of ``budget list`` and
    ``board`` and ``why budget`` never do.
    """
    label.does("log", "verify", "--views")
    [line] = label.data("budget", "show", NIGHT_BUS)
    assert label.data("budget", "report", NIGHT_BUS) == [line]
    [listed] = label.data("budget", "list")
    [board] = label.data("board")
    last = label.data("why", "budget", f"{NIGHT_BUS}/studio")[-1]
    for name in FIGURES:
        overrun = line["authorised"]["minor"] if name == "left" else 0
        assert listed[name]["minor"] == last[name]["minor"] == line[name]["minor"] - overrun, name
        assert name not in board or board[name] == listed[name], name
    assert board["actual"]["minor"] == line["invoiced"]["minor"] + line["spent"]["minor"]
    assert board["planned"] == line["approved"]
    over = board["forecast"]["minor"] - board["planned"]["minor"]
    told = (over, "OVER") if over > 0 else (board["left"]["minor"], "left")
    assert board["money"] == words_of(*told)
    assert all(line[name]["minor"] % 100 == 0 for name in FIGURES)
    return tuple(line[name]["minor"] // 100 for name in FIGURES)


def words_of(minor: int, word: str) -> str:
    """An amount in whole euros as the board says it: what is left, or by how much the forecast is over."""
    amount = f"{minor // 100:,}.00 EUR"
    return f"{word} {amount}" if word == "OVER" else f"{amount} {word}"


def refusal(label: Label, *words: object) -> str:
    """Error output of a command that the budget refuses."""
    said = label.run(*words)
    assert (said.code, said.rule) == (3, "budget.guard"), said
    return said.err


def statuses(label: Label) -> list[str]:
    """Status of each event of the record's calendar, as another program reads it."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(label.data("plan", "ics", NIGHT_BUS)["calendar"])
    return [str(event["status"]) for event in calendar.walk("VEVENT")]


def test_a_session_is_carried_through_its_week_within_the_money(week: Label, clock: HandClock) -> None:
    plan_and_book(week)
    clock.set("2027-11-30T10:00")
    week.does("session", "move", S1, "--on", "2027-12-08")
    assert [row["person"] for row in week.data("session", "ask", S1)] == ["jo", "al"]
    assert figures(week) == (950, 0, 0, 1300, 2250)
    clock.set("2027-12-01T10:00")
    recast(week)
    clock.set("2027-12-02T10:00")
    pay_deposit(week)
    clock.set(
        "2027-12-06T18:00"
    )  # 40 hours before 10:00 on the 8th: less than the room's 48, more than the players' 24
    cancel(week)
    again = (*ROOM, "--with", "jo,kim", "--on", "2027-12-15", "--days", "2")
    assert "short 190.00 EUR" in refusal(week, "session", "book", *again)
    week.does("budget", "authorise", NIGHT_BUS, "studio", "1160", "--until", "2027-12-10", "--why", "the drums")
    assert figures(week) == (250, 0, 250, 2910, 2250)

    clock.set("2027-12-10T23:59")  # Friday, the last day of the overrun
    assert week.does("session", "book", *again) == S2
    assert figures(week) == (2190, 0, 250, 970, 2440)
    assert week.data("board")[0]["money"] == "OVER 190.00 EUR"
    friday = week.head
    third_day = (*ROOM, "--with", "jo,kim", "--on", "2027-12-17")
    week.does("session", "plan", *third_day, "--dry-run")

    clock.set("2027-12-11T00:00")  # Saturday
    late = refusal(week, "session", "book", *third_day)
    assert "studio needs 970.00 EUR, left -190.00 EUR, short 1,160.00 EUR" in late
    assert (
        "; label may raise the line or authorise an overrun\n  next: takesheet budget set night-bus studio=3410.00"
        in late
    )
    assert figures(week) == (2190, 0, 250, -190, 2440)
    for moment in (friday, "2027-12-10T23:59"):
        [line] = week.data("budget", "show", NIGHT_BUS, "--as-of", moment)
        assert (line["authorised"]["minor"], line["authorised_until"]) == (116_000, "2027-12-10")
        assert line["left"]["minor"] == 97_000
    sessions = [(row["session"], row["state"]) for row in week.data("session", "list", NIGHT_BUS)]
    assert sessions == [(S1, "cancelled"), (S2, "booked")]
    changes = [(row["when"], row["change"]) for row in week.data("why", "budget", f"{NIGHT_BUS}/studio")]
    assert changes == [
        ("2027-11-29 09:00", "approved +2,250.00 EUR"), ("2027-11-29 09:00", "committed +950.00 EUR"),
        ("2027-12-01 10:00", "committed +20.00 EUR"),
        ("2027-12-02 10:00", "committed -250.00 EUR, invoiced +250.00 EUR"),
        ("2027-12-02 10:00", "invoiced -250.00 EUR, spent +250.00 EUR"),
        ("2027-12-06 18:00", "committed -470.00 EUR"), ("2027-12-06 18:00", "overrun +1,160.00 EUR"),
        ("2027-12-10 23:59", "committed +1,940.00 EUR"),
    ]  # fmt: skip


def plan_and_book(week: Label) -> None:
    """Three days are 600.00 too much, to plan and to book; one is planned and booked."""
    wanted = (*ROOM, "--with", "jo,al", "--on", "2027-12-06")
    too_much = week.run("session", "plan", *wanted, "--days", "3", "--dry-run")
    assert (too_much.code, too_much.rule) == (3, "budget.guard")
    assert "total 2,850.00 EUR" in too_much.out
    assert "studio needs 2,850.00 EUR, left 2,250.00 EUR, short 600.00 EUR" in too_much.err
    assert "label may raise the line or authorise an overrun" in too_much.err
    assert "short 600.00 EUR" in refusal(week, "session", "book", *wanted, "--days", "3")
    assert figures(week) == (0, 0, 0, 2250, 2250)
    week.does("session", "plan", *wanted, "--dry-run")
    assert week.does("session", "book", *wanted) == S1
    assert figures(week) == (950, 0, 0, 1300, 2250)


def recast(week: Label) -> None:
    """One player accepts, the other declines and is replaced by a dearer one."""
    week.does("session", "answer", S1, "jo", "yes")
    week.does("session", "answer", S1, "al", "no", "--note", "on tour")
    assert [row["conflict"] for row in week.data("plan", "conflicts")] == ["declined"]
    assert [row["address"] for row in week.data("next") if row["what"] == "declined"] == [S1]
    week.does("session", "replace", S1, "al", "kim")
    assert week.data("plan", "conflicts") == []
    assert [row["person"] for row in week.data("session", "ask", S1) if row["new"]] == ["kim"]
    assert figures(week) == (970, 0, 0, 1280, 2250)


def pay_deposit(week: Label) -> None:
    """The room's invoice for the deposit comes in and is paid."""
    assert week.data("session", "show", S1)["deposits"] == ["room-a: 250.00 EUR, due as it is booked"]
    deposit = (NIGHT_BUS, "studio", "250", "--invoice", "7", "--payee", "Room A")
    week.does("budget", "invoice", *deposit, "--session", "S1")
    assert figures(week) == (720, 250, 0, 1280, 2250)
    week.does("budget", "spend", *deposit)
    assert figures(week) == (720, 0, 250, 1280, 2250)


def cancel(week: Label) -> None:
    """The session is cancelled now; the room's fee is its whole price, of which the deposit has paid half."""
    cancelled = week.run("session", "cancel", S1, "--why", "the singer is ill")
    assert cancelled.code == 0
    assert "a fee of 500.00 EUR is due: room-a 500.00 EUR" in cancelled.err
    assert statuses(week) == ["CANCELLED"]
    assert figures(week) == (250, 0, 250, 1750, 2250)


def test_an_earlier_time_values_an_overrun_and_the_days_to_spare_on_its_own_day(week: Label, clock: HandClock) -> None:
    week.does("budget", "authorise", NIGHT_BUS, "studio", "100", "--until", "2027-12-10", "--why", "the drums")
    clock.set("2027-12-20T09:00")
    left = {
        moment: week.data("budget", "show", NIGHT_BUS, "--as-of", moment)[0]["left"]["minor"]
        for moment in ("2027-12-10T23:59", "2027-12-11T00:00", str(week.head))
    }
    assert left == {"2027-12-10T23:59": 235_000, "2027-12-11T00:00": 225_000, str(week.head): 235_000}
    assert week.data("budget", "show", NIGHT_BUS)[0]["left"]["minor"] == 225_000
    slack = [
        week.data("plan", "critical", *moment)[0]["slack"]
        for moment in (("--as-of", "2027-12-10T23:59"), ("--as-of", "2027-12-11T00:00"), ())
    ]
    assert [slack[0] - one for one in slack] == [0, 1, 10]
