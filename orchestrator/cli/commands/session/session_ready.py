"""The command of session before the day: what is still wanting."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_options import NumberArgument, SessionArgument, named
from orchestrator.cli.shell.frame import Call, command


def add_ready(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app, reads=True)(ready)


def ready(
    call: Call,
    record: SessionArgument,
    name: NumberArgument = None,
    song: Annotated[
        list[str] | None, typer.Option(help="A song it is to record, may be repeated; else those of its people.")
    ] = None,
    tracks: Annotated[int, typer.Option(min=1, max=512, help="Tracks that are recorded at once.")] = 24,
    folder: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="Where the recorder writes; else the vault.")
    ] = None,
) -> None:
    """List what a session needs and what is wanting, each with its remedy; exit 6 while anything is wanting.

    It looks at charts, lyrics, tempo and references of its songs, their sample rates, rooms, people, disk space for all
    its hours, prices and the budget. Prices and budget are shown to those who see money.
    """
    from orchestrator.cli.shell.suggestions import command_line
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.readiness import check_readiness

    with call.studio() as studio:
        found, full = named(studio, record, name)
        songs = addresses.songs_of(studio, found, song or [])
        check = check_readiness(studio, found, full, songs=songs, tracks=tracks, folders=folder or [])
    rows: list[dict[str, object]] = [
        {"what": line.what, "about": line.about, "found": line.found, "ready": line.ready,
         "next": command_line(line.next)}
        for line in check.lines
    ]  # fmt: skip
    is_ready = all(line.ready for line in check.lines)
    if is_ready or not call.json:
        call.table(rows, ["what", "about", "found", "ready", "next"], wrapped=["about", "next"])
    check.refuse_unready(rows)
