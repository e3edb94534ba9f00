"""The command path: the paths of an address's audio files.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

path = noun("Where the audio files of an address are.")


@command(path, "path")
def show_path(call: Call, address: AddressArgument) -> None:
    """Print the path of each audio file of ADDRESS.  The files belong to the vault; never change them."""
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.listening.audio_files import audio_at

    with call.studio() as studio:
        vault = Vault(studio.config.vault)
        files = audio_at(studio, addresses.find(studio, address))
        found = [{"name": file.name, "path": str(vault.path(file.audio.sound.blob))} for file in files]
    call.done(found, *(row["path"] for row in found))
