"""The commands of split: the writers' shares of a song, proposed and agreed to in the room."""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import SongArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

split = noun("Splits: the writers' shares of a song.")


@command(split)
def propose(
    call: Call,
    song: SongArgument,
    shares: Annotated[list[str], typer.Argument(metavar="NAME=PERCENT", help="Such as ann=50 lou=50; 100.00 in all.")],
    why: WhyOption = None,
) -> None:
    """Propose the writers' shares of SONG; another proposal voids what was agreed to the one before.

    A writer agrees by split agree, with a role such as artist or musician.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.splits import propose as propose_shares
    from orchestrator.desk.song.splits import split_rows

    with call.studio() as studio:
        name = addresses.song(studio, song)
        done = propose_shares(studio, name, shares, why=why)
        rows = split_rows(studio, name)
    call.table(rows, ["person", "share", "agreed", "via", "proposal"])
    for person in done.new_people:
        call.say(f"{person} is new among the people of this label, without a role; if that was a slip, see user list")


@command(split)
def agree(
    call: Call,
    song: SongArgument,
    proposal: Annotated[
        str | None, typer.Option(metavar="HASH", help="Only if this is still the proposal, as split show names it.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Agree, as a writer, to the proposed shares of SONG: your yes, to this proposal alone."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.splits import agree as agree_to
    from orchestrator.desk.song.splits import split_rows

    with call.studio() as studio:
        name = addresses.song(studio, song)
        agree_to(studio, name, proposal=proposal, why=why)
        rows = split_rows(studio, name)
    call.table(rows, ["person", "share", "agreed", "via", "proposal"])


@command(split, reads=True)
def show(call: Call, song: SongArgument) -> None:
    """Show the proposed shares of SONG, and when each writer agreed to them."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.splits import split_rows

    with call.studio() as studio:
        rows = split_rows(studio, addresses.song(studio, song))
    call.table(rows, ["person", "share", "agreed", "via", "proposal"], empty="no shares are proposed")
