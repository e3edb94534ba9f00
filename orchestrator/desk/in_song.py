"""What is to be heard where a take is played in its song, or a stretch of something: sounds and their song times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.address import Address, clock, frames_of
from domain.jobs import Sound
from domain.mixes import FromRecipe, Mixes
from domain.production import Production
from domain.recipe import parse_mix
from domain.refusal import Misused
from domain.takes import Take
from dsp.files.excerpt import Layer
from flows.vault import Vault
from orchestrator.desk.audio import audio_at
from orchestrator.desk.productions import dossier
from orchestrator.desk.revisions import heard_in, source_of
from orchestrator.desk.where import noun_of
from orchestrator.studio import Studio

PRE_ROLL_S: Final = 2
"""Heard of the song before a take comes in."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Layers, a stretch of song time, and what to say about it."""

    layers: Sequence[Layer]
    start: int
    end: int | None
    rate: int
    words: str

    def over(self, span: tuple[str, str] | None) -> "Passage":
        """The same over two song times, as typed.  Raises: Misused ``play.loop``, ``time``."""
        if span is None:
            return self
        start, end = (frames_of(time, self.rate) for time in span)
        if start >= end:
            raise Misused("play.loop", f"the stretch {span[0]}-{span[1]} is empty")
        return replace(self, start=start, end=end)

    def __str__(self) -> str:
        to = clock(self.end, self.rate) if self.end is not None else "its end"
        return f"{self.words}, {clock(self.start, self.rate)}-{to}"


def span_of(text: str) -> tuple[str, str]:
    """Two song times from ``0:48-1:20``.  Raises: Misused ``play.loop``."""
    start, dash, end = text.partition("-")
    if not dash or not start or not end:
        raise Misused("play.loop", f"{text!r} is no stretch; write it like 0:48-1:20")
    return start, end


def take_in_song(studio: Studio, address: Address, *, solo: bool) -> Passage:
    """The take at a full *address* with the song's newest mix, or its rough, from a little before it comes in.

    The take is as loud as the newest recipe has its part; with *solo*, or where the song has neither mix nor rough, it
    is heard alone.

    Raises:
        NotFound: ``take.unknown``.
    """
    state = dossier(studio, address.path[0]).state
    part, song = "/".join(address.path), "/".join(address.path[:2])
    take = state.takes_of(part).take(part, address.take or 0)
    vault = Vault(studio.config.vault)
    files = audio_at(studio, address)
    bed = None if solo else _bed(state, song, take.rate)
    gain = _gain(state, song, address.path[2]) if bed else 1.0
    own = [Layer(source_of(vault, file.audio.sound), take.start, gain) for file in files]
    if bed is None:
        return Passage(own, take.start, take.end, take.rate, f"{address} alone")
    name, sound = bed
    words = f"{address} with {name}{_beside(state, part, take)}"
    start = max(0, take.start - PRE_ROLL_S * take.rate)
    return Passage([Layer(source_of(vault, sound)), *own], start, take.end, take.rate, words)


def files_in_time(studio: Studio, address: Address) -> list[Passage]:
    """The files at a full *address*, each a passage of its own; those of a take lie where the take does.

    Raises:
        NotFound, Refused: as :func:`orchestrator.desk.audio.audio_at`.
    """
    if noun_of(address) == "take":
        return [take_in_song(studio, address, solo=True)]
    vault = Vault(studio.config.vault)
    return [
        Passage([Layer(source_of(vault, file.audio.sound))], 0, None, file.audio.sound.rate, file.name)
        for file in audio_at(studio, address)
    ]


def _bed(state: Production, song: str, rate: int) -> tuple[str, Sound] | None:
    """The newest mix of *song* that was rendered, else its rough, where it runs at *rate*."""
    for number in sorted(state.mixes.get(song, Mixes()).revisions, reverse=True):
        found = heard_in(state, song, number)
        if "main" in found.prints and found.prints["main"].sound.rate == rate:
            return found.address, found.prints["main"].sound
    rough = state.roughs.get(song)
    return (f"the rough ({rough.origin})", rough.sound) if rough and rough.sound.rate == rate else None


def _gain(state: Production, song: str, part: str) -> float:
    """The factor by which the newest recipe that has a strip of *part* sets its fader."""
    revisions = state.mixes.get(song, Mixes()).revisions
    for number in sorted(revisions, reverse=True):
        made = revisions[number].made
        if isinstance(made, FromRecipe) and (strip := parse_mix(made.text).strips.get(part)):
            return float(10 ** (float(strip.gain_db) / 20))
    return 1.0


def _beside(state: Production, part: str, take: Take) -> str:
    """What else of the part the mix may hold."""
    others = [number for number in state.comp(part).used if number != take.number]
    held = "itself" if take.number in state.comp(part).used else ""
    names = ", ".join(filter(None, [held, *(f"take {number}" for number in others)]))
    return f" (which may hold {names} of it too)" if names else ""
