"""The commands of note: notes about any address, and the answers to them."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import MixArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.desk.review.note_markers import MarkerFormat

note = noun("Write one line down about anything; list notes and answer them.", default="add")

NotesArgument = Annotated[list[str], typer.Argument(metavar="NOTE", help="Names of notes of RECORD, such as n12.")]
RecordOption = Annotated[
    str | None, typer.Option("--record", metavar="RECORD", help="Their record; else that of the current place.")
]


@command(note)
def add(
    call: Call,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="What it is about: anything with an address.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered.")],
    time: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="The song time, section or line it is about.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="For yourself alone.")] = False,
    artist: Annotated[bool, typer.Option("--artist", help="For the team and the artist.")] = False,
    coach: Annotated[bool, typer.Option("--coach", help="For the team, the artist and the players.")] = False,
) -> None:
    """Write TEXT as a note about ADDRESS, for the team; the word add may be left out.

    A private note is shown to you alone.  Anyone who may read the store's file or database can still read it by naming
    you with --as, which nobody checks.  takesheet user erase takes it back for good.
    """
    from domain.core.refusal import Misused
    from domain.label.notes import Visibility
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.deals import round_remarks
    from orchestrator.desk.review.notes import add_note

    readers: dict[Visibility, bool] = {"private": private, "artist": artist, "coach": coach}
    chosen = [name for name, given in readers.items() if given]
    if len(chosen) > 1:
        raise Misused("note.readers", f"--{chosen[0]} or --{chosen[1]}? A note has one kind of readers")
    with call.studio() as studio:
        target = addresses.find(studio, address)
        add_note(studio, target, text, at=time, visibility=chosen[0] if chosen else "team")
        asks = target.revision is not None and target.revision[0] == "mix" and not private
        rounds = round_remarks(studio, "/".join(target.path), asks=True) if asks else []
    call.done({"target": str(target), "text": text}, f"noted on {target}")
    call.say(*rounds)


@command(note, "list", reads=True)
def list_(
    call: Call,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A record, or anything in one.")],
    all_: Annotated[bool, typer.Option("--all", help="Also those that were addressed or declined.")] = False,
) -> None:
    """List the open notes about ADDRESS; for a mix also the open notes about earlier mixes of its song."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.note_rows import note_rows

    with call.studio() as studio:
        target = addresses.find(studio, address)
        rows = note_rows(studio, str(target), target.path[0])
    rows = [row for row in rows if all_ or row["state"] == "open"]
    call.table(rows, ["note", "about", "at", "text", "by", "state"], empty="no open notes", wrapped=["text"])


@command(note)
def done(
    call: Call,
    notes: NotesArgument,
    mix: Annotated[str | None, typer.Option("--in", metavar="MIX", help="The mix in which they are addressed.")] = None,
    record: RecordOption = None,
    why: WhyOption = None,
) -> None:
    """Mark NOTEs as addressed."""
    _answer(call, notes, "addressed", record, why, mix=mix)


@command(note)
def decline(call: Call, notes: NotesArgument, record: RecordOption = None, why: WhyOption = None) -> None:
    """Mark NOTEs as declined: nothing is changed because of them."""
    _answer(call, notes, "declined", record, why)


@command(note)
def reopen(call: Call, notes: NotesArgument, record: RecordOption = None, why: WhyOption = None) -> None:
    """Open NOTEs again."""
    _answer(call, notes, "open", record, why)


FormatOption = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="reaper, midi, wav-cue, audacity or csv.")
]


@command(note)
def export(
    call: Call,
    mix: MixArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    format_: FormatOption = "csv",
) -> None:
    """Write the open notes of MIX into FILE as markers for another program; private notes are left out."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.review.note_files import export_notes

    layout = _layout(format_)
    with call.studio() as studio:
        notes = export_notes(studio, addresses.find(studio, mix, "mix"), file, layout)
    call.done({"file": str(file), "notes": [one.name for one in notes]}, str(file))


@command(note, "import")
def import_(
    call: Call,
    mix: MixArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="With markers, as another program saved it.")],
    format_: FormatOption = "csv",
    why: WhyOption = None,
) -> None:
    """Add the markers of FILE as notes on MIX, except markers whose text begins with the name of a note of it."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.review.note_files import import_notes

    layout = _layout(format_)
    with call.studio() as studio:
        brought = import_notes(studio, addresses.find(studio, mix, "mix"), file, layout, why=why)
    call.done(asdict(brought), *(f"noted: {text}" for text in brought.added))
    call.say(*(f"{name} came back as it is" for name in brought.known))
    call.say(*(f"{name} has another text or time in the file; it stays as it is" for name in brought.different))
    call.say(*(f"{name} is no note that you may see; its marker was left out" for name in brought.unknown))


def _layout(text: str) -> "MarkerFormat":
    from typing import get_args

    from domain.core.refusal import Misused
    from orchestrator.desk.review.note_markers import MarkerFormat

    layouts: dict[str, MarkerFormat] = {name: name for name in get_args(MarkerFormat)}
    if text not in layouts:
        raise Misused("note.format", f"{text!r} is no format; there are {', '.join(layouts)}")
    return layouts[text]


def _answer(
    call: Call, names: list[str], state: str, record: str | None, why: str | None, *, mix: str | None = None
) -> None:
    from typing import cast

    from domain.core.refusal import Misused
    from domain.label.notes import NoteState
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.current_place import current_path
    from orchestrator.desk.review.notes import answer_notes

    with call.studio() as studio:
        where = addresses.find(studio, mix, "mix") if mix else None
        if where is not None:
            name = where.path[0]
        elif record is not None:
            name = addresses.record(studio, record)
        elif not (name := next(iter(current_path(studio)), "")):
            raise Misused("note.record", "the notes of which record?", next="the same command with --record RECORD")
        found = answer_notes(studio, name, names, cast("NoteState", state), mix=where, why=why)
    said = f"{state} in mix{where.revision[1]}" if where and where.revision else state
    call.done([{"note": one.name, "about": one.added.target, "state": said} for one in found],
              *(f"{one.name} {one.added.text}: {said}" for one in found))  # fmt: skip
