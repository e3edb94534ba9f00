"""Playback by the user's own player: files of the vault, and excerpts written for it.

Tests: ``tests/orchestrator/desk/mixes/test_rough_mix.py``.
"""

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
    """The files that were played, or that a missing player would have played."""

    files: list[str]
    player: str
    """Program name of the player; empty if there is none."""
    words: tuple[str, ...] = ()
    """A description of each excerpt; empty if the files are those of the vault."""


def play(studio: Studio, address: Address, *, solo: bool = False, loop: str | None = None) -> Playback:
    """Play the audio at *address*: a take in its song, anything else file by file.

    Args:
        studio: the store.
        address: a full address.
        solo: play a take alone.
        loop: play only this stretch of the song, such as ``0:48-1:20`` or ``chorus1``.

    Raises:
        Misused, NotFound: ``play.loop``, and errors of :class:`domain.song.places.Places` for an unknown place.
        Refused: ``player.failed``; the player exited with an error.
    """
    player = player_of(studio)
    if noun_of(address) == "take" or loop:
        return _passages(studio, player, address, solo=solo, loop=loop)
    vault = Vault(studio.config.vault)
    files = [str(vault.path(file.audio.sound.blob)) for file in audio_at(studio, address)]
    hand(player, files)
    return Playback(files, player[0] if player else "")


def _passages(studio: Studio, player: Sequence[str], address: Address, *, solo: bool, loop: str | None) -> Playback:
    """Write excerpts into a temporary folder, play and delete them; without a player, keep them."""
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
    """Remark that an excerpt was turned down by *factor*, not to exceed full scale; empty if *factor* is 1."""
    return (
        [f"turned down by {-20 * math.log10(factor):.1f} dB, for its sum goes beyond full scale"] if factor < 1 else []
    )


def hand(player: Sequence[str], files: Sequence[str]) -> None:
    """Play each of *files* in turn with the player; without a player, do nothing.

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
    """One line if the store's own player may not run until the store is trusted; else empty."""
    if "player" not in config.withheld:
        return []
    return [f"the player that this store names is not started before you trust it: {trust_command(config.folder)}"]


def player_of(studio: Studio) -> list[str]:
    """Command line of the player: the store's own if it is trusted, else the first of ``PLAYERS`` found; else empty."""
    if studio.config.player:
        return shlex.split(studio.config.player)
    return next((list(words) for words in PLAYERS if shutil.which(words[0])), [])
