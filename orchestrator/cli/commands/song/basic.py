"""The commands of basic: the sections of passes that make up a song.

Tests: ``tests/orchestrator/desk/song/test_band_comp.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import SongArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

basic = noun("The basic: which sections of which passes are the song.")


@command(basic, "set")
def set_basic(
    call: Call,
    song: SongArgument,
    pieces: Annotated[
        list[str], typer.Argument(metavar="PIECE", help="Such as @pass3:intro-chorus1 @pass5:verse2-end.")
    ],
    why: WhyOption = None,
) -> None:
    """Cut the whole band from sections of passes, which end to end become SONG's time line.

    Every part that was played on these passes is cut at the same sample. Once an overdub has a keeper, moving sections
    needs --why.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import cut_song

    with call.studio() as studio:
        found = cut_song(studio, addresses.song(studio, song), pieces, why=why)
    call.table(found.rows, ["section", "from", "to", "pass", "at", "takes"])
    call.say(*found.moves)


@command(basic, "show", reads=True)
def show_basic(call: Call, song: SongArgument) -> None:
    """Show the sections of which SONG consists, each with its pass and its time on the pass."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import basic_rows

    with call.studio() as studio:
        rows = basic_rows(studio, addresses.song(studio, song))
    call.table(rows, ["section", "from", "to", "pass", "at", "takes"], empty="it is cut from no passes")
