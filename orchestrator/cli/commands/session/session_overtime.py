"""The command of session for one that runs: what going on costs."""

from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_options import NumberArgument, SessionArgument, named
from orchestrator.cli.shell.frame import Call, command


def add_overtime(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app, reads=True)(overtime)


def overtime(
    call: Call,
    record: SessionArgument,
    name: NumberArgument = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="The moment; now, if it is left out.")] = None,
) -> None:
    """Show how long a session is over, and what it costs to stop now or to go on, by the terms agreed for it.

    Each row is the last moment at one price. Nothing is recorded; what was worked is recorded by session worked.
    """
    from orchestrator.desk.addressing.times import moment, shown_exactly
    from orchestrator.desk.booking.session_overtime import session_overtime

    with call.studio() as studio:
        found, full = named(studio, record, name)
        told = session_overtime(studio, found, full, at=moment(studio, at) if at else studio.now())
        rows: list[dict[str, object]] = [
            {"until": shown_exactly(studio, step.until), "cost": step.cost, "more": step.more,
             "left": told.left - step.more if told.left else None}
            for step in told.preview.steps
        ]  # fmt: skip
    over = told.preview.over_minutes
    call.say(f"{full} is {over} min over" if over else f"{full} is within its time")
    call.table(rows, ["until", "cost", "more", "left"])
