"""``song`` and ``part``: what a record consists of, and who plays what."""

from typing import Annotated

import typer

from orchestrator.cli.arguments import PartArgument, RecordArgument, SongArgument
from orchestrator.cli.frame import Call, command, noun

song = noun("Songs of a record.")
part = noun("Parts of a song: who plays what.")


@command(song, "add")
def add_song(
    call: Call,
    record: RecordArgument,
    titles: Annotated[list[str], typer.Argument(metavar="TITLE", help="Titles, in the order of the record.")],
    like: Annotated[str | None, typer.Option(metavar="SONG", help="Take over the parts of SONG.")] = None,
) -> None:
    """Put songs on RECORD; prints their addresses, also of those that are there already."""
    from orchestrator.desk import where
    from orchestrator.desk.records import add_songs

    with call.studio() as studio:
        model = where.song(studio, like) if like else None
        found = add_songs(studio, where.record(studio, record), titles, like=model)
    call.done([{"address": address} for address in found], *found)


@command(song, "list", reads=True)
def list_songs(call: Call, record: RecordArgument) -> None:
    """The songs of RECORD in order."""
    from orchestrator.desk import where
    from orchestrator.desk.boards import song_rows

    with call.studio() as studio:
        rows = song_rows(studio, where.record(studio, record))
    call.table(rows, ["address", "title", "rate", "parts", "takes", "mix", "standing"])


@command(song, "show", reads=True)
def show_song(call: Call, song: SongArgument) -> None:
    """One song: its parts, takes and comps."""
    from orchestrator.desk import where
    from orchestrator.desk.boards import part_rows

    with call.studio() as studio:
        rows = part_rows(studio, where.song(studio, song))
    call.table(rows, ["address", "name", "instrument", "player", "takes", "keeper", "kind"])


@command(part, "add")
def add_part(
    call: Call,
    song: SongArgument,
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="What the parts are called, such as Drums.")],
    instrument: Annotated[str, typer.Option(help="What is played, where the name does not say it.")] = "",
    player: Annotated[str | None, typer.Option(metavar="NAME", help="Who plays it.")] = None,
    guide: Annotated[bool, typer.Option("--guide", help="Played for the others, never mixed.")] = False,
    optional: Annotated[bool, typer.Option("--optional", help="May stay without a keeper.")] = False,
    stack: Annotated[bool, typer.Option("--stack", help="All its keepers sound together.")] = False,
) -> None:
    """Plan parts of SONG; prints their addresses, also of those that are there already."""
    from orchestrator.desk import where
    from orchestrator.desk.records import add_parts

    with call.studio() as studio:
        found = add_parts(
            studio,
            where.song(studio, song),
            names,
            instrument=instrument,
            player=player,
            guide=guide,
            optional=optional,
            stack=stack,
        )
    call.done([{"address": address} for address in found], *found)


@command(part, "list", reads=True)
def list_parts(call: Call, song: SongArgument) -> None:
    """The parts of SONG."""
    show_song(call, song)


@command(part, "show", reads=True)
def show_part(call: Call, part: PartArgument) -> None:
    """One part and its takes."""
    from orchestrator.desk import where
    from orchestrator.desk.boards import part_rows
    from orchestrator.desk.rows import one

    with call.studio() as studio:
        name = where.part(studio, part)
        row = one(part_rows(studio, name.rpartition("/")[0]), "address", name, "takesheet part list")
    call.done(row, *(f"{key}: {value}" for key, value in row.items() if value not in {"", None}))
