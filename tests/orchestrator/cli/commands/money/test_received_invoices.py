"""Invoices that came in, through the command line: recorded whatever the line has, flagged, and paid once."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS = "night-bus"
CAME = ("budget", "invoice", NIGHT_BUS)


@pytest.fixture
def booked(label: Label) -> Label:
    """A record whose studio line has 1,000.00, of which 600.00 are committed to a day in room A."""
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("budget", "set", NIGHT_BUS, "studio=1000", "mixing=500")
    label.does("session", "book", NIGHT_BUS, "--room", "room-a", "--on", "2027-12-06", "--hours", "10-18",
               "--line", "studio")  # fmt: skip
    return label


def figures(label: Label, line: str = "studio") -> tuple[int, ...]:
    """Committed, invoiced, spent, left and forecast of a line, in cents; report, list and board agree."""
    lines = {row["line"]: row for row in label.data("budget", "report", NIGHT_BUS)}
    [whole] = [row for row in label.data("budget", "list") if row["record"] == NIGHT_BUS]
    names = ("committed", "invoiced", "spent", "left", "forecast")
    for name in names:
        assert whole[name]["minor"] == sum(row[name]["minor"] for row in lines.values())
    return tuple(lines[line][name]["minor"] for name in names)


def test_an_invoice_is_recorded_with_its_tax_and_paid_without_naming_the_session_again(booked: Label) -> None:
    said = booked.run(*CAME, "studio", "600", "--invoice", "7", "--payee", "Room A", "--session", "S1", "--tax", "19%",
                      "--due", "2027-12-20")  # fmt: skip
    assert said.code == 0
    assert "714.00 EUR to transfer: 600.00 EUR and 114.00 EUR tax, which counts in no line" in said.err
    assert figures(booked) == (0, 60_000, 0, 40_000, 100_000)
    [row] = booked.data("budget", "invoices", NIGHT_BUS, "--unpaid")
    assert (row["unpaid"]["minor"], row["tax"]["minor"], row["for"], row["state"]) == (
        60_000, 11_400, "night-bus/S1", "unpaid",
    )  # fmt: skip
    booked.does("budget", "spend", NIGHT_BUS, "studio", "600", "--invoice", "7", "--payee", "Room A")
    assert figures(booked) == (0, 0, 60_000, 40_000, 100_000)
    assert booked.data("budget", "invoices", NIGHT_BUS, "--unpaid") == []
    assert booked.data("budget", "payments", NIGHT_BUS)[0]["session"] == "night-bus/S1"


def test_of_an_invoice_paid_in_part_the_rest_is_told(booked: Label) -> None:
    booked.does(*CAME, "studio", "100", "--invoice", "7", "--payee", "Room A", "--tax", "19%")
    pay = ("budget", "spend", NIGHT_BUS, "studio", "--invoice", "7", "--payee", "Room A")
    assert "40.00 EUR of invoice 7 on studio stays unpaid" in booked.run(*pay, "60").err
    booked.does("budget", "correct", NIGHT_BUS, "7", "--amount", "100")
    assert "119.00 EUR to transfer" in booked.run(*pay, "100").err


def test_one_beyond_its_line_is_recorded_flagged_and_not_payable_until_the_overrun_is_authorised(booked: Label) -> None:
    said = booked.run(*CAME, "mixing", "500.01", "--invoice", "8", "--payee", "vic")
    assert said.code == 0
    assert "mixing is overdrawn by 0.01 EUR; it can be paid once label raises the line" in said.err
    pay = ("budget", "spend", NIGHT_BUS, "mixing", "500.01", "--invoice", "8", "--payee", "vic")
    refused = booked.refuses(3, *pay)
    assert refused.rule == "budget.guard"
    assert "short 0.01 EUR; label may raise the line or authorise an overrun" in refused.err
    booked.does("budget", "authorise", NIGHT_BUS, "mixing", "0.01", "--until", "2999-12-31", "--why", "one cent")
    booked.does(*pay)
    [row] = [row for row in booked.data("budget", "report", NIGHT_BUS) if row["line"] == "mixing"]
    assert (row["authorised"]["minor"], row["authorised_until"], row["left"]["minor"]) == (1, "2999-12-31", 0)


def test_a_foreign_invoice_has_its_rate_and_day(booked: Label) -> None:
    said = booked.run(*CAME, "studio", "100", "--invoice", "9", "--payee", "Hire", "--currency", "GBP", "--rate",
                      "1.17", "--dated", "2026-12-01")  # fmt: skip
    assert "100.00 GBP at 1.17 of 2026-12-01 are 117.00 EUR" in said.err
    [row] = booked.data("budget", "invoices", NIGHT_BUS)
    assert (row["net"]["minor"], row["foreign"]["minor"], row["rate"], row["rate_on"]) == (
        11_700, 10_000, "1.17", "2026-12-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("--currency", "GBP"), ("--currency", "GBP", "--rate", "1.17"), ("--rate", "1.17"), ("--currency", "EURO"),
        ("--currency", "GBP", "--rate", "1,17", "--on", "2026-12-01"), ("--tax", "19,0%"), ("--tax", "101%"),
        ("--dated", "yesterday"), ("--final",),
    ],
)  # fmt: skip
def test_an_invoice_that_does_not_add_up_is_a_slip(booked: Label, words: tuple[str, ...]) -> None:
    booked.refuses(2, *CAME, "studio", "100", "--invoice", "9", "--payee", "Hire", *words)


def test_a_corrected_and_a_withdrawn_invoice(booked: Label) -> None:
    booked.does(*CAME, "studio", "100", "--invoice", "9", "--payee", "Hire")
    refused = booked.refuses(3, *CAME, "studio", "110", "--invoice", "9", "--payee", "Hire")
    assert "recorded with 100.00 EUR on studio" in refused.err
    booked.does(*CAME, "studio", "110", "--invoice", "9", "--payee", "Hire", "--correct")
    assert figures(booked)[1] == 11_000
    booked.does("budget", "withdraw", NIGHT_BUS, "9")
    head = booked.head
    booked.does("budget", "withdraw", NIGHT_BUS, "9")
    assert (figures(booked)[1], booked.head) == (0, head)


def test_repeated_it_records_nothing_and_an_unknown_line_is_not_found(booked: Label) -> None:
    came = (*CAME, "studio", "100", "--invoice", "9", "--payee", "Hire", "--tax", "7%")
    booked.does(*came)
    head = booked.head
    booked.does(*came)
    assert booked.head == head
    booked.refuses(4, *CAME, "catering", "100", "--invoice", "10", "--payee", "Hire")


@pytest.mark.parametrize("amount", ["-5", "-0.01"])
def test_an_amount_that_looks_like_an_option_is_refused_too(booked: Label, amount: str) -> None:
    booked.refuses(2, "budget", "spend", NIGHT_BUS, "studio", amount, "--invoice", "1")


def test_a_producer_on_site_pays_up_to_a_stated_sum_and_records_any_invoice(booked: Label) -> None:
    booked.does("user", "add", "pat", "--role", "producer", "--record", NIGHT_BUS, "--limit", "200")
    booked.does(*CAME, "studio", "200.01", "--invoice", "9", "--payee", "Hire", "--as", "pat")
    pay = ("budget", "spend", NIGHT_BUS, "studio", "--payee", "Hire", "--as", "pat")
    assert booked.refuses(3, *pay, "200.01", "--invoice", "9").rule == "person.limit"
    booked.does(*pay, "200", "--invoice", "9")
    over = ("budget", "authorise", NIGHT_BUS, "studio", "5", "--until", "2999-12-31", "--why", "x", "--as", "pat")
    assert booked.refuses(3, *over).rule == "person.role"
