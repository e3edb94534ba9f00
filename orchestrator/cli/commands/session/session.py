"""The commands of session: plan, book, move, cancel, list and show; those of holds and people are added to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.commands.session.run import add_run
from orchestrator.cli.commands.session.session_call import add_call
from orchestrator.cli.commands.session.session_cast import add_cast
from orchestrator.cli.commands.session.session_goal import add_goal
from orchestrator.cli.commands.session.session_holds import add_holds
from orchestrator.cli.commands.session.session_next import add_next
from orchestrator.cli.commands.session.session_options import (
    FinishedOption,
    LineOption,
    NumberArgument,
    ResourceOptions,
    SessionArgument,
    TimeOptions,
    costs_in_words,
    named,
    say_times,
)
from orchestrator.cli.commands.session.session_overtime import add_overtime
from orchestrator.cli.commands.session.session_ready import add_ready
from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.booking.session_events import SessionBooked
    from orchestrator.desk.booking.session_plan import PlannedSession
    from orchestrator.studio import Studio

session = noun("Sessions: plan, hold, book, ask, ready, goal, run, move, cancel, worked, list, show.")


@command(session)
def book(
    call: Call,
    record: RecordArgument,
    resources: ResourceOptions,
    times: TimeOptions,
    line: LineOption = None,
    finished: FinishedOption = None,
) -> None:
    """Book a session for RECORD: the calendar is checked first, then the money.

    A hold of the same rooms and people at the same times becomes firm. Duties follow a name: --with jo:leader,
    --with al:double, al:double=2 for two more instruments, al:overdub; their rate cards say what that costs.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import book as book_session

    with call.studio() as studio:
        slots, wanted = times.typed().slots(studio), resources.request(finished)
        found = book_session(
            studio, addresses.record(studio, record), resources=wanted.resources, slots=slots, line=line,
            duties=wanted.duties, finished_minutes=wanted.finished_minutes,
        )  # fmt: skip
        say_times(call, studio, slots, second=times.second)
        against = _holds_against(studio, found.session)
    booked = found.session
    line = found.budget.line_of(booked.session) or booked.line
    call.done(
        {"session": booked.session, "cost": booked.cost, "line": line, "unbudgeted": found.unbudgeted},
        booked.session,
    )
    call.say(*costs_in_words(found), *against)


@command(session)
def plan(
    call: Call,
    record: RecordArgument,
    resources: ResourceOptions,
    times: TimeOptions,
    line: LineOption = None,
    finished: FinishedOption = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Record nothing, as is always so: a plan becomes a session by book or hold."),
    ] = False,
) -> None:
    """Plan a session for RECORD: what it would cost, what would be left, and what stands against it.

    Nothing is recorded. The exit code is that of the booking: 0 if it could be booked now, else 3 or 5.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.session_plan import plan as plan_session

    del dry_run
    with call.studio() as studio:
        slots, wanted = times.typed().slots(studio), resources.request(finished)
        found = plan_session(
            studio, addresses.record(studio, record), resources=wanted.resources, slots=slots, line=line,
            duties=wanted.duties, finished_minutes=wanted.finished_minutes,
        )  # fmt: skip
        say_times(call, studio, slots, second=times.second)
    data = {
        "session": found.session, "items": found.items, "total": found.total, "line": line, "left": found.left,
        "left_after": found.left_after, "forecast": found.forecast, "approved": found.approved,
        "slack_days": found.slack_days, "holds": found.rivals,
    }  # fmt: skip
    if found.refusal:
        found.refusal.values["data"] = data
    if not call.json or not found.refusal:
        call.done(data, *_plan_in_words(found))
    if found.refusal:
        raise found.refusal


def _plan_in_words(found: "PlannedSession") -> Iterator[str]:
    for row in found.items:
        yield f"{row['resource']}  {row['item']}  {row['amount']}"
    if found.total is not None:
        yield f"total {found.total}"
    if found.left is not None:
        yield f"{found.line}: {found.left} left before, {found.left_after} after"
    if found.forecast is not None:
        yield f"forecast at completion with it: {found.forecast} of {found.approved}"
    if found.slack_days is not None:
        when = "before" if found.slack_days >= 0 else "after"
        yield f"it ends {abs(found.slack_days)} days {when} the record is due"
    yield from (f"held too: {rival}" for rival in found.rivals)


def _holds_against(studio: "Studio", booked: "SessionBooked") -> list[str]:
    """Say which holds the booking stands against: whoever holds has to be told."""
    from orchestrator.desk.booking.holds import holds_against

    rivals = holds_against(studio, booked.session, booked.resources, booked.slots)
    return [f"{one.session} holds this time too (rank {one.rank}): tell them it is taken" for one in rivals]


@command(session, "list", reads=True)
def list_sessions(call: Call, record: RecordArgument) -> None:
    """The sessions of RECORD."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_rows

    with call.studio() as studio:
        rows = session_rows(studio, addresses.record(studio, record))
    if not call.json:
        rows = [{**row, "line": "unbudgeted"} if row["unbudgeted"] else row for row in rows]
    columns = ["session", "title", "from", "to", "resources", "line", "cost", "state", "answers"]
    call.table(rows, columns, spare=["answers", "line", "title", "cost"])


@dataclass(frozen=True, slots=True)
class LaterTimeOptions(TimeOptions):
    """The times to which a session is moved; a day alone leaves its hours."""

    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The first day; without --hours at the hours it has.")
    ] = None


@command(session)
def move(call: Call, record: SessionArgument, times: LaterTimeOptions, name: NumberArgument = None) -> None:
    """Move a session of RECORD to other times; its new cost is checked as for a booking."""
    from orchestrator.desk.booking.booking import move as move_session

    with call.studio() as studio:
        found, full = named(studio, record, name)
        typed = times.typed()
        changed = move_session(studio, found, full, lambda booked: typed.slots_after(studio, booked))
        say_times(call, studio, changed.after.slots, second=times.second)
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
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When they were told; now, if it is left out.")
    ] = None,
) -> None:
    """Cancel a session of RECORD: its rooms and people are free again, and the open part of its cost is released.

    If its terms ask for a fee by then, the fee is its cost from now on; a deposit that was paid counts for it.
    """
    from orchestrator.desk.addressing.times import moment
    from orchestrator.desk.booking.booking import cancel as cancel_session

    with call.studio() as studio:
        found, full = named(studio, record, name)
        changed = cancel_session(studio, found, full, why=why, at=moment(studio, at) if at else None)
    line = changed.budget.line_of(full)
    freed = changed.freed if changed.freed and changed.freed.minor else None
    fee = changed.charged.fee if changed.charged else None
    call.done({"session": full, "freed": freed, "line": line, "fee": fee}, f"{full} cancelled")
    if changed.charged:
        told = ", ".join(f"{one.resource} {one.fee}" for one in changed.charged.fees)
        call.say(f"a fee of {fee} is due: {told}")
    if freed:
        call.say(f"{freed} freed in {line}, {changed.budget.line(line).left} left there" if line else f"{freed} freed")
    if paid := [payment for payment in changed.budget.payments() if payment.session == full]:
        told = ", ".join(f"{payment.amount} (invoice {payment.invoice})" for payment in paid)
        call.say(f"paid for it, and staying so unless voided: {told}")


@command(session, "show", reads=True)
def show_session(call: Call, record: SessionArgument, name: NumberArgument = None) -> None:
    """One session of RECORD."""
    from orchestrator.desk.booking.session_facts import session_facts

    with call.studio() as studio:
        found, full = named(studio, record, name)
        row = session_facts(studio, found, full)
    call.facts(row)


add_corrections(
    session, "session", "night-bus/S1",
    leaves="It leaves every list, its rooms and people are free, and what was still to be paid is freed. Refused if it "
    "was worked, or if cancelling it now costs a fee: then cancel it.",
    restores="Its rooms and people must be free and its line must be able to pay; it keeps its times and its price.",
)  # fmt: skip

for add_verbs in (add_holds, add_cast, add_overtime, add_run, add_ready, add_goal, add_next, add_call):
    add_verbs(session)
