"""The command of session that prints its call sheet."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.arguments import RESOURCES
from orchestrator.cli.shell.frame import Call, command

SheetFormat = Literal["text", "html", "ics"]


def add_call(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app, "call", reads=True)(call_sheet)


def call_sheet(
    call: Call,
    session: PlaceArgument,
    person: Annotated[
        str | None, typer.Option("--for", metavar="NAME", help="For this person, with their own parts."), RESOURCES
    ] = None,
    form: Annotated[SheetFormat, typer.Option("--format", help="text, a page for A4, or a calendar file.")] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write or replace; else print it.")
    ] = None,
) -> None:
    """The call sheet of SESSION: when, where, who, and what is recorded; no money, and no word of any note."""
    from orchestrator import new_file
    from orchestrator.desk.session.call_sheet import call_calendar
    from orchestrator.desk.session.call_sheet import call_sheet as make_sheet

    with call.studio() as studio:
        found, full = named(studio, session, None)
        sheet = make_sheet(studio, found, full, person=person)
        lines = sheet.lines()
        if form == "html":
            lines = sheet.page().splitlines()
        elif form == "ics":
            lines = call_calendar(studio, found, full).data.decode().splitlines()
    if out is not None:
        ends = "\r\n" if form == "ics" else "\n"
        new_file.replace(out, "".join(f"{line}{ends}" for line in lines).encode())
        call.done({"session": full, "file": str(out)}, str(out))
    else:
        call.done({"session": full, "format": form, "lines": lines}, *lines)
