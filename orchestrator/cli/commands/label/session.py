"""The commands of session: book, list and show.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.frame import Call, command, noun

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
    line: Annotated[str | None, typer.Option(help="The budget line that pays.")] = None,
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
    call.done({"session": booked.session, "cost": booked.cost, "line": booked.line}, booked.session)
    if booked.line:
        call.say(f"{booked.cost} committed from {booked.line}, {found.budget.line(booked.line).left} left there")
    else:
        call.say("nothing committed: no --line was named")


@command(session, "list", reads=True)
def list_sessions(call: Call, record: RecordArgument) -> None:
    """The sessions of RECORD."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_rows

    with call.studio() as studio:
        rows = session_rows(studio, addresses.record(studio, record))
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
