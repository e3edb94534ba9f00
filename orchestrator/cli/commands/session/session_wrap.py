"""The command of session that ends its day."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.frame import Call, command


def add_wrap(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app)(wrap)


def wrap(
    call: Call,
    session: PlaceArgument,
    came: Annotated[
        list[str] | None, typer.Option(metavar="NAME=10:15-17:40", help="True hours of one person; may be repeated.")
    ] = None,
    absent: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Somebody who did not come.")] = None,
    thanks: Annotated[str | None, typer.Option(help='A line for everybody; "" takes it away.')] = None,
    form: Annotated[
        Literal["text", "html"], typer.Option("--format", metavar="text|html", help="text, or a page of A4.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write or replace; else print it.")
    ] = None,
) -> None:
    """End SESSION: record who was there, and print the sheet for everybody.

    The sheet has keepers, moments, rough mixes and names, and thanks; never a rejection, money or a note. Again, it
    prints the sheet as it is then, and records only what changed.
    """
    from orchestrator import new_file
    from orchestrator.desk.session.archives import is_archived
    from orchestrator.desk.session.wraps import AttendanceChanges, wrap_session, wrap_sheet

    with call.studio() as studio:
        found, full = named(studio, session, None)
        changes = AttendanceChanges(came or [], absent or [], thanks)
        changed = wrap_session(studio, found, full, changes)
        sheet = wrap_sheet(studio, found, full)
        is_safe = is_archived(studio, full)
        lines = sheet.page().splitlines() if form == "html" else sheet.lines()
    if out is not None:
        new_file.replace(out, "".join(f"{line}\n" for line in lines).encode())
        call.done({"session": full, "changed": changed, "file": str(out)}, str(out))
    else:
        call.done({"session": full, "changed": changed, "lines": lines}, *lines)
    if not is_safe:
        call.say(f"{full} is not safe in two places yet: takesheet session archive {full} FOLDER --copies DIR,DIR")
