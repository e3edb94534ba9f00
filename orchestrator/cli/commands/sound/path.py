"""The command path: where the audio files of an address are.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

path = noun("Where the audio files of an address are.")


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
