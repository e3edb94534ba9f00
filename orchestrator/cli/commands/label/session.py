"""The commands of session: book, list and show.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.desk.booking.booking import BookingResult

session = noun("Sessions: book, list, show.")


@command(session)
def book(
    call: Call,
    record: RecordArgument,
    room: Annotated[list[str] | None, typer.Option(help="A room; may be repeated.")] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", help="People and gear, separated by commas or repeated.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="2026-12-07T10:00, by the house's clock.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="TIME", help="When it ends.")] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The first day.")] = None,
    hours: Annotated[str | None, typer.Option(metavar="10-18", help="The same hours each day.")] = None,
    days: Annotated[int, typer.Option(help="How many days.")] = 1,
    line: Annotated[
        str | None, typer.Option(help="The budget line that pays; without one the cost is unbudgeted.")
    ] = None,
) -> None:
    """Book a session for RECORD: the calendar is checked first, then the money."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import slots
    from orchestrator.desk.booking.booking import book as book_session

    with call.studio() as studio:
        times = slots(studio, from_=from_, to=to, on=on, hours=hours, days=days)
        wanted = [*(room or []), *(name.strip() for names in with_ or [] for name in names.split(","))]
        found = book_session(studio, addresses.record(studio, record), resources=wanted, slots=times, line=line)
    booked = found.session
    call.done(
        {"session": booked.session, "cost": booked.cost, "line": booked.line, "unbudgeted": found.unbudgeted},
        booked.session,
    )
    call.say(*_costs(found))


def _costs(found: "BookingResult") -> Iterator[str]:
    """Say what a booking costs, and who pays it."""
    booked = found.session
    if line := found.budget.line_of(booked.session):
        yield f"{booked.cost} committed from {line}, {found.budget.line(line).left} left there"
        return
    reason = f"{booked.record} has no budget" if booked.line else "no --line was named"
    yield f"{booked.cost} unbudgeted: {reason}" if found.unbudgeted else f"nothing committed: {reason}"
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
    call.table(rows, ["session", "from", "to", "resources", "line", "cost"])


@command(session, "show", reads=True)
def show_session(
    call: Call,
    record: Annotated[
        str, typer.Argument(metavar="RECORD", help="A record; or a session as it is listed, such as night-bus/S1.")
    ],
    name: Annotated[str | None, typer.Argument(metavar="S1", help="The session's number.")] = None,
) -> None:
    """One session of RECORD."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.rows import one
    from orchestrator.desk.booking.booking import session_named, session_rows

    of, slash, number = (record, "/", name) if name else record.rpartition("/")
    if not slash:
        raise Misused("session.name", f"{record!r} is no session; write one like night-bus/S1")
    with call.studio() as studio:
        found = addresses.record(studio, of)
        full = session_named(studio, found, number)
        row = one(session_rows(studio, found), "session", full, f"takesheet session list {found}")
    call.facts(row)
