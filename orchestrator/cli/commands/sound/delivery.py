"""``path``, ``export`` and ``rebuild``: finding and exporting audio, and proving that it can be rendered again.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

path = noun("Where the audio files of an address are.")
export = noun("Copy approved audio into a folder.")
rebuild = noun("Render again what was made, and compare it bit for bit.")


@command(path, "path")
def show_path(call: Call, address: AddressArgument) -> None:
    """Print the path of each audio file of ADDRESS.  The files are the vault's: read them, never write to them."""
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.listening.audio_files import audio_at

    with call.studio() as studio:
        vault = Vault(studio.config.vault)
        files = audio_at(studio, addresses.find(studio, address))
        found = [{"name": file.name, "path": str(vault.path(file.audio.sound.blob))} for file in files]
    call.done(found, *(row["path"] for row in found))


@command(export, "export")
def export_audio(
    call: Call,
    address: AddressArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; it is made where it is not there.")],
    preview: Annotated[bool, typer.Option("--preview", help="Also what is not approved; _REF in every name.")] = False,
) -> None:
    """Copy the approved audio at ADDRESS into DIR.

    A WAV of a take, a part or a mix carries metadata as Broadcast Wave and iXML: record, song, take and tracks, its
    place in the song, whether it is circled, notes that are not private, and the loudness of a mix.  A master is copied
    byte for byte as it was judged.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.delivery.export import export as export_to

    with call.studio() as studio:
        made = export_to(studio, addresses.find(studio, address), folder, say=call.say, preview=preview)
    call.done([str(file) for file in made], *map(str, made))


@command(rebuild, "rebuild")
def rebuild_audio(call: Call, address: AddressArgument) -> None:
    """Render the mix or master at ADDRESS again from its takes, and compare it bit for bit with the recorded one."""
    from domain.core.refusal import Unfit
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.provenance.rebuild import Rebuilder

    made = []
    with call.studio() as studio:
        for one in Rebuilder(studio, addresses.find(studio, address, "mix", "master")).run():
            made.append(one)
            call.say(f"{one.kind} {one.subject}: {one.how}")
    data = [{"kind": one.kind, "subject": one.subject, "equal": one.equal, "how": one.how} for one in made]
    wrong = [one for one in made if not one.equal]
    if wrong:
        raise Unfit("rebuild", f"{len(wrong)} of {len(made)} differ: {wrong[0].subject}: {wrong[0].how}", data=data)
    call.done(data, f"{len(made)} of {len(made)} equal")
