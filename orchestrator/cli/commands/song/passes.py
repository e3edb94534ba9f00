"""``pass`` and ``basic``: a song that was played without a click, assembled from sections of its passes.

Tests: ``tests/orchestrator/desk/song/test_band_comp.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import SongArgument
from orchestrator.cli.shell.frame import Call, command, noun

pass_ = noun("Passes: where the sections are in one played without a click.")
basic = noun("The basic: which sections of which passes are the song.")

Why = Annotated[str | None, typer.Option(help="The reason; it is kept and found again.")]


@command(pass_)
def mark(
    call: Call,
    pass_: Annotated[str, typer.Argument(metavar="PASS", help="A pass, such as night-bus/tin-roof@pass3.")],
    sections: Annotated[list[str], typer.Argument(metavar="NAME=TIME", help="Such as verse1=0:04, in its own time.")],
    why: Why = None,
) -> None:
    """Mark where the sections of PASS are; the last ends at end=3:20, or with the longest take."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import mark_pass

    with call.studio() as studio:
        rows = mark_pass(studio, addresses.find(studio, pass_, "pass"), sections, why=why)
    call.table(rows, ["pass", "section", "from", "to"])


@command(pass_, "list", reads=True)
def list_passes(call: Call, song: SongArgument) -> None:
    """The passes of SONG: the takes on each, and the times of its sections."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import pass_rows

    with call.studio() as studio:
        rows = pass_rows(studio, addresses.song(studio, song))
    call.table(rows, ["pass", "takes", "sections"])


@command(basic, "set")
def set_basic(
    call: Call,
    song: SongArgument,
    pieces: Annotated[
        list[str], typer.Argument(metavar="PIECE", help="Such as @pass3:intro-chorus1 @pass5:verse2-end.")
    ],
    why: Why = None,
) -> None:
    """Cut the band from passes: their sections, end to end, are SONG's time line from now on.

    Every part that was played on them is cut at the same sample. Once an overdub has a keeper, moving it needs --why.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import cut_song

    with call.studio() as studio:
        found = cut_song(studio, addresses.song(studio, song), pieces, why=why)
    call.table(found.rows, ["section", "from", "to", "pass", "at", "takes"])
    call.say(*found.moves)


@command(basic, "show", reads=True)
def show_basic(call: Call, song: SongArgument) -> None:
    """Show the sections from which SONG is cut: each with its pass, and its place there."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import basic_rows

    with call.studio() as studio:
        rows = basic_rows(studio, addresses.song(studio, song))
    call.table(rows, ["section", "from", "to", "pass", "at", "takes"], empty="it is cut from no passes")
