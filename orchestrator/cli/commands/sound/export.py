"""The command export: approved audio copied into a folder.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

export = noun("Copy approved audio into a folder.")


@command(export, "export")
def export_audio(
    call: Call,
    address: AddressArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; it is made where it is not there.")],
    preview: Annotated[bool, typer.Option("--preview", help="Also what is not approved; _REF in every name.")] = False,
    as_planned: Annotated[
        bool, typer.Option("--as-planned", help="Also a master with other mixes than the chosen; needs --why.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the files, and write nothing.")] = False,
    why: WhyOption = None,
) -> None:
    """Copy the approved audio at ADDRESS into DIR.

    A WAV of a take, a part or a mix carries metadata as Broadcast Wave and iXML: record, song, take and tracks, its
    place in the song, whether it is circled, notes that are not private, and the loudness of a mix.  A master is copied
    byte for byte as it was judged.
    """
    from domain.core.refusal import Misused
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.delivery.export import export as export_to
    from orchestrator.desk.review.notes import add_note

    if as_planned and not why:
        raise Misused("export.chosen", "--as-planned exports other mixes than the chosen ones, and needs --why")
    with call.studio() as studio:
        made = export_to(
            studio, addresses.find(studio, address), folder, say=call.say, preview=preview, as_planned=as_planned,
            dry_run=dry_run,
        )  # fmt: skip
        if as_planned and not dry_run:
            add_note(studio, addresses.find(studio, address), f"exported as planned: {why}")
    call.done([str(file) for file in made], *map(str, made))
