"""The commands of setup: microphones, preamps, positions, cue mix and photo of a part, to be set up again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import PartArgument
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.session.setups import SetupSaved
    from orchestrator.studio import Studio

setup = noun("Setups: how a part was recorded, to be set up again.")

SetupNumberArgument = Annotated[
    int | None, typer.Argument(metavar="NUMBER", min=1, show_default=False, help="Number of the setup.")
]


@command(setup)
def save(
    call: Call,
    part: PartArgument,
    lines: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LINE",
            help='One a track, such as "kick: mic=D112; preamp=1073; position=inside; chain=; settings=".',
        ),
    ] = None,
    cue: Annotated[str | None, typer.Option("--cue", metavar="TEXT", help="The cue mix of whoever plays.")] = None,
    words: Annotated[str | None, typer.Option("--words", metavar="TEXT", help="Anything else.")] = None,
    photo: Annotated[Path | None, typer.Option(metavar="FILE", help="A photo, JPEG or PNG of at most 32 MiB.")] = None,
    session: Annotated[str | None, typer.Option(metavar="SESSION", help="The session, such as night-bus/S1.")] = None,
    start: Annotated[
        int | None,
        typer.Option(
            "--from",
            metavar="NUMBER",
            min=1,
            show_default=False,
            help="Begin with that setup; tracks named anew replace theirs.",
        ),
    ] = None,
) -> None:
    """Save how PART is set up; prints the number of the setup.

    A photo is kept without what its camera wrote into it: no place, no time, no device.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.setups import TypedSetup, save_setup, setup_row

    with call.studio() as studio:
        name = addresses.part(studio, part)
        typed = TypedSetup(lines or [], cue, words, photo, _session(studio, session) if session else None, start)
        saved = save_setup(studio, name, typed)
        row = setup_row(studio, saved.setup)
    number = saved.setup.number
    call.done({**row, "changed": saved.changed}, f"{name} setup {number}{'' if saved.changed else ' is so already'}")


@command(setup)
def approve(call: Call, part: PartArgument, number: SetupNumberArgument = None) -> None:
    """Approve a setup as the sound of PART, the one saved last without NUMBER; the next session starts from it."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.setups import approve_setup

    with call.studio() as studio:
        name = addresses.part(studio, part)
        approved = approve_setup(studio, name, number)
    found = approved.setup.number
    call.done(
        {"address": name, "number": found, "changed": approved.changed},
        f"{name} setup {found} is {'approved' if approved.changed else 'approved already'}",
    )


@command(setup)
def recall(
    call: Call,
    part: PartArgument,
    session: Annotated[str, typer.Option(metavar="SESSION", help="The session, such as night-bus/S1.")],
    number: SetupNumberArgument = None,
) -> None:
    """Set PART up again in a session: print the approved setup, or that of NUMBER, and record that."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.setups import recall_setup

    with call.studio() as studio:
        name = addresses.part(studio, part)
        recalled = recall_setup(studio, name, session=_session(studio, session), number=number)
        _show(call, studio, recalled.setup, changed=recalled.changed)


@command(setup, reads=True)
def show(
    call: Call,
    part: PartArgument,
    number: SetupNumberArgument = None,
    photo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write its photo into this file, or replace it.")
    ] = None,
) -> None:
    """Show how PART is set up: the setup of NUMBER, else the approved one, else the one saved last."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.setups import setup_shown, write_photo

    with call.studio() as studio:
        found = setup_shown(studio, addresses.part(studio, part), number)
        _show(call, studio, found)
        if photo is not None and not write_photo(studio, found, photo):
            call.say(f"setup {found.number} has no photo")


@command(setup, "list", reads=True)
def list_(
    call: Call, address: Annotated[str, typer.Argument(metavar="RECORD|SONG|PART", help="Whose setups.")]
) -> None:
    """List the setups of a record, a song or a part."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.setups import setup_rows

    with call.studio() as studio:
        rows = setup_rows(studio, addresses.find(studio, address, "record", "song", "part"))
    columns = ["address", "number", "approved", "session", "lines", "photo"]
    if not call.json:
        rows = [
            {
                **row,
                "approved": "approved" if row["approved"] else "",
                "photo": "yes" if row["photo"] else "",
                "lines": "; ".join(_line_words(row["lines"])),
            }
            for row in rows
        ]
    call.table(rows, columns, wrapped=["lines"], empty="no setup was saved")


def _line_words(lines: object) -> list[str]:
    from domain.session.setups import SetupLine

    return [SetupLine.model_validate(one).text for one in lines] if isinstance(lines, list) else []


def _show(call: Call, studio: "Studio", found: "SetupSaved", *, changed: bool | None = None) -> None:
    from orchestrator.desk.session.setups import setup_lines, setup_row

    row = setup_row(studio, found)
    data = row if changed is None else {**row, "changed": changed}
    call.done(data, *setup_lines(found, found.part, is_current=bool(row["approved"])))


def _session(studio: "Studio", text: str) -> str:
    """The id of the session written *text*."""
    from orchestrator.desk.booking.session_corrections import named_session

    return named_session(studio, text)[1]
