"""The commands of session that hold: hold, challenge, release and firm."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.commands.session.session_options import (
    LineOption,
    NumberArgument,
    ResourceOptions,
    SessionArgument,
    TimeOptions,
    costs_in_words,
    named,
    say_times,
)
from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command

if TYPE_CHECKING:
    from orchestrator.desk.booking.holds import HoldResult


def add_holds(app: typer.Typer) -> None:
    """Add the commands to the noun."""
    for function in (hold, challenge, release, firm):
        command(app)(function)


def hold(
    call: Call,
    record: SessionArgument,
    resources: ResourceOptions,
    times: TimeOptions,
    name: NumberArgument = None,
    line: LineOption = None,
    rank: Annotated[
        int | None, typer.Option(min=1, max=99, help="1 for a first hold; the next free one, if it is left out.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="When the hold expires.")] = None,
) -> None:
    """Hold a session for RECORD: pencilled in, without money and without an exclusive time.

    With S1 a hold is stated anew: what is not said stays as it is.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import moment
    from orchestrator.desk.booking.holds import hold as hold_session
    from orchestrator.desk.booking.holds import hold_named

    with call.studio() as studio:
        known = None
        if name or "/" in record:
            found, full = named(studio, record, name)
            known = hold_named(studio, found, full)
        else:
            found = addresses.record(studio, record)
        slots = known.slots if known and not times.is_given else times.typed().slots(studio)
        wanted = resources.request().resources
        held = hold_session(
            studio, found, resources=wanted or (known.resources if known else ()), slots=slots,
            line=line or (known.line if known else None), rank=rank,
            expires=moment(studio, until) if until else known.expires if known else None,
            session=known.session if known else None,
        )  # fmt: skip
        say_times(call, studio, slots, second=times.second)
    _tell(call, held, f"held, rank {held.hold.held.rank}")


def challenge(
    call: Call,
    record: SessionArgument,
    name: NumberArgument = None,
    *,
    by: Annotated[str, typer.Option(help="Who else wants the time.")],
    until: Annotated[str, typer.Option(metavar="TIME", help="By when it must be firm, or be released.")],
) -> None:
    """Record that somebody else wants the time of a held session: it must be firm by then, or be released."""
    from orchestrator.desk.addressing.times import moment, shown
    from orchestrator.desk.booking.holds import challenge as challenge_session

    with call.studio() as studio:
        found, full = named(studio, record, name)
        held = challenge_session(studio, found, full, by=by, deadline=moment(studio, until))
        deadline = shown(studio, moment(studio, until))
    _tell(call, held, f"challenged by {by}: firm by {deadline}, or released")


def release(call: Call, record: SessionArgument, name: NumberArgument = None, why: WhyOption = None) -> None:
    """Give up a held session of RECORD."""
    from orchestrator.desk.booking.holds import release as release_session

    with call.studio() as studio:
        found, full = named(studio, record, name)
        held = release_session(studio, found, full, why=why)
    _tell(call, held, "released")


def firm(call: Call, record: SessionArgument, name: NumberArgument = None, line: LineOption = None) -> None:
    """Book a held session of RECORD: the calendar is checked first, then the money."""
    from orchestrator.desk.booking.holds import firm as make_firm

    with call.studio() as studio:
        found, full = named(studio, record, name)
        booked = make_firm(studio, found, full, line=line)
    session = booked.session
    paying = booked.budget.line_of(session.session) or session.line
    call.done(
        {"session": session.session, "cost": session.cost, "line": paying, "unbudgeted": booked.unbudgeted},
        session.session,
    )
    call.say(*costs_in_words(booked))


def _tell(call: Call, found: "HoldResult", word: str) -> None:
    held = found.hold.held
    call.done({"session": held.session, "rank": held.rank, "changed": found.changed}, held.session)
    call.say(f"{held.session} {word}" if found.changed else f"{held.session} was so already")
