"""Playing: the user's own player, on the vault's files, and on passages written for it."""

import math
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from domain.core.address import Address
from domain.core.refusal import Refused
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.listening.audio_files import audio_at
from orchestrator.store.config import Settings
from orchestrator.store.trust_refusals import trust_command
from orchestrator.studio import Studio

PLAYERS: Final = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("play", "-q"),
    ("afplay",),
    ("aplay", "-q"),
)


@dataclass(frozen=True, slots=True)
class Playback:
    """What was played, or would be."""

    files: list[str]
    player: str
    """Empty where there is none."""
    words: tuple[str, ...] = ()
    """What the files were, where they were written for this alone."""


def play(studio: Studio, address: Address, *, solo: bool = False, loop: str | None = None) -> Playback:
    """Play what stands at *address*: a take in its song, anything else file by file.

    Args:
        studio: the store.
        address: a full one.
        solo: a take alone.
        loop: only this stretch of the song, such as ``0:48-1:20`` or ``chorus1``.

    Raises:
        Misused, NotFound: ``play.loop``, and as :class:`domain.places.Places` for a place that is none.
        Refused: ``player.failed``; the player left with an error.
    """
    player = player_of(studio)
    if noun_of(address) == "take" or loop:
        return _passages(studio, player, address, solo=solo, loop=loop)
    vault = Vault(studio.config.vault)
    files = [str(vault.path(file.audio.sound.blob)) for file in audio_at(studio, address)]
    hand(player, files)
    return Playback(files, player[0] if player else "")


def _passages(studio: Studio, player: Sequence[str], address: Address, *, solo: bool, loop: str | None) -> Playback:
    """Write the passages, play them and throw them away; where nobody can play them they are left in a folder."""
    from dsp.files.excerpt import write_excerpt
    from orchestrator.desk.listening.in_song import files_in_time, stretch_of, take_in_song

    takes = noun_of(address) == "take"
    found = [take_in_song(studio, address, solo=solo)] if takes else files_in_time(studio, address)
    if loop:
        span, places = stretch_of(studio, address, loop)
        found = [one.over(span, replace(places, rate=one.rate)) for one in found]
    folder = Path(tempfile.mkdtemp(prefix="takesheet-play-"))
    kept = False
    try:
        names, words = list[str](), list[str]()
        for number, passage in enumerate(found, start=1):
            file = folder / f"{number:02d}.wav"
            made = write_excerpt(passage.layers, file, start=passage.start, end=passage.end)
            names.append(str(file))
            words += [str(passage), *_turned_down(made.turned_down)]
        hand(player, names)
        kept = not player
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return Playback(names, player[0] if player else "", tuple(words))


def _turned_down(factor: float) -> list[str]:
    """That a passage would not have fitted, where it would not."""
    return (
        [f"turned down by {-20 * math.log10(factor):.1f} dB, for its sum goes beyond full scale"] if factor < 1 else []
    )


def hand(player: Sequence[str], files: Sequence[str]) -> None:
    """Give *files* to the player, one after another; without one, do nothing.

    Raises:
        Refused: ``player.failed``.
    """
    for file in files if player else ():
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


def player_note(config: Settings) -> list[str]:
    """A line that the store's own player is not started, where that is so."""
    if "player" not in config.withheld:
        return []
    return [f"the player that this store names is not started before you trust it: {trust_command(config.folder)}"]


def player_of(studio: Studio) -> list[str]:
    """The words that start a player; empty where there is none.  One that nobody trusted is none: a usual one plays."""
    if studio.config.player:
        return shlex.split(studio.config.player)
    return next((list(words) for words in PLAYERS if shutil.which(words[0])), [])
