"""The command of session that brings its files to safety."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.frame import Call, command


def add_archive(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app)(archive)


def archive(
    call: Call,
    session: PlaceArgument,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The recorder's folder of the session.")],
    copies: Annotated[str, typer.Option(metavar="DIR,DIR", help="Folders on two disks, separated by a comma.")],
) -> None:
    """Copy the whole FOLDER of SESSION to two places, read each copy back, compare it, and record that.

    Interrupted, the same command goes on. Nothing that is there is replaced; links are left out, and said.
    """
    from orchestrator.desk.session.archives import archive_session

    with call.studio() as studio:
        found, full = named(studio, session, None)
        places = [Path(one.strip()).expanduser() for one in copies.split(",") if one.strip()]
        done = archive_session(studio, found, full, folder, places)
    event = done.event
    call.done(
        {"session": full, "manifest": event.manifest, "files": event.files, "bytes": event.bytes,
         "copies": list(event.copies), "left_out": list(done.left_out), "changed": done.changed},
        f"{full} is safe in {len(event.copies)} places: {', '.join(event.copies)}",
    )  # fmt: skip
    call.say(f"{event.files} files, {event.bytes:,} bytes, each read back and equal")
    call.say(*(f"left out, for it is no plain file: {name}" for name in done.left_out))
    if len({place.stat().st_dev for place in places}) < len(places):
        call.say("warning: two of these places are on one disk")
