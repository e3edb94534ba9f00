"""The commands of split: the writers' shares of a song, proposed and agreed to in the room."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import SongArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.desk.addressing.rows import Row

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
    call.table(rows, _columns(rows))
    for person in done.new_people:
        call.say(f"{person} is new among the people of this label, without a role; if that was a slip, see user list")


@command(split)
def agree(
    call: Call,
    song: SongArgument,
    proposal: Annotated[
        str | None, typer.Option(metavar="HASH", help="Only if this is still the proposal, as split show names it.")
    ] = None,
    writer: Annotated[
        str | None, typer.Option("--for", metavar="NAME", help="The writer who is absent, and whose yes you record.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(metavar="FILE|TEXT", help="With --for: the message in which that writer agreed.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Agree, as a writer, to the proposed shares of SONG: your yes, to this proposal alone.

    A role that may open songs records the yes of an absent writer with --for and --evidence: a file, such as a letter,
    or the words themselves.  The evidence is kept with the audio, and split show names it.
    """
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.splits import agree as agree_to
    from orchestrator.desk.song.splits import split_rows

    with call.studio() as studio:
        name = addresses.song(studio, song)
        vault = Vault(studio.config.vault)
        agree_to(studio, vault, name, proposal=proposal, why=why, writer=writer, evidence=evidence)
        rows = split_rows(studio, name)
    call.table(rows, _columns(rows))


@command(split, reads=True)
def show(call: Call, song: SongArgument) -> None:
    """Show the proposed shares of SONG, and when each writer agreed to them."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.splits import split_rows

    with call.studio() as studio:
        rows = split_rows(studio, addresses.song(studio, song))
    call.table(rows, _columns(rows), empty="no shares are proposed")


def _columns(rows: Sequence["Row"]) -> list[str]:
    """The columns of *rows*: those about the yes of absent writers only if one was recorded."""
    recorded = ["recorded_by", "evidence"] if any(row["evidence"] for row in rows) else []
    return ["person", "share", "agreed", "via", *recorded, "proposal"]
