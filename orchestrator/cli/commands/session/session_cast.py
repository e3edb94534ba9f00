"""The commands of session for its people and its work: ask, answer, replace and worked."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.commands.session.session_options import (
    FinishedOption,
    TimeOptions,
    named,
)
from orchestrator.cli.shell.arguments import RESOURCES
from orchestrator.cli.shell.frame import Call, command

if TYPE_CHECKING:
    from orchestrator.desk.booking.booking import ChangedSession

PlaceArgument = Annotated[str, typer.Argument(metavar="SESSION", help="A session, such as night-bus/S1.")]


def add_cast(app: typer.Typer) -> None:
    """Add the commands to the noun."""
    for function in (ask, answer, replace, worked):
        command(app)(function)


def ask(
    call: Call,
    session: PlaceArgument,
    people: Annotated[list[str] | None, typer.Option("--who", help="Only this person; may be repeated.")] = None,
) -> None:
    """Print the message that asks each person of SESSION to come, and record that they were asked.

    Each message holds their own call times, and nobody's fee but their own. Send it, then record what they say.
    """
    from orchestrator.desk.booking.cast import ask as ask_people

    with call.studio() as studio:
        found, full = named(studio, session, None)
        messages = ask_people(studio, found, full, people or [])
    data = [{"person": one.person, "name": one.name, "message": one.text, "new": one.new} for one in messages]
    lines: list[str] = []
    for one in messages:
        lines += ["", *one.text.splitlines()] if lines else one.text.splitlines()
    call.done(data, *lines)
    for one in messages:
        if not one.new:
            call.say(f"{one.person} was asked about these times before")
        call.say(f"what {one.person} says: takesheet session answer {full} {one.person} yes")


def answer(
    call: Call,
    session: PlaceArgument,
    person: Annotated[str, typer.Argument(metavar="NAME", help="Who answers."), RESOURCES],
    said: Annotated[str, typer.Argument(metavar="yes|no|other", help="What they say.")],
    note: Annotated[str, typer.Option(help="Their words, such as the other time.")] = "",
) -> None:
    """Record what a person says to the times of SESSION: yes, no, or another time."""
    from domain.booking.session_events import parse_answer
    from orchestrator.desk.booking.cast import answer as record_answer

    given = parse_answer(said)
    with call.studio() as studio:
        found, full = named(studio, session, None)
        result = record_answer(studio, found, full, person, given, note=note)
    known = result.answer
    call.done(
        {"session": full, "person": known.resource, "answer": known.answer, "note": known.note},
        f"{full}: {known.resource} says {known.answer}",
    )
    if known.answer != "yes":
        call.say(f"in their place: takesheet session replace {full} {known.resource} NAME")


def replace(
    call: Call,
    session: PlaceArgument,
    leaves: Annotated[str, typer.Argument(metavar="OLD", help="Who leaves."), RESOURCES],
    enters: Annotated[str, typer.Argument(metavar="NEW", help="Who comes instead."), RESOURCES],
) -> None:
    """Let NEW take the place of OLD in SESSION: their calendar and their price are checked as for a booking."""
    from orchestrator.desk.booking.cast import replace_player

    with call.studio() as studio:
        found, full = named(studio, session, None)
        changed = replace_player(studio, found, full, leaves=leaves, enters=enters)
    _tell_cost(call, full, changed, {"leaves": leaves, "enters": enters})


def worked(
    call: Call,
    session: PlaceArgument,
    times: TimeOptions,
    finished: FinishedOption = None,
    agreed: Annotated[
        bool, typer.Option("--agreed", help="All agree that fewer hours cost less; else the booked price is owed.")
    ] = False,
) -> None:
    """Record that SESSION took place, at the hours it was booked for or at its true ones, which must be over.

    With --hours alone, the day it was booked for. More hours cost what the terms ask; the booked price is owed for
    fewer, unless --agreed. An overrun of the budget is said, and never refused: it is a fact.
    """
    from domain.booking.terms.card_text import parse_minutes
    from orchestrator.desk.booking.booking import sessions_of
    from orchestrator.desk.booking.cast import record_work

    with call.studio() as studio:
        found, full = named(studio, session, None)
        booked = next((one for one in sessions_of(studio, found) if one.session == full), None)
        slots = times.typed().slots_worked(studio, booked.slots if booked else ()) if times.is_given else None
        minutes = parse_minutes(finished) if finished else 0
        changed = record_work(studio, found, full, slots=slots, finished_minutes=minutes, agreed=agreed)
    _tell_cost(call, full, changed, {})
    had, has = (sum(slot.minutes for slot in one.slots) for one in (changed.before, changed.after))
    if has < had and not agreed and changed.after.cost is not None:
        call.say("fewer hours than booked: the booked price is owed; if all agree to less, repeat it with --agreed")


def _tell_cost(call: Call, full: str, changed: "ChangedSession", data: dict[str, object]) -> None:
    """Print the session, its cost, what is left in its line, and an overrun."""
    cost, line = changed.after.cost, changed.budget.line_of(full)
    left = changed.budget.line(line).left if line else None
    over = left is not None and left.minor < 0
    call.done({"session": full, "cost": cost, "line": line, "left": left, "overrun": over, **data}, full)
    if cost is not None:
        was = f" (before: {changed.before.cost})" if changed.before.cost not in {None, cost} else ""
        call.say(f"it costs {cost}{was}, {f'from {line}, {left} left there' if line else 'unbudgeted'}")
    if over:
        call.say(f"overrun: {line} has {left} left; label may raise the line")
