"""Playing: the user's own player, on the vault's files."""

import shlex
import shutil
import subprocess
from typing import Final

from domain.address import Address
from domain.refusal import Refused
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
    """Play what stands at *address*, file by file; the files, and the player (empty where there is none).

    Raises:
        Refused: ``player.failed``; the player left with an error.
    """
    vault = Vault(studio.config.vault)
    files = [str(vault.path(file.audio.sound.blob)) for file in audio_at(studio, address)]
    player = player_of(studio)
    if not player:
        return files, ""
    for file in files:
        try:
            done = subprocess.run(  # noqa: S603 - the user's own player
                [*player, file],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise Refused("player.failed", f"{player[0]}: {error.strerror}", next="set player in config.toml") from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise Refused(
                "player.failed", f"{player[0]} left with {done.returncode}: {said[-1] if said else 'no word'}"
            )
    return files, player[0]


def player_of(studio: Studio) -> list[str]:
    """The words that start a player; empty where there is none."""
    if studio.config.player:
        return shlex.split(studio.config.player)
    return next((list(words) for words in PLAYERS if shutil.which(words[0])), [])
