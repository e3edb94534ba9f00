"""Roles with bounds: for one record, until a day, up to an amount."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

BOOK = ("session", "book", "night-bus", "--room", "room-a", "--hours", "10-18", "--line", "studio", "--on")


def day(ahead: int) -> str:
    """The day *ahead* days from today in the label's time zone."""
    return str((datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=ahead)).date())


def roles(label: Label, person: str) -> str:
    found = label.data("user", "show", person)["roles"]
    assert isinstance(found, str)
    return found


@pytest.fixture
def band(label: Label, tmp_path: Path) -> Label:
    """A second record, and a take of each."""
    label.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    label.does("song", "add", "low-tide", "Anchor")
    label.does("part", "add", "low-tide/anchor", "Drums")
    for number, song in enumerate((SONG, "low-tide/anchor"), start=1):
        label.does("take", "ingest", f"{song}/drums", note(tmp_path / f"{number}.wav", 60.0 * number, seconds=0.2))
    return label


def test_a_role_for_a_record_holds_for_decisions_about_that_record_alone(band: Label) -> None:
    band.does("user", "add", "kim", "--role", "producer", "--record", "night-bus")
    assert roles(band, "kim") == "producer for night-bus"
    band.does("take", "approve", f"{SONG}/drums/1", "--as", "kim")
    band.does("part", "add", SONG, "Tuba", "--player", "Ann", "--as", "kim")
    said = band.refuses(3, "take", "approve", "low-tide/anchor/drums/1", "--as", "kim")
    assert said.rule == "person.role"
    assert "kim (producer for night-bus) may not do this; producer may; it is about low-tide" in said.err
    assert "next: ask root, who may" in said.err
    for words in (
        ("record", "new", "Third", "--artist", "X"),
        ("resource", "add", "room-b"),
        ("take", "approve", f"{SONG}/drums/1", "low-tide/anchor/drums/1"),
    ):
        assert band.refuses(3, *words, "--as", "kim").rule == "person.role", words


def test_a_role_for_a_record_sees_the_money_of_that_record_alone(band: Label) -> None:
    band.does("user", "add", "kim", "--role", "producer", "--record", "night-bus")
    for record in ("night-bus", "low-tide"):
        band.does("budget", "set", record, "studio=600")
    assert [row["record"] for row in band.data("budget", "list", "--as", "kim")] == ["night-bus"]
    assert band.refuses(3, "budget", "report", "low-tide", "--as", "kim").rule == "curtain.money"
    assert band.data("budget", "report", "night-bus", "--as", "kim")


def test_undo_takes_back_nothing_of_a_record_that_a_role_does_not_hold_for(band: Label) -> None:
    band.does("user", "add", "kim", "--role", "producer")
    band.does("take", "approve", "low-tide/anchor/drums/1", "--as", "kim")
    band.does("user", "add", "kim", "--role", "producer", "--record", "night-bus")
    band.does("user", "revoke", "kim", "--role", "producer")
    assert roles(band, "kim") == "", "without --record every scope of the role goes"
    band.does("user", "add", "kim", "--role", "producer", "--record", "night-bus")
    assert band.refuses(3, "undo", "--as", "kim").rule == "person.role"


def test_a_role_for_a_record_never_manages_people(band: Label) -> None:
    band.does("user", "add", "kim", "--role", "label", "--record", "night-bus")
    words = ("user", "add", "zoe", "--role", "mixer", "--record", "night-bus", "--as", "kim")
    assert band.refuses(3, *words).rule == "person.role"
    assert band.refuses(3, "user", "contact", "kim", "--as", "kim").rule == "person.role"


def test_a_role_holds_on_its_last_day_and_no_longer(band: Label) -> None:
    band.does("user", "add", "kim", "--role", "producer", "--until", day(0))
    assert roles(band, "kim") == f"producer until {day(0)}"
    band.does("take", "keep", f"{SONG}/drums/1", "--as", "kim")
    said = band.run("user", "add", "kim", "--role", "producer", "--until", day(-1))
    assert (said.code, f"{day(-1)} is past: producer holds nothing" in said.err) == (0, True)
    assert roles(band, "kim") == f"producer until {day(-1)}"
    refused = band.refuses(3, "take", "approve", f"{SONG}/drums/1", "--as", "kim")
    assert (refused.rule, f"today is {day(0)}" in refused.err) == ("person.role", True)
    band.does("user", "add", "kim", "--role", "producer")
    assert roles(band, "kim") == "producer"
    band.does("take", "approve", f"{SONG}/drums/1", "--as", "kim")


def test_a_limit_bounds_each_booking_and_each_payment(band: Label) -> None:
    band.does("resource", "add", "room-a", "--rate", "600/day")
    band.does("budget", "set", "night-bus", "studio=7200")
    band.does("user", "add", "kim", "--role", "producer", "--limit", "599.99")
    assert roles(band, "kim") == "producer up to 599.99 EUR"
    said = band.refuses(3, *BOOK, "2127-12-06", "--as", "kim")
    assert said.rule == "person.limit"
    assert "kim (producer) may commit or pay 599.99 EUR at a time, and this is 600.00 EUR" in said.err
    assert "producer or label or coordinator without a limit may" in said.err
    spend = ("budget", "spend", "night-bus", "studio", "--payee", "Room A", "--as", "kim", "--invoice")
    assert band.refuses(3, *spend, "1", "600").rule == "person.limit"
    band.does(*spend, "1", "599.99")
    band.does(*spend, "2", "500")
    correct = ("budget", "correct", "night-bus", "2", "--payee", "Room A", "--amount", "600", "--as", "kim")
    assert band.refuses(3, *correct).rule == "person.limit"
    band.does("user", "add", "kim", "--role", "producer", "--limit", "600")
    band.does(*BOOK, "2127-12-06", "--as", "kim")
    move = ("session", "move", "night-bus", "S1", "--on", "2127-12-06", "--hours", "10-18", "--days", "2")
    assert band.refuses(3, *move, "--as", "kim").rule == "person.limit"
    band.does("take", "approve", f"{SONG}/drums/1", "--as", "kim")


def test_of_several_scopes_the_one_that_permits_it_counts(band: Label) -> None:
    band.does("budget", "set", "night-bus", "studio=7200")
    band.does("budget", "set", "low-tide", "studio=7200")
    band.does("user", "add", "kim", "--role", "producer", "--limit", "100")
    band.does("user", "add", "kim", "--role", "producer", "--record", "night-bus")
    assert roles(band, "kim") == "producer up to 100.00 EUR, producer for night-bus"
    band.does("budget", "spend", "night-bus", "studio", "500", "--invoice", "1", "--as", "kim")
    assert band.refuses(3, "budget", "spend", "low-tide", "studio", "500", "--invoice", "1", "--as", "kim").rule == (
        "person.limit"
    )
    band.does("user", "revoke", "kim", "--role", "producer", "--record", "night-bus")
    assert roles(band, "kim") == "producer up to 100.00 EUR"
    head = band.head
    band.does("user", "revoke", "kim", "--role", "producer", "--record", "night-bus")
    band.does("user", "add", "kim", "--role", "producer", "--limit", "100")
    assert band.head == head, "a repeat records nothing"


def test_the_last_who_manages_people_for_good_cannot_be_bounded(label: Label) -> None:
    (founder,) = (row["person"] for row in label.data("user", "list"))
    label.does("user", "add", "kim", "--role", "label", "--until", day(30))
    label.does("user", "revoke", founder, "--role", "coordinator")
    assert label.refuses(3, "user", "revoke", founder, "--role", "label").rule == "person.last"
    assert label.refuses(3, "user", "add", founder, "--role", "label", "--until", day(1)).rule == "person.last"
    label.does("user", "add", founder, "--role", "label", "--limit", "10")
    assert label.refuses(3, "user", "remove", founder).rule == "person.last"


def test_bounds_that_mean_nothing_are_refused(label: Label) -> None:
    add = ("user", "add", "kim", "--role", "producer")
    for code, words, rule in (
        (4, ("--record", "nigt-bus"), "address"),
        (2, ("--until", "tomorrow"), "when"),
        (2, ("--limit", "-1"), "money.amount"),
        (2, ("--limit", "1,5"), "money.amount"),
    ):
        assert label.refuses(code, *add, *words).rule.startswith(rule), words


def test_a_role_for_a_removed_record_can_be_revoked_and_permits_nothing_there(label: Label) -> None:
    label.does("user", "add", "kim", "--role", "producer", "--record", "night-bus")
    label.does("record", "remove", "night-bus")
    assert label.refuses(3, "song", "add", "night-bus", "More", "--as", "kim").rule == "entry.removed"
    label.does("user", "revoke", "kim", "--role", "producer", "--record", "night-bus")
    assert roles(label, "kim") == ""
