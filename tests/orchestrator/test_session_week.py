"""The week before a session, told through the command line: from the plan to the session that is booked anew."""

from datetime import datetime, timedelta

from tests.orchestrator.label import Label

NIGHT_BUS, S1, S2 = "night-bus", "night-bus/S1", "night-bus/S2"


def money(label: Label) -> tuple[int, int, int]:
    """Committed, spent and left of the studio line in cents; the models say as the events do."""
    label.does("log", "verify", "--views")
    [line] = [row for row in label.data("budget", "report", NIGHT_BUS) if row["line"] == "studio"]
    committed, spent, left = (line[name]["minor"] for name in ("committed", "spent", "left"))
    return committed, spent, left


def test_the_week_before_a_session(label: Label) -> None:
    room = ("--day", "500/10h", "--deposit", "50%", "--cancel", "14d=0,7d=50,48h=100", "--setup", "1h")
    label.does("room", "add", "room-a", *room)
    for name, fee in (("Jo", "250"), ("Al", "200"), ("Kim", "220")):
        label.does("person", "add", name, "--call", f"{fee}/3h", "--cancel", "24h=50")
    label.does("budget", "set", NIGHT_BUS, "studio=2300")
    day = (datetime.now().astimezone() + timedelta(days=20)).date()  # the machine's clock is that of the command
    wanted = (
        NIGHT_BUS,
        "--room",
        "room-a",
        "--with",
        "jo,al",
        "--line",
        "studio",
        "--hours",
        "10-13",
        "--on",
        str(day),
    )

    said = label.run("session", "plan", *wanted, "--days", "3", "--dry-run")
    assert (said.code, said.rule) == (3, "budget.guard")
    assert "total 2,850.00 EUR" in said.out
    assert "short 550.00 EUR" in said.err
    label.does("budget", "set", NIGHT_BUS, "studio=2250")
    said = label.run("session", "book", *wanted, "--days", "3")
    assert (said.code, "short 600.00 EUR" in said.err, money(label)) == (3, True, (0, 0, 225_000))

    assert label.does("session", "book", *wanted) == S1
    assert money(label) == (95_000, 0, 130_000)
    label.does("session", "move", S1, "--on", str(day + timedelta(days=1)))
    assert money(label) == (95_000, 0, 130_000)

    asked = label.data("session", "ask", S1)
    assert [row["person"] for row in asked] == ["jo", "al"]
    label.does("session", "answer", S1, "jo", "yes")
    label.does("session", "answer", S1, "al", "no", "--note", "on tour")
    assert [row["conflict"] for row in label.data("plan", "conflicts")] == ["declined"]
    assert [row["address"] for row in label.data("next") if row["what"] == "declined"] == [S1]
    label.does("session", "replace", S1, "al", "kim")
    assert money(label) == (97_000, 0, 128_000)
    assert label.data("plan", "conflicts") == []
    assert [row["person"] for row in label.data("session", "ask", S1) if row["new"]] == ["kim"]

    assert label.data("session", "show", S1)["deposits"] == ["room-a: 250.00 EUR, due as it is booked"]
    label.does("budget", "spend", NIGHT_BUS, "studio", "250", "--invoice", "17", "--payee", "room-a", "--session", "S1")
    assert money(label) == (72_000, 25_000, 128_000)

    told = datetime.combine(day + timedelta(days=1), datetime.min.time()) + timedelta(hours=10) - timedelta(hours=40)
    said = label.run("session", "cancel", S1, "--at", told.isoformat(timespec="minutes"), "--why", "the singer is ill")
    assert "a fee of 500.00 EUR is due: room-a 500.00 EUR" in said.err
    assert money(label) == (25_000, 25_000, 175_000)
    assert [event["status"] for event in statuses(label)] == ["CANCELLED"]

    again = ("--room", "room-a", "--with", "jo,kim", "--line", "studio", "--hours", "10-13")
    assert label.does("session", "book", NIGHT_BUS, *again, "--on", str(day + timedelta(days=8))) == S2
    assert money(label) == (122_000, 25_000, 78_000)
    assert [(row["session"], row["state"]) for row in label.data("session", "list", NIGHT_BUS)] == [
        (S1, "cancelled"), (S2, "booked"),
    ]  # fmt: skip


def statuses(label: Label) -> list[dict[str, str]]:
    """Status of each event of the record's calendar, as another program reads it."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(label.data("plan", "ics", NIGHT_BUS)["calendar"])
    return [{"status": str(event["status"])} for event in calendar.walk("VEVENT")]
