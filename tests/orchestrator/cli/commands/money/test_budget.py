"""Payments settle what was committed by their amount; they are corrected and voided; every sum to the cent."""

import pytest

from domain.booking.payments import MoneySpent
from domain.core.money import Money
from tests.orchestrator.label import Label
from tests.orchestrator.written import record

NIGHT_BUS = "night-bus"
SPEND = ("budget", "spend", NIGHT_BUS, "studio")


def sums(label: Label, line: str = "studio") -> tuple[int, int, int]:
    """Committed, spent and left of a line, in cents; board and report agree on them."""
    lines = {row["line"]: row for row in label.data("budget", "report", NIGHT_BUS) if row["approved"]}
    [whole] = [row for row in label.data("budget", "list") if row["record"] == NIGHT_BUS]
    for name in ("committed", "spent", "left"):
        assert whole[name]["minor"] == sum(row[name]["minor"] for row in lines.values())
    own = lines[line]
    return own["committed"]["minor"], own["spent"]["minor"], own["left"]["minor"]


@pytest.fixture
def booked(label: Label) -> Label:
    """A record whose studio line has 7,200.00, of which 2,400.00 are committed to four days in room A."""
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("budget", "set", NIGHT_BUS, "studio=7200", "mixing=2400")
    label.does("session", "book", NIGHT_BUS, "--room", "room-a", "--on", "2027-12-06", "--hours", "10-18",
               "--days", "4", "--line", "studio")  # fmt: skip
    return label


def test_of_2400_committed_a_deposit_of_600_leaves_1800(booked: Label) -> None:
    said = booked.run(*SPEND, "600", "--invoice", "INV-1", "--session", "S1")
    assert said.code == 0
    assert "1,800.00 EUR stays committed to night-bus/S1; --final with the last payment frees the rest" in said.err
    assert sums(booked) == (180_000, 60_000, 480_000)


def test_final_frees_the_rest_with_the_payment_or_later(booked: Label) -> None:
    booked.does(*SPEND, "600", "--invoice", "INV-1", "--session", "S1")
    said = booked.run(*SPEND, "1000.01", "--invoice", "INV-2", "--session", "S1", "--final")
    assert "stays committed" not in said.err
    assert sums(booked) == (0, 160_001, 559_999)
    booked.does("budget", "correct", NIGHT_BUS, "INV-2", "--no-final")
    assert sums(booked) == (79_999, 160_001, 480_000)
    booked.does("budget", "correct", NIGHT_BUS, "INV-1", "--final")
    assert sums(booked) == (0, 160_001, 559_999)


def test_final_without_a_session_is_refused(booked: Label) -> None:
    assert booked.refuses(2, *SPEND, "1", "--invoice", "INV-1", "--final").rule == "money.final"


def test_a_payment_of_an_older_program_keeps_its_meaning(booked: Label) -> None:
    old = MoneySpent(
        record=NIGHT_BUS, line="studio", amount=Money(minor=60_000, currency="EUR"), payee="", invoice="INV-1",
        session="night-bus/S1",
    )  # fmt: skip
    record(booked.folder, [old])
    assert sums(booked) == (0, 60_000, 660_000)


def test_a_payment_is_corrected_in_what_is_named_and_a_repeat_records_nothing(booked: Label) -> None:
    booked.does(*SPEND, "600", "--invoice", "INV-1", "--session", "S1")
    fix = ("budget", "correct", NIGHT_BUS, "INV-1", "--amount", "650.01", "--why", "a slip")
    booked.does(*fix)
    assert sums(booked) == (174_999, 65_001, 480_000)
    head = booked.head
    booked.does(*fix)
    assert booked.head == head
    booked.does("budget", "correct", NIGHT_BUS, "INV-1", "--line", "mixing", "--session", "")
    assert (sums(booked), sums(booked, "mixing")) == ((240_000, 0, 480_000), (0, 65_001, 174_999))
    told = booked.data("log", "show")[-2]
    assert (told["kind"], told["why"]) == ("payment-corrected", "a slip")
    assert booked.refuses(3, *SPEND, "600", "--invoice", "INV-1").rule == "money.invoice"


def test_payments_are_listed_as_they_are_after_corrections(booked: Label) -> None:
    booked.does(*SPEND, "600", "--invoice", "INV-1", "--session", "S1", "--payee", "Room A")
    booked.does(*SPEND, "10", "--invoice", "INV-2")
    booked.does(*SPEND, "20", "--invoice", "INV-3")
    booked.does("budget", "correct", NIGHT_BUS, "INV-1", "--amount", "650.01", "--final")
    booked.does("budget", "void", NIGHT_BUS, "INV-2")
    assert booked.data("budget", "payments", NIGHT_BUS) == [
        {
            "invoice": number, "payee": payee, "amount": {"minor": minor, "currency": "EUR"}, "line": "studio",
            "session": session, "final": final,
        }
        for number, payee, minor, session, final in (
            ("INV-3", "", 2_000, "", ""), ("INV-1", "Room A", 65_001, "night-bus/S1", "final"),
        )
    ]  # fmt: skip
    assert "next: takesheet budget payments night-bus" in booked.refuses(4, "budget", "void", NIGHT_BUS, "INV-9").err


def test_a_correction_obeys_the_guard_to_the_cent(booked: Label) -> None:
    booked.does(*SPEND, "600", "--invoice", "INV-1", "--session", "S1")
    said = booked.refuses(3, "budget", "correct", NIGHT_BUS, "INV-1", "--amount", "7200.01")
    assert (said.rule, "short 0.01 EUR" in said.err) == ("budget.guard", True)
    assert "takesheet budget set night-bus studio=7200.01" in said.err
    booked.does("budget", "correct", NIGHT_BUS, "INV-1", "--amount", "7200")
    assert sums(booked) == (0, 720_000, 0)


def test_a_voided_payment_was_never_made(booked: Label) -> None:
    before = sums(booked)
    booked.does(*SPEND, "600", "--invoice", "INV-1", "--session", "S1", "--final")
    booked.does("budget", "void", NIGHT_BUS, "INV-1", "--why", "paid by another record")
    assert sums(booked) == before
    head = booked.head
    booked.does("budget", "void", NIGHT_BUS, "INV-1")
    assert booked.head == head
    booked.does(*SPEND, "601", "--invoice", "INV-1", "--session", "S1")
    assert sums(booked) == (179_900, 60_100, 480_000)


def test_an_invoice_that_is_not_there_or_not_alone_is_asked_for_by_its_payee(booked: Label) -> None:
    for payee in ("Room A", "Drum Hire"):
        booked.does(*SPEND, "10", "--invoice", "7", "--payee", payee)
    said = booked.refuses(4, "budget", "void", NIGHT_BUS, "7")
    assert (said.rule, "Room A, Drum Hire" in said.err) == ("money.unpaid", True)
    booked.does("budget", "void", NIGHT_BUS, "7", "--payee", "Drum Hire")
    assert sums(booked)[1] == 1_000
    assert booked.refuses(4, "budget", "correct", NIGHT_BUS, "8", "--amount", "1").rule == "money.unpaid"
    assert booked.refuses(2, "budget", "correct", NIGHT_BUS, "7").rule == "money.correction"
    for line in ("", "catering"):
        assert booked.refuses(4, "budget", "correct", NIGHT_BUS, "7", "--line", line).rule == "budget.line"
    for amount in ("-5", "", "1e3"):
        assert booked.refuses(2, "budget", "correct", NIGHT_BUS, "7", "--amount", amount).rule == "money.amount"


def test_a_corrected_sum_is_told_as_of_then_and_the_models_are_whole(booked: Label) -> None:
    booked.does(*SPEND, "600", "--invoice", "INV-1", "--session", "S1")
    then = booked.head
    booked.does("budget", "correct", NIGHT_BUS, "INV-1", "--amount", "700")
    booked.does("budget", "void", NIGHT_BUS, "INV-1")
    [row] = booked.data("budget", "list", "--as-of", then)
    assert (row["committed"]["minor"], row["spent"]["minor"]) == (180_000, 60_000)
    booked.does("log", "verify", "--views")


BOOK = ("session", "book", NIGHT_BUS, "--room", "room-a", "--hours", "10-18", "--on")


def test_work_without_a_line_is_unbudgeted_and_shown_so_everywhere(booked: Label) -> None:
    said = booked.run(*BOOK, "2027-12-20")
    assert (said.code, "600.00 EUR unbudgeted: no --line was named" in said.err) == (0, True)
    assert "the same booking with --line, such as studio" in said.err
    assert sums(booked) == (240_000, 0, 480_000)
    report = booked.data("budget", "report", NIGHT_BUS)[-1]
    assert (report["line"], report["committed"]["minor"]) == ("unbudgeted", 60_000)
    assert booked.does("budget", "list").splitlines()[-1].endswith("600.00 EUR")
    assert [row["unbudgeted"] for row in booked.data("session", "list", NIGHT_BUS)] == [False, True]
    assert "unbudgeted" in booked.does("session", "list", NIGHT_BUS).splitlines()[-1]
    booked.does(*SPEND, "250", "--invoice", "INV-1", "--session", "S2")
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 35_000
    assert sums(booked) == (240_000, 25_000, 455_000)
    booked.does("log", "verify", "--views")


def test_the_same_booking_with_a_line_takes_it_into_the_budget(booked: Label) -> None:
    booked.does(*BOOK, "2027-12-20")
    booked.does(*SPEND, "250", "--invoice", "INV-1", "--session", "S2")
    said = booked.run(*BOOK, "2027-12-20", "--line", "studio")
    assert (said.out, "600.00 EUR committed from studio, 4,200.00 EUR left there" in said.err) == (
        "night-bus/S2\n",
        True,
    )
    assert sums(booked) == (275_000, 25_000, 420_000)
    assert booked.data("budget", "list")[0]["unbudgeted"]["minor"] == 0
    row = booked.data("session", "list", NIGHT_BUS)[1]
    assert (row["line"], row["unbudgeted"]) == ("studio", False)
    head = booked.head
    booked.does(*BOOK, "2027-12-20", "--line", "studio")
    assert booked.head == head
    booked.does("log", "verify", "--views")


def test_a_record_without_a_budget_books_freely(label: Label) -> None:
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("resource", "add", "piano", "--kind", "gear")
    for day, line in (("2027-12-06", ("--with", "piano")), ("2027-12-07", ("--line", "studio"))):
        said = label.run(*BOOK, day, *line)
        assert said.code == 0
        assert "600.00 EUR unbudgeted: " in said.err
        assert ("not priced, for want of a rate: piano" in said.err) is ("piano" in line)
    [row] = label.data("budget", "list")
    assert (row["approved"]["minor"], row["unbudgeted"]["minor"]) == (0, 120_000)
    assert label.data("budget", "report", NIGHT_BUS)[0]["committed"]["minor"] == 120_000
    head = label.head
    label.does(*BOOK, "2027-12-07", "--line", "studio")
    assert label.head == head
    assert label.refuses(2, "budget", "set", NIGHT_BUS, "unbudgeted=5").rule == "budget.lines"


def test_a_store_whose_settings_name_no_currency_takes_no_new_record_and_no_rate(booked: Label) -> None:
    config = booked.folder / ".takesheet" / "config.toml"
    text = config.read_text("utf-8")
    assert text.count('currency = "EUR"') == 1
    config.write_text(text.replace('currency = "EUR"', 'currency = "UER"'), "utf-8")
    for words in (("record", "new", "Tide", "--artist", "A"), ("resource", "add", "room-b", "--rate", "600/day")):
        said = booked.refuses(2, *words)
        assert (said.rule, "did you mean EUR?" in said.err) == ("money.currency", True)
    assert sums(booked) == (240_000, 0, 480_000), "records in it are read as before"
    booked.does(*SPEND, "1", "--invoice", "7")
