"""The commands of session that end its day: its wrap, and the report of who played what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from domain.core.refusal import Misused
from orchestrator.cli.commands.session.session_cast import PlaceArgument
from orchestrator.cli.commands.session.session_options import named
from orchestrator.cli.shell.frame import Call, command

if TYPE_CHECKING:
    from orchestrator.studio import Studio


def add_wrap(app: typer.Typer) -> None:
    """Add the commands to the noun."""
    command(app)(wrap)
    command(app, reads=True)(report)


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
    reel: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the day's moments into this new WAV.")
    ] = None,
) -> None:
    """End SESSION: record who was there, and print the sheet for everybody.

    The sheet has keepers, moments, rough mixes and names, and thanks; never a rejection, money or a note. Again, it
    prints the sheet as it is then, and records only what changed.  A reel has each moment with a few seconds around it;
    if it cannot be made, that is said, and the session is wrapped all the same.
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
        row, told = _reel(studio, found, full, reel) if reel is not None else ({}, [])
    if out is not None:
        new_file.replace(out, "".join(f"{line}\n" for line in lines).encode())
        call.done({"session": full, "changed": changed, "file": str(out), **row}, str(out))
    else:
        call.done({"session": full, "changed": changed, "lines": lines, **row}, *lines)
    call.say(*told)
    if not is_safe:
        call.say(f"{full} is not safe in two places yet: takesheet session archive {full} FOLDER --copies DIR,DIR")


def _reel(studio: "Studio", record: str, session: str, file: Path) -> tuple[dict[str, object], list[str]]:
    """Make the reel; return it as data, and in lines for whoever wraps the session."""
    from domain.core.refusal import OperationalError, Refusal
    from orchestrator.desk.addressing.times import shown
    from orchestrator.desk.recorder.reels import make_reel

    try:
        reel = make_reel(studio, record, session, file)
    except (Refusal, OperationalError, OSError) as error:
        return {"reel": None}, [f"no reel was made: {error}"]
    places = [{"at": shown(studio, one.at), "place": one.place, "text": one.text} for one in reel.moments]
    without = [f"{shown(studio, one.at)} {one.text}".strip() for one in reel.without]
    row: dict[str, object] = {"reel": {"file": str(reel.file), "moments": places, "without": without}}
    told = [f"{file}: {len(places)} moments", *(f"  {one['place']}  {one['text'] or 'a moment'}" for one in places)]
    return row, [*told, *(f"  not recorded: {one}" for one in without)]


def report(
    call: Call,
    session: PlaceArgument,
    record: Annotated[bool, typer.Option("--record", help="All sessions of its record.")] = False,
    form: Annotated[
        Literal["text", "csv", "json"], typer.Option("--format", metavar="text|csv|json", help="A table, or data.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write or replace; else print it.")
    ] = None,
) -> None:
    """Report who played what in SESSION, from when to when, as unions and performers' societies ask it; no money.

    A row for each part that somebody recorded, and for everybody else who was there. docs/session_report.md explains
    the columns. Musicians and artists get their own rows.
    """
    from json import dumps

    from orchestrator import new_file
    from orchestrator.desk.session.session_reports import COLUMNS, report_table, session_report

    with call.studio() as studio:
        found, full = named(studio, session, None)
        rows = session_report(studio, found, [] if record else [full])
    text = report_table(rows).decode() if form == "csv" else f"{dumps(rows, indent=1, ensure_ascii=False)}\n"
    if out is not None:
        if form == "text":
            raise Misused("session.report", "a file holds csv or json", next="the same command with --format csv")
        new_file.replace(out, text.encode())
        call.done({"session": full, "file": str(out), "rows": len(rows)}, str(out))
    elif form == "text":
        shown = ["session", "name", "role", "instrument", "song_title", "came", "left", "minutes", "passes"]
        call.table(rows, shown if not call.json else list(COLUMNS), empty="nobody is reported yet")
    else:
        call.done(rows, *text.splitlines())
    if any(row["attendance"] != "recorded" for row in rows):
        call.say("some were there as booked, or by no record at all; session wrap records who came")
    if any(not row["person"] for row in rows):
        call.say("some parts were recorded without a player: part edit PART --player NAME")
