"""Commands of plan about stages: the critical path of each record, and the days that stages take.

Tests: ``tests/orchestrator/cli/commands/label/test_plan_critical.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command


def add_stage_plans(app: typer.Typer) -> None:
    """Add the commands ``critical`` and ``durations`` to the noun *app*."""
    command(app, "critical", reads=True)(critical)
    command(app, "durations", shows=True)(durations)


def critical(
    call: Call,
    record: Annotated[
        str | None, typer.Argument(metavar="RECORD", help="A record, such as night-bus; every step of it.")
    ] = None,
) -> None:
    """Show the critical path to each due date: the days of work left, the slack, and what it hangs on.

    LATE: the work ends after the due date; TIGHT: less than 7 days are left.  Each stage works on one song at a time;
    booked sessions are waited for.  Days are calendar days: those set by plan durations, else the median of the songs
    that passed a stage, once those of 3 records did, else a default.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.critical_path import plan_rows, step_rows

    with call.studio() as studio:
        if record is not None:
            rows = step_rows(studio, addresses.record(studio, record))
            call.table(
                rows, ["address", "stage", "from", "to", "days", "spare", "slack", "critical", "days_by"],
                empty="no work is left", spare=["days_by"],
            )  # fmt: skip
            return
        rows = plan_rows(studio)
    call.table(
        rows,
        ["record", "title", "due", "days", "ready", "slack", "flag", "critical"],
        empty="no record has a due date or work left",
        spare=["title", "critical"],
    )
    call.say(*dict.fromkeys(str(row["medians"]) for row in rows if row["medians"]))


def durations(
    call: Call,
    days: Annotated[
        list[str] | None, typer.Argument(metavar="STAGE=DAYS", help="Such as recording=2; calendar days a song.")
    ] = None,
    record: Annotated[str | None, typer.Option(metavar="RECORD", help="For this record alone.")] = None,
    why: WhyOption = None,
) -> None:
    """Show the days that stages take, and where that comes from; or set them: a song each, mastering for the record."""
    from domain.label.stage_durations import read_durations
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.critical_path import change_durations, duration_rows

    with call.studio() as studio:
        name = addresses.record(studio, record) if record else None
        if days:
            change_durations(studio, name, read_durations(days), why=why)
        rows = duration_rows(studio, name)
    call.table(rows, ["stage", "days", "set_by"])
