"""The command of session for its run order."""

from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.frame import Call, command


def add_runorder(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app, shows=True)(runorder)


def runorder(
    call: Call,
    session: PlaceArgument,
    rows: Annotated[
        list[str] | None,
        typer.Argument(metavar="PART=MINUTES", help="Parts recorded together, such as tin-roof/drums=90."),
    ] = None,
    as_given: Annotated[bool, typer.Option("--as-given", help="Keep this order instead of the best one.")] = False,
) -> None:
    """Order what SESSION records so that its players wait least, and say when each is called; without PART, show it."""
    from orchestrator.desk.addressing.times import shown_exactly
    from orchestrator.desk.session.readiness import place_of
    from orchestrator.desk.session.run_order import calls_of, change_run_order, run_order_times

    with call.studio() as studio:
        found, full = named(studio, session, None)
        if rows:
            change_run_order(studio, found, full, rows, keeps_order=as_given)
        _, place = place_of(studio, found, full)
        times = run_order_times(studio, place)
        shown: list[dict[str, object]] = [
            {"from": shown_exactly(studio, one.start), "to": shown_exactly(studio, one.end),
             "parts": ", ".join(one.row.parts), "people": ", ".join(one.row.people)}
            for one in times
        ]  # fmt: skip
        calls = [f"{person} is called at {shown_exactly(studio, at)}" for person, at in calls_of(studio, place).items()]
        over = (times[-1].end - place.slots[-1].end).total_seconds() // 60 if times else 0
    call.table(shown, ["from", "to", "parts", "people"], wrapped=["parts", "people"], empty="it has no run order yet")
    call.say(*calls)
    if over > 0:
        call.say(f"it ends {over:.0f} min after the booked time")
