"""``path``, ``export`` and ``rebuild``: getting audio out, and proving that it can be made again."""

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
    """Print where the audio of ADDRESS lies, a line a file.  It is the vault's: read it, never write to it."""
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
    """Copy what stands approved at ADDRESS into DIR.

    A WAV of a take, a part or a mix carries what it is as Broadcast Wave and iXML: record, song, take and tracks, where
    it lies in the song, whether it is circled, notes that are not private, and how loud a mix is.  A master leaves byte
    for byte as it was judged.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.delivery.export import export as export_to

    with call.studio() as studio:
        made = export_to(studio, addresses.find(studio, address), folder, say=call.say, preview=preview)
    call.done([str(file) for file in made], *map(str, made))


@command(rebuild, "rebuild")
def rebuild_audio(call: Call, address: AddressArgument) -> None:
    """Make the mix or master at ADDRESS anew from its takes, beside what is on record, and compare the bits."""
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
