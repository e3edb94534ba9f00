"""Sessions are held, challenged, released, and made firm."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS = "night-bus"
ON = ("--on", "2027-12-06", "--hours", "10-18")
ROOM = ("--room", "room-a")


def states(label: Label, record: str = NIGHT_BUS) -> list[tuple[str, str]]:
    label.does("log", "verify", "--views")
    return [(row["session"], row["state"]) for row in label.data("session", "list", record)]


@pytest.fixture
def studio(label: Label) -> Label:
    """Room A at 600.00 a day, of 600.00; two records."""
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("budget", "set", NIGHT_BUS, "studio=600")
    label.does("record", "new", "Tin Can", "--artist", "Ann")
    return label


def test_a_hold_reserves_neither_money_nor_the_room(studio: Label) -> None:
    assert studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON, "--line", "studio") == "night-bus/S1"
    assert studio.data("budget", "report", NIGHT_BUS)[0]["committed"]["minor"] == 0
    said = studio.run("session", "book", "tin-can", *ROOM, *ON)
    assert (said.code, "night-bus/S1 holds this time too (rank 1)" in said.err) == (0, True)
    assert studio.refuses(5, "session", "firm", "night-bus/S1").rule == "schedule.conflict"
    assert states(studio) == [("night-bus/S1", "held, 1st")]


def test_the_second_to_hold_a_time_has_the_second_hold(studio: Label) -> None:
    studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON)
    said = studio.run("session", "hold", "tin-can", *ROOM, *ON)
    assert (said.out, "held, rank 2" in said.err) == ("tin-can/S1\n", True)
    studio.does("session", "hold", "tin-can/S1", "--rank", "1")
    assert states(studio, "tin-can") == [("tin-can/S1", "held, 1st")]


def test_the_same_hold_again_records_nothing(studio: Label) -> None:
    studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON, "--until", "2027-12-01T12:00")
    head = studio.head
    said = studio.run("session", "hold", NIGHT_BUS, *ROOM, *ON, "--until", "2027-12-01T12:00")
    assert (said.out, studio.head, "was so already" in said.err) == ("night-bus/S1\n", head, True)


def test_a_held_session_becomes_firm_under_its_number_whoever_books_it(studio: Label) -> None:
    studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON, "--line", "studio")
    said = studio.run("session", "firm", "night-bus/S1")
    assert "600.00 EUR committed from studio, 0.00 EUR left there" in said.err
    studio.does("session", "hold", NIGHT_BUS, *ROOM, "--on", "2027-12-07", "--hours", "10-18")
    assert studio.does("session", "book", NIGHT_BUS, *ROOM, "--on", "2027-12-07", "--hours", "10-18") == "night-bus/S2"
    assert states(studio) == [("night-bus/S1", "booked"), ("night-bus/S2", "booked")]
    assert studio.refuses(3, "session", "release", "night-bus/S1").rule == "session.firm"


def test_a_hold_that_the_budget_cannot_pay_stays_a_hold(studio: Label) -> None:
    studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON, "--days", "2", "--line", "studio")
    said = studio.run("session", "firm", "night-bus/S1")
    assert (said.code, said.rule) == (3, "budget.guard")
    assert (said.rule, "short 600.00 EUR" in said.err) == ("budget.guard", True)
    assert states(studio) == [("night-bus/S1", "held, 1st")]


def test_a_challenged_hold_is_firm_by_the_deadline_or_released(studio: Label) -> None:
    studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON)
    words = ("session", "challenge", "night-bus/S1", "--by", "Harbour Films", "--until", "2027-12-01T12:00")
    assert "firm by 2027-12-01 12:00, or released" in studio.run(*words).err
    assert "was so already" in studio.run(*words).err
    assert states(studio) == [("night-bus/S1", "held, 1st, challenged")]
    row = studio.data("session", "show", "night-bus/S1")
    assert row["challenged"] == "by Harbour Films, firm until 2027-12-01 12:00"
    studio.does("session", "release", "night-bus/S1", "--why", "the film has it")
    assert states(studio) == [("night-bus/S1", "released")]
    assert studio.refuses(3, "session", "firm", "night-bus/S1").rule == "session.released"
    assert studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON) == "night-bus/S2"


def test_a_hold_in_the_past_or_without_a_room_is_refused(studio: Label) -> None:
    said = studio.refuses(2, "session", "hold", NIGHT_BUS, *ROOM, *ON, "--until", "2020-01-01T12:00")
    assert said.rule == "session.expiry"
    assert studio.refuses(2, "session", "hold", NIGHT_BUS, *ON).rule == "session.resources"
    assert studio.refuses(4, "session", "hold", NIGHT_BUS, "--room", "room-z", *ON).rule == "resource.unknown"
    studio.does("session", "hold", NIGHT_BUS, *ROOM, *ON)
    words = ("session", "challenge", "night-bus/S1", "--by", "Ann", "--until")
    assert studio.refuses(2, *words, "2020-01-01T12:00").rule == "session.deadline"
    assert studio.refuses(4, "session", "challenge", "night-bus/S9", "--by", "A", "--until", "2027-01-01T00:00").rule


def test_an_expired_hold_says_so() -> None:
    """The clock of a command is the machine's, so the rule is asked itself."""
    from datetime import UTC, datetime, timedelta

    from domain.booking.schedule import Hold
    from domain.booking.session_events import SessionHeld
    from domain.booking.slots import Slot

    noon = datetime(2027, 12, 6, 12, tzinfo=UTC)
    slots = (Slot(start=noon, end=noon + timedelta(hours=8)),)
    held = SessionHeld(
        session="night-bus/S1", record=NIGHT_BUS, resources=("room-a",), slots=slots, expires=noon - timedelta(days=1)
    )
    assert [Hold(held).lapsed(noon - timedelta(days=days)) for days in (2, 1)] == [False, True]
