"""Commands of plan about the calendar: conflicts, free times, and calendars for other programs.

Tests: ``tests/orchestrator/cli/commands/label/test_plan.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_options import FromOption, OnOption, ToOption
from orchestrator.cli.shell.frame import Call, command


def add_calendar(app: typer.Typer) -> None:
    """Add the commands ``conflicts``, ``free`` and ``ics`` to the noun *app*."""
    command(app, "conflicts", reads=True)(show_conflicts)
    command(app, "free", reads=True)(show_free)
    command(app, "ics", reads=True)(write_calendar)


def show_conflicts(call: Call) -> None:
    """Everything in the calendar that has to be settled, from now on, and the command that helps.

    Sessions against one another (with the time to set up and strike), holds against bookings, holds that have ended,
    people who declined, and sessions in blocked time or out of hours.
    """
    from orchestrator.desk.booking.calendar import conflict_rows

    with call.studio() as studio:
        rows = conflict_rows(studio)
    call.table(
        rows, ["conflict", "session", "resource", "time", "against", "next"], empty="nothing to settle",
        spare=["against"],
    )  # fmt: skip


def show_free(
    call: Call,
    on: OnOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    kind: Annotated[str | None, typer.Option(help="Only room, person or gear.")] = None,
) -> None:
    """The times of a day, or between two times, in which something can be booked; holds are named."""
    from domain.booking.resources import parse_kind
    from orchestrator.desk.addressing.times import SessionTimes
    from orchestrator.desk.booking.calendar import free_rows

    only = None if kind is None else parse_kind(kind)
    with call.studio() as studio:
        typed = SessionTimes(on=on, hours="0-24") if on else SessionTimes(from_, to)
        [wanted] = typed.slots(studio)
        rows = free_rows(studio, wanted, kind=only)
    call.table(rows, ["resource", "kind", "free", "held"], empty="nothing is free then", spare=["held"])


def write_calendar(
    call: Call,
    about: Annotated[
        str | None, typer.Argument(metavar="RESOURCE|RECORD", help="A room, a person, gear, or a record.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write or replace; else print it.")
    ] = None,
) -> None:
    """Write the sessions of a resource, a record or the label as an iCalendar file, to which others subscribe.

    The same log gives the same bytes. It holds titles, times, places and people, and neither money nor notes.
    """
    from orchestrator.desk.booking.calendar_file import calendar_file, publish

    with call.studio() as studio:
        found = publish(studio, about, file) if file else calendar_file(studio, about)
    data = {"file": str(file) if file else None, "events": found.events, "calendar": found.data.decode()}
    call.done(data, *([str(file)] if file else found.data.decode().splitlines()))
