"""The commands of plan: the critical path and the days that stages take; conflicts, free times, calendar files."""

from pathlib import Path
from typing import Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.commands.label.session_options import FromOption, OnOption, ToOption
from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

plan = noun("The plan of all records: what must happen when, conflicts, free times, calendar files.")


@command(plan, "conflicts", reads=True)
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


@command(plan, "free", reads=True)
def show_free(
    call: Call,
    on: OnOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    kind: Annotated[str | None, typer.Option(help="Only room, person or gear.")] = None,
) -> None:
    """The times of a day, or between two times, in which something can be booked; holds are named."""
    from orchestrator.desk.addressing.times import SessionTimes
    from orchestrator.desk.booking.calendar import free_rows

    if kind not in {None, "room", "person", "gear"}:
        raise Misused("resource.kind", f"{kind!r} is no kind of resource; there are room, person and gear")
    with call.studio() as studio:
        typed = SessionTimes(on=on, hours="0-24") if on else SessionTimes(from_, to)
        [wanted] = typed.slots(studio)
        rows = free_rows(studio, wanted, kind=kind)  # type: ignore[arg-type]  # checked above
    call.table(rows, ["resource", "kind", "free", "held"], empty="nothing is free then", spare=["held"])


@command(plan, "ics", reads=True)
def write_calendar(
    call: Call,
    about: Annotated[
        str | None, typer.Argument(metavar="[RESOURCE|RECORD]", help="A room, a person, gear, or a record.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write or replace; else print it.")
    ] = None,
) -> None:
    """Write the sessions of a resource, a record or the label as an iCalendar file, to which others subscribe.

    The same log gives the same bytes. It holds times, places and people, and neither money nor notes.
    """
    from orchestrator.desk.booking.calendar_file import calendar_file, publish

    with call.studio() as studio:
        found = publish(studio, about, file) if file else calendar_file(studio, about)
    data = {"file": str(file) if file else None, "events": found.events, "calendar": found.data.decode()}
    call.done(data, *([str(file)] if file else found.data.decode().splitlines()))


@command(plan, reads=True)
def critical(
    call: Call,
    record: Annotated[
        str | None, typer.Argument(metavar="RECORD", help="A record, such as night-bus; every step of it.")
    ] = None,
) -> None:
    """Show the critical path to each due date: the days of work left, the slack, and what it hangs on.

    LATE: the work ends after the due date; TIGHT: less than 7 days are left.  Each stage works on one song at a time;
    booked sessions are waited for.  Days are calendar days, see plan durations.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.critical_path import plan_rows, step_rows

    with call.studio() as studio:
        if record is not None:
            rows = step_rows(studio, addresses.record(studio, record))
            call.table(
                rows, ["address", "stage", "from", "to", "days", "spare", "slack", "critical"], empty="no work is left"
            )
            return
        rows = plan_rows(studio)
    call.table(
        rows,
        ["record", "title", "due", "days", "ready", "slack", "flag", "critical"],
        empty="no record has a due date or work left",
        spare=["title", "critical"],
    )


@command(plan, shows=True)
def durations(
    call: Call,
    days: Annotated[
        list[str] | None, typer.Argument(metavar="STAGE=DAYS", help="Such as recording=2; calendar days a song.")
    ] = None,
    record: Annotated[str | None, typer.Option(metavar="RECORD", help="For this record alone.")] = None,
    why: WhyOption = None,
) -> None:
    """Show the days that stages take, or set them: a song each, and mastering for the whole record."""
    from domain.label.stage_durations import read_durations
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.critical_path import change_durations, duration_rows

    with call.studio() as studio:
        name = addresses.record(studio, record) if record else None
        if days:
            change_durations(studio, name, read_durations(days), why=why)
        rows = duration_rows(studio, name)
    call.table(rows, ["stage", "days", "set_by"])
