"""``demo``: a small production, played through the program's own commands."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.frame import Call, begin_line, command, noun

if TYPE_CHECKING:
    from orchestrator.cli.demo.place import Place

demo = noun("A small production from an empty store to a rebuilt release.")


@command(demo, "demo")
def play_demo(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where it plays.")] = Path("takesheet-demo"),
    yes: Annotated[bool, typer.Option("--yes", help="Start over where a demo was run before.")] = False,
) -> None:
    """Play a small production in DIR, command by command: takes, a comp, a mix, masters, and the proof of it all."""
    from domain.core.refusal import Misused
    from orchestrator.cli.demo.performance import perform
    from orchestrator.cli.demo.place import Place
    from orchestrator.cli.demo.stage import INTERRUPTED, Stopped

    if call.store or call.claimed:
        raise Misused("demo.store", "the demo has a store and people of its own; name only the folder it may make")
    place = Place(folder)
    if place.played and not (yes or _anew(call, place)):
        call.say("left as it is")
        return
    try:
        made = perform(place, as_json=call.json, plain=call.plain)
    except Stopped as stopped:
        call.say(str(stopped))
        raise typer.Exit(stopped.code) from None
    except KeyboardInterrupt:
        begin_line()
        call.say("the demo was stopped; nothing is left running")
        raise typer.Exit(INTERRUPTED) from None
    if call.json:
        call.done(made)


def _anew(call: Call, place: "Place") -> bool:
    """Show what an earlier demo left here, and ask whether to delete it and begin again."""
    from orchestrator.cli.commands.song.ingest_result import ask
    from orchestrator.cli.demo.place import describe_earlier_demo

    call.say(f"{place.folder} holds a demo already:", *describe_earlier_demo(place))
    return ask(call, "start over? What the demo made there is removed.")
