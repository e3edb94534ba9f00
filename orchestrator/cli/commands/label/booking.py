"""``resource``, ``budget`` and ``session``: bookable resources, a record's money, and sessions.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.booking.budget import Budget

resource = noun("Rooms, people and gear that can be booked.")
budget = noun("A record's money: set, spend, report.")
session = noun("Sessions: book, list, show.")

ResourceArgument = Annotated[str, typer.Argument(metavar="NAME", help="A room, a person or gear, such as room-a.")]


@command(resource, "add")
def add_resource(
    call: Call,
    name: ResourceArgument,
    kind: Annotated[str, typer.Option(help="room, person or gear.")] = "room",
    rate: Annotated[str | None, typer.Option(help="600/day, 45.50/hour or 250/call.")] = None,
) -> None:
    """Make NAME bookable, or change its rate."""
    from orchestrator.desk.booking.booking import add_resource as add

    if kind not in {"room", "person", "gear"}:
        raise Misused("resource.kind", f"{kind!r} is no kind of resource; there are room, person and gear")
    with call.studio() as studio:
        found = add(studio, name, sort=kind, rate=rate)  # type: ignore[arg-type]  # checked above
    call.done({"resource": found}, found)


@command(resource, "list", reads=True)
def list_resources(call: Call) -> None:
    """List the resources that can be booked."""
    from orchestrator.desk.booking.booking import resource_rows

    with call.studio() as studio:
        call.table(resource_rows(studio), ["resource", "kind", "rate"])


@command(resource, "show", reads=True)
def show_resource(call: Call, name: ResourceArgument) -> None:
    """One resource and when it is booked."""
    from orchestrator.desk.booking.booking import booking_rows

    with call.studio() as studio:
        call.table(booking_rows(studio, name), ["session", "from", "to"], empty="not booked")


@command(budget, "set")
def set_(
    call: Call,
    record: RecordArgument,
    lines: Annotated[list[str], typer.Argument(metavar="LINE=AMOUNT", help="Such as studio=7200 mixing=2400.")],
) -> None:
    """Approve the named lines of RECORD's budget; other lines stay."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import set_budget

    with call.studio() as studio:
        _report(call, set_budget(studio, addresses.record(studio, record), lines))


@command(budget, "spend")
def spend(
    call: Call,
    record: RecordArgument,
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line that pays.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In the record's currency, such as 600.01.")],
    invoice: Annotated[str, typer.Option(help="The invoice's number.")],
    payee: Annotated[str, typer.Option(metavar="NAME", help="Who is paid.")] = "",
    session: Annotated[str | None, typer.Option(metavar="S1", help="Settle the commitment of this session.")] = None,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Pay AMOUNT from LINE of RECORD's budget."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.booking.booking import spend as pay

    with call.studio() as studio:
        name = addresses.record(studio, record)
        settled = session_named(studio, name, session) if session else None
        _report(call, pay(studio, name, line, amount, invoice=invoice, payee=payee, session=settled, why=why))


@command(budget, reads=True)
def report(call: Call, record: RecordArgument) -> None:
    """Show what was approved, committed, spent, and is left."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import budget_of, budget_query

    with call.studio() as studio:
        _report(call, budget_of(studio.read(budget_query(addresses.record(studio, record)))))


command(budget, "show", reads=True)(report)


@command(budget, "list", reads=True)
def list_budgets(call: Call) -> None:
    """Every record's budget, all its lines together."""
    from orchestrator.desk.booking.booking import budget_rows

    with call.studio() as studio:
        rows = budget_rows(studio)
    call.table(rows, ["record", "approved", "committed", "spent", "left"])


def _report(call: Call, state: "Budget") -> None:
    rows: list[dict[str, object]] = [
        {"line": name, "approved": line.approved, "committed": line.promised, "spent": line.spent, "left": line.left}
        for name, line in state.lines.items()
    ]
    call.table(rows, ["line", "approved", "committed", "spent", "left"], empty="no lines yet")


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
