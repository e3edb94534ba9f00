"""The command of session for its goal."""

from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.frame import Call, command


def add_goal(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app, shows=True)(goal)


def goal(
    call: Call,
    session: PlaceArgument,
    text: Annotated[
        str | None, typer.Argument(metavar="[GOAL]", help='The goal in one line; "" takes it away.')
    ] = None,
) -> None:
    """Set the goal of SESSION, which the room sees all day; without GOAL, show it."""
    from orchestrator.desk.session.goals import change_goal, goal_of

    with call.studio() as studio:
        found, full = named(studio, session, None)
        changed = change_goal(studio, found, full, text) if text is not None else None
        known = goal_of(studio, full)
    call.done({"session": full, "goal": known}, *([known] if known else []))
    if not known:
        call.say(f"{full} has no goal")
    elif changed is False:
        call.say("it is so already")
