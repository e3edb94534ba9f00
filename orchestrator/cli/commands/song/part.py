"""The commands of part: the parts of a song with their instruments and players.

Tests: ``tests/orchestrator/desk/song/test_song_form.py``.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import PartArgument, RecordArgument, SongArgument, WhyOption
from orchestrator.cli.shell.corrections import add_corrections, print_entry
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.studio import Studio

part = noun("Parts of a song: who plays what.")


@command(part, "add")
def add_part(
    call: Call,
    song: SongArgument,
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Names of the parts, such as Drums.")],
    instrument: Annotated[str, typer.Option(help="The instrument, where the name does not tell.")] = "",
    player: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who plays it; entered among the people of the label.")
    ] = None,
    guide: Annotated[bool, typer.Option("--guide", help="Played for the others, never mixed.")] = False,
    optional: Annotated[bool, typer.Option("--optional", help="May stay without a keeper.")] = False,
    stack: Annotated[bool, typer.Option("--stack", help="All its keepers sound together.")] = False,
    sections: Annotated[
        str, typer.Option(metavar="NAMES", help="Where it is wanted, such as verse1,chorus1; the whole song else.")
    ] = "",
) -> None:
    """Plan parts of SONG; prints their addresses, including those of existing parts."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.records import add_parts

    with call.studio() as studio:
        found = add_parts(
            studio,
            addresses.song(studio, song),
            names,
            instrument=instrument,
            player=player,
            guide=guide,
            optional=optional,
            stack=stack,
            sections=sections,
        )
    call.done([{"address": address} for address in found.addresses], *found.addresses)
    if found.new_person:
        call.say(
            f"{found.new_person} is new among the people of this label; if that was a slip, see takesheet user list"
        )


@command(part, "edit")
def edit_part(
    call: Call,
    part: PartArgument,
    instrument: Annotated[str | None, typer.Option(help='The instrument; "" for what the name tells.')] = None,
    player: Annotated[str | None, typer.Option(metavar="NAME", help='Who plays it; "" for nobody yet.')] = None,
    guide: Annotated[
        bool | None, typer.Option("--guide/--no-guide", help="Played for the others, never mixed.")
    ] = None,
    optional: Annotated[
        bool | None, typer.Option("--optional/--no-optional", help="May stay without a keeper.")
    ] = None,
    stack: Annotated[bool | None, typer.Option("--stack/--no-stack", help="All its keepers sound together.")] = None,
    sections: Annotated[
        str | None, typer.Option(metavar="NAMES", help='Where it is wanted: verse1,chorus1; "" for the whole song.')
    ] = None,
    why: WhyOption = None,
) -> None:
    """Change player, instrument or kind of PART; whatever is not named stays.

    Mixes change when a part becomes a guide or a stack.  To edit the sound of a take, use edit part.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.corrections import edit_part_facts

    with call.studio() as studio:
        if all(one is None for one in (instrument, player, guide, optional, stack, sections)):
            raise Misused(
                "part.edit", "name what changes: --player, --instrument, --guide, --optional, --stack or --sections"
            )
        done = edit_part_facts(
            studio, addresses.part(studio, part), instrument=instrument, player=player, guide=guide,
            optional=optional, stack=stack, sections=sections, why=why,
        )  # fmt: skip
    print_entry(call, done, "edited" if done.changed else "is so already")


@command(part, "list", reads=True)
def list_parts(call: Call, song: SongArgument) -> None:
    """List the parts of SONG."""
    from orchestrator.cli.commands.song.song import show_song

    show_song(call, song)


@command(part, "show", reads=True)
def show_part(call: Call, part: PartArgument) -> None:
    """Show one part and its takes."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.boards import part_facts

    with call.studio() as studio:
        row = part_facts(studio, addresses.part(studio, part))
    call.facts(row)


@command(part)
def park(
    call: Call,
    part: PartArgument,
    session: Annotated[str | None, typer.Option(metavar="SESSION", help="The session, such as night-bus/S1.")] = None,
    reason: Annotated[str, typer.Option(help="What it needs; artists and musicians do not see it.")] = "",
) -> None:
    """Put PART aside for now; part parked and session next remind of it."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.parked_parts import park_part

    with call.studio() as studio:
        name = addresses.part(studio, part)
        changed = park_part(studio, name, session=_session(studio, session), reason=reason)
    call.done({"address": name, "changed": changed}, f"{name} {'parked' if changed else 'is parked already'}")


@command(part)
def resume(
    call: Call,
    part: PartArgument,
    session: Annotated[str | None, typer.Option(metavar="SESSION", help="The session, such as night-bus/S1.")] = None,
) -> None:
    """Take a parked PART up again."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.parked_parts import resume_part

    with call.studio() as studio:
        name = addresses.part(studio, part)
        changed = resume_part(studio, name, session=_session(studio, session))
    call.done({"address": name, "changed": changed}, f"{name} {'resumed' if changed else 'was not parked'}")


@command(part, reads=True)
def parked(call: Call, record: RecordArgument) -> None:
    """List the parked parts of RECORD, the one parked first first."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.session.parked_parts import parked_rows

    with call.studio() as studio:
        rows = parked_rows(studio, addresses.record(studio, record))
    call.table(rows, ["address", "session", "reason"], wrapped=["reason"], empty="nothing is parked")


def _session(studio: "Studio", text: str | None) -> str | None:
    """The id of the session written *text*; None without one."""
    from orchestrator.desk.booking.session_corrections import named_session

    return named_session(studio, text)[1] if text is not None else None


add_corrections(
    part, "part", "night-bus/tin-roof/drums", leaves="It and its takes leave lists, review, new mixes and boards."
)
