"""Playing: the user's own player, on the vault's files."""

import shlex
import shutil
import subprocess
from typing import Final

from domain.address import Address
from flows.vault import Vault
from orchestrator.desk.audio import audio_at
from orchestrator.studio import Studio

PLAYERS: Final = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("play", "-q"),
    ("afplay",),
    ("aplay", "-q"),
)


def play(studio: Studio, address: Address) -> tuple[list[str], str]:
    """Play what stands at *address*, file by file; the files, and the player (empty where there is none)."""
    vault = Vault(studio.config.vault)
    files = [str(vault.path(file.audio.sound.blob)) for file in audio_at(studio, address)]
    player = player_of(studio)
    if not player:
        return files, ""
    for file in files:
        try:
            subprocess.run([*player, file], check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - the user's own player
        except OSError:
            return files, ""
    return files, player[0]


def player_of(studio: Studio) -> list[str]:
    """The words that start a player; empty where there is none."""
    if studio.config.player:
        return shlex.split(studio.config.player)
    return next((list(words) for words in PLAYERS if shutil.which(words[0])), [])
