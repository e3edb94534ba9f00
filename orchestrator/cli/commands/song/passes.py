"""The commands of pass: the sections of passes played without a click.

Tests: ``tests/orchestrator/desk/song/test_band_comp.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import SongArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

pass_ = noun("Passes: where the sections are in one played without a click.")


@command(pass_)
def sections(
    call: Call,
    pass_: Annotated[str, typer.Argument(metavar="PASS", help="A pass, such as night-bus/tin-roof@pass3.")],
    times: Annotated[list[str], typer.Argument(metavar="NAME=TIME", help="Such as verse1=0:04, in its own time.")],
    why: WhyOption = None,
) -> None:
    """Set the times of the sections of PASS; the last ends at end=3:20, by default with the longest take."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import mark_pass

    with call.studio() as studio:
        rows = mark_pass(studio, addresses.find(studio, pass_, "pass"), times, why=why)
    call.table(rows, ["pass", "section", "from", "to"])


@command(pass_, "list", reads=True)
def list_passes(call: Call, song: SongArgument) -> None:
    """List the passes of SONG: the takes of each pass, and the times of its sections."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import pass_rows

    with call.studio() as studio:
        rows = pass_rows(studio, addresses.song(studio, song))
    call.table(rows, ["pass", "takes", "sections"])
