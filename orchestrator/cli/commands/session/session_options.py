"""Options and messages that the commands of sessions share.

Tests: ``tests/orchestrator/cli/commands/session/test_session.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RESOURCES, SESSIONS
from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.option_groups import OptionGroup

if TYPE_CHECKING:
    from domain.booking.slots import Slot
    from orchestrator.desk.addressing.times import SessionTimes
    from orchestrator.desk.booking.booking import BookingResult
    from orchestrator.desk.booking.requests import SessionRequest
    from orchestrator.studio import Studio

SessionArgument = Annotated[
    str,
    typer.Argument(metavar="RECORD", help="A record; or a session as it is listed, such as night-bus/S1."),
    SESSIONS,
]
NumberArgument = Annotated[str | None, typer.Argument(metavar="S1", help="The session's number.")]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="2026-12-07T10:00, by the house's clock.")
]
ToOption = Annotated[str | None, typer.Option(metavar="TIME", help="When it ends.")]
OnOption = Annotated[str | None, typer.Option(metavar="DATE", help="The first day.")]
LineOption = Annotated[str | None, typer.Option(help="The budget line that pays; without one the cost is unbudgeted.")]
FinishedOption = Annotated[
    str | None, typer.Option(metavar="20m", help="Finished music that it is to yield, for calls that limit it.")
]


@dataclass(frozen=True, slots=True)
class TimeOptions(OptionGroup):
    """The times of a session."""

    from_: FromOption = None
    to: ToOption = None
    on: OnOption = None
    hours: Annotated[
        str | None,
        typer.Option(metavar="10-18", help="The same hours each day: 10-18, 10:30-18:00; 22-2 ends the next day."),
    ] = None
    days: Annotated[int, typer.Option(help="How many days.")] = 1
    second: Annotated[
        bool, typer.Option("--second", help="Of an hour that exists twice, as the clocks go back, the later one.")
    ] = False

    @property
    def is_given(self) -> bool:
        """True if a time was typed."""
        return any((self.from_, self.to, self.on, self.hours))

    def typed(self) -> "SessionTimes":
        """The times as they were typed, still to be parsed."""
        from orchestrator.desk.addressing.times import SessionTimes

        return SessionTimes(self.from_, self.to, self.on, self.hours, self.days, self.second)


@dataclass(frozen=True, slots=True)
class ResourceOptions(OptionGroup):
    """The rooms, people and gear of a session."""

    room: Annotated[list[str] | None, typer.Option(help="A room; may be repeated."), RESOURCES] = None
    with_: Annotated[
        list[str] | None, typer.Option("--with", help="People and gear, separated by commas or repeated."), RESOURCES
    ] = None

    def request(self, finished: str | None = None) -> "SessionRequest":
        """The session as it was typed, with the minutes of *finished* music.  Raises: as :func:`session_request`."""
        from orchestrator.desk.booking.requests import session_request

        return session_request(self.room or [], self.with_ or [], finished)


def say_times(call: Call, studio: "Studio", slots: "Sequence[Slot]", *, second: bool) -> None:
    """Warn of a session that begins in the past, or at a wall-clock time that occurs twice, and name the chosen one."""
    from domain.booking.session_times import doubled
    from orchestrator.desk.addressing.times import shown, shown_exactly

    if (start := slots[0].start) < studio.now():
        call.say(f"{shown(studio, start)} is past")
    twice = doubled(slots, studio.config.zone)
    if second and not twice:
        call.say("--second means nothing here: none of these times exists twice")
    for moment in twice:
        which = "second" if moment.fold else "first; --second means the other"
        call.say(
            f"{shown(studio, moment)} exists twice, as the clocks go back: {shown_exactly(studio, moment)}, the {which}"
        )


def costs_in_words(found: "BookingResult") -> Iterator[str]:
    """Say what a booking costs, and who pays it."""
    booked = found.session
    if line := found.budget.line_of(booked.session):
        held = found.budget.commitment(booked.session)
        yield f"{held.amount if held else booked.cost} committed from {line}, {found.budget.line(line).left} left there"
        return
    reason = f"{booked.record} has no budget" if booked.line else "no --line was named"
    if found.unbudgeted:
        lines = f", such as {' or '.join(found.budget.lines)}," if found.budget.lines else ""
        yield f"{booked.cost} unbudgeted: {reason}; the same booking with --line{lines} takes it into the budget"
    else:
        yield f"nothing committed: {reason}"
    if found.unpriced:
        yield f"not priced, for want of a rate: {', '.join(found.unpriced)}"


def named(studio: "Studio", record: str, name: str | None) -> tuple[str, str]:
    """The record and the full id of a session written ``night-bus S1`` or ``night-bus/S1``."""
    from orchestrator.desk.booking.session_corrections import named_session

    return named_session(studio, f"{record}/{name}" if name else record)
