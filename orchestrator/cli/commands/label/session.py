"""The commands of session: book, move, cancel, list and show."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.booking.schedule import Slot
    from orchestrator.desk.booking.booking import BookingResult
    from orchestrator.studio import Studio

session = noun("Sessions: book, move, cancel, correct, list, show.")

SessionArgument = Annotated[
    str, typer.Argument(metavar="RECORD", help="A record; or a session as it is listed, such as night-bus/S1.")
]
NumberArgument = Annotated[str | None, typer.Argument(metavar="S1", help="The session's number.")]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="2026-12-07T10:00, by the house's clock.")
]
ToOption = Annotated[str | None, typer.Option(metavar="TIME", help="When it ends.")]
OnOption = Annotated[str | None, typer.Option(metavar="DATE", help="The first day.")]
HoursOption = Annotated[
    str | None,
    typer.Option(metavar="10-18", help="The same hours each day: 10-18, 10:30-18:00; 22-2 ends the next day."),
]
DaysOption = Annotated[int, typer.Option(help="How many days.")]
SecondFlag = Annotated[
    bool, typer.Option("--second", help="Of an hour that exists twice, as the clocks go back, the later one.")
]


@command(session)
def book(
    call: Call,
    record: RecordArgument,
    room: Annotated[list[str] | None, typer.Option(help="A room; may be repeated.")] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", help="People and gear, separated by commas or repeated.")
    ] = None,
    from_: FromOption = None,
    to: ToOption = None,
    on: OnOption = None,
    hours: HoursOption = None,
    days: DaysOption = 1,
    second: SecondFlag = False,
    line: Annotated[
        str | None, typer.Option(help="The budget line that pays; without one the cost is unbudgeted.")
    ] = None,
) -> None:
    """Book a session for RECORD: the calendar is checked first, then the money."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import SessionTimes
    from orchestrator.desk.booking.booking import book as book_session

    with call.studio() as studio:
        times = SessionTimes(from_, to, on, hours, days, second).slots(studio)
        wanted = [*(room or []), *(name.strip() for names in with_ or [] for name in names.split(","))]
        found = book_session(studio, addresses.record(studio, record), resources=wanted, slots=times, line=line)
        _say_times(call, studio, times, second=second)
    booked = found.session
    line = found.budget.line_of(booked.session) or booked.line
    call.done(
        {"session": booked.session, "cost": booked.cost, "line": line, "unbudgeted": found.unbudgeted},
        booked.session,
    )
    call.say(*_costs(found))


def _say_times(call: Call, studio: "Studio", slots: "Sequence[Slot]", *, second: bool) -> None:
    """Warn of a session that begins in the past, or at a wall-clock time that occurs twice, and name the chosen one."""
    from domain.booking.session_times import doubled
    from orchestrator.desk.addressing.times import shown, shown_exactly

    if (start := slots[0].start) < datetime.now(UTC):
        call.say(f"{shown(studio, start)} is past")
    twice = doubled(slots, studio.config.zone)
    if second and not twice:
        call.say("--second means nothing here: none of these times exists twice")
    for moment in twice:
        which = "second" if moment.fold else "first; --second means the other"
        call.say(
            f"{shown(studio, moment)} exists twice, as the clocks go back: {shown_exactly(studio, moment)}, the {which}"
        )


def _costs(found: "BookingResult") -> Iterator[str]:
    """Say what a booking costs, and who pays it."""
    booked = found.session
    if line := found.budget.line_of(booked.session):
        held = found.budget.commitment(booked.session)
        yield f"{held.amount if held else booked.cost} committed from {line}, {found.budget.line(line).left} left there"
        return
    reason = f"{booked.record} has no budget" if booked.line else "no --line was named"
    if found.unbudgeted:
        yield f"{booked.cost} unbudgeted: {reason}; the same booking with --line takes it into the budget"
    else:
        yield f"nothing committed: {reason}"
    if found.unpriced:
        yield f"not priced, for want of a rate: {', '.join(found.unpriced)}"


@command(session, "list", reads=True)
def list_sessions(call: Call, record: RecordArgument) -> None:
    """The sessions of RECORD."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_rows

    with call.studio() as studio:
        rows = session_rows(studio, addresses.record(studio, record))
    if not call.json:
        rows = [{**row, "line": "unbudgeted"} if row["unbudgeted"] else row for row in rows]
    call.table(
        rows, ["session", "title", "from", "to", "resources", "line", "cost", "state"], spare=["line", "title", "cost"]
    )


@command(session)
def move(
    call: Call,
    record: SessionArgument,
    name: NumberArgument = None,
    from_: FromOption = None,
    to: ToOption = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The first day; without --hours at the hours it has.")
    ] = None,
    hours: HoursOption = None,
    days: DaysOption = 1,
    second: SecondFlag = False,
) -> None:
    """Move a session of RECORD to other times; its new cost is checked as for a booking."""
    from orchestrator.desk.addressing.times import SessionTimes
    from orchestrator.desk.booking.booking import move as move_session

    with call.studio() as studio:
        found, full = _named(studio, record, name)
        times = SessionTimes(from_, to, on, hours, days, second)
        changed = move_session(studio, found, full, lambda booked: times.slots_after(studio, booked))
        _say_times(call, studio, changed.after.slots, second=second)
    booked, before = changed.after, changed.before
    line = changed.budget.line_of(full)
    call.done({"session": full, "cost": booked.cost, "line": line, "before": before.cost}, full)
    if booked.slots == before.slots:
        call.say("it takes place at these times already")
    elif booked.cost is not None:
        was = f" (before: {before.cost})" if before.cost not in {None, booked.cost} else ""
        left = f"from {line}, {changed.budget.line(line).left} left there" if line else "unbudgeted"
        call.say(f"it costs {booked.cost}{was}, {left}")


@command(session)
def cancel(
    call: Call,
    record: SessionArgument,
    name: NumberArgument = None,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Cancel a session of RECORD: its rooms and people are free again, and the open part of its cost is released."""
    from orchestrator.desk.booking.booking import cancel as cancel_session

    with call.studio() as studio:
        found, full = _named(studio, record, name)
        changed = cancel_session(studio, found, full, why=why)
    line = changed.budget.line_of(full)
    freed = changed.freed if changed.freed and changed.freed.minor else None
    call.done({"session": full, "freed": freed, "line": line}, f"{full} cancelled")
    if freed:
        call.say(f"{freed} freed in {line}, {changed.budget.line(line).left} left there" if line else f"{freed} freed")
    if paid := [payment for payment in changed.budget.payments() if payment.session == full]:
        told = ", ".join(f"{payment.amount} (invoice {payment.invoice})" for payment in paid)
        call.say(f"paid for it, and staying so unless voided: {told}")


def _named(studio: "Studio", record: str, name: str | None) -> tuple[str, str]:
    """The record and the full id of a session written ``night-bus S1`` or ``night-bus/S1``."""
    from orchestrator.desk.booking.session_corrections import named_session

    return named_session(studio, f"{record}/{name}" if name else record)


@command(session, "show", reads=True)
def show_session(call: Call, record: SessionArgument, name: NumberArgument = None) -> None:
    """One session of RECORD."""
    from orchestrator.desk.addressing.rows import one
    from orchestrator.desk.booking.booking import session_rows

    with call.studio() as studio:
        found, full = _named(studio, record, name)
        row = one(session_rows(studio, found, absent=True), "session", full, f"takesheet session list {found}")
    call.facts(row)


add_corrections(
    session, "session", "night-bus/S1",
    leaves="It leaves every list, its rooms and people are free, and what was still to be paid is freed, as by cancel.",
    restores="Its rooms and people must be free and its line must be able to pay; it keeps its times and its price.",
)  # fmt: skip
