"""The commands of session for a day without its full screen: the next part, and one moment."""

from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.frame import Call, command


def add_next(app: typer.Typer) -> None:
    """Add the commands to the noun."""
    command(app, "next")(go_on)
    command(app)(moment)


def go_on(
    call: Call,
    session: PlaceArgument,
    parts: Annotated[
        list[str] | None, typer.Argument(metavar="PART", help="Parts of one song; else the next one that is left.")
    ] = None,
) -> None:
    """Close the part that SESSION is recording, and open the next one with its song's facts and its approved setup.

    Without PART it is the first one that has no keeper and is not parked.
    """
    from dataclasses import asdict

    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.next_part import start_next

    with call.studio() as studio:
        found, full = named(studio, session, None)
        chosen = [addresses.part(studio, one) for one in parts or []]
        opened = start_next(studio, found, full, parts=chosen)
    if opened.parts:
        call.done(asdict(opened), f"{', '.join(opened.names)} · take {opened.take}", *opened.facts, *opened.setups)
    else:
        call.done(asdict(opened))
        call.say("every part has its keeper, or is parked")
    if opened.parked:
        call.say(f"parked: {', '.join(opened.parked)}")


def moment(
    call: Call,
    session: PlaceArgument,
    text: Annotated[str, typer.Argument(metavar="WORDS", help="What it was, such as the laugh.")] = "",
) -> None:
    """Mark a moment of SESSION that is worth keeping, as it happens."""
    from orchestrator.desk.session.session_day import SessionKeys

    with call.studio() as studio:
        found, full = named(studio, session, None)
        keys = SessionKeys(studio, found, full)
        keys.start()
        keys.moment(text)
    call.done({"session": full, "text": text}, "moment kept")
