"""Passages to listen to: a take within its song, or a range of other audio, as sounds at song times.

Tests: ``tests/orchestrator/desk/mixes/test_rough_mix.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.core.address import Address, clock, is_time, span_of
from domain.core.refusal import Misused
from domain.mixes.mixes import FromRecipe, Mixes
from domain.recipe import parse_mix
from domain.render.jobs import Sound
from domain.song.arrangement import ArrangedPiece
from domain.song.places import Places
from domain.status.record_state import RecordState
from domain.takes.takes import Take
from dsp.audio import Source
from dsp.files.excerpt import Layer
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.listening.audio_files import AudioFile, audio_at
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.revisions import audible_print_in, source_of
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.studio import Studio

PRE_ROLL_S: Final = 2
"""Seconds of the song that sound before a take comes in."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Layers, a range of song time in frames at *rate*, and a description of it."""

    layers: Sequence[Layer]
    start: int
    end: int | None
    rate: int
    words: str
    arranged: bool = True
    """True if the times are arranged time, False if they are recorded time."""

    def over(self, span: tuple[str, str] | None, places: Places) -> "Passage":
        """This passage, limited to *span* if one is given.  Raises: Misused ``take.span``, and errors of *places*."""
        if span is None:
            return self
        found = places.arranged_span(span) if self.arranged else places.span(span)
        return replace(self, start=found.start, end=found.end)

    def __str__(self) -> str:
        to = clock(self.end, self.rate) if self.end is not None else "its end"
        return f"{self.words}, {clock(self.start, self.rate)}-{to}"


def stretch_of(studio: Studio, address: Address, text: str) -> tuple[tuple[str, str], Places]:
    """The two ends of the span that *text* names, and the places of the song at a full *address*.

    Raises:
        Misused: ``play.loop``; *text* is not a span, or names a section of a master, whose files are whole songs.
    """
    span = span_of(text)
    if span is None or (span[0] == span[1] and is_time(text)):
        raise Misused("play.loop", f"{text!r} is no stretch; write it like 0:48-1:20, chorus1, verse1-chorus1 or L1-4")
    if noun_of(address) == "master":
        if not all(map(is_time, span)):
            raise Misused("play.loop", f"{address} has several songs; name a stretch of it by times, such as 0:48-1:20")
        return span, Places(str(address), rate=0)
    return span, places_read(studio, "/".join(address.path[:2]))


def take_in_song(studio: Studio, address: Address, *, solo: bool) -> Passage:
    """The take at a full *address* with the song's newest mix, else its rough mix, from shortly before it comes in.

    In an arranged song the passage is the first unbroken run of pieces in which the take's recorded time sounds.  The
    gain of the take is the fader of its part in the newest recipe; with *solo*, or if the song has neither mix nor
    rough mix, the take sounds alone.

    Raises:
        NotFound: ``take.unknown``.
    """
    state = read_record(studio, address.path[0]).state
    part, song = "/".join(address.path), "/".join(address.path[:2])
    take = state.takes_of(part).take(part, address.take or 0)
    vault = Vault(studio.config.vault)
    files = audio_at(studio, address)
    bed = None if solo else _bed(state, song, take.rate)
    gain = _gain(state, song, address.path[2]) if bed else 1.0
    sources = [source_of(vault, file.audio.sound) for file in files]
    pieces = state.arrangement(song).pieces_of(take.start, take.end) if bed else []
    if bed is None or not pieces:
        own = _laid(sources, take, [ArrangedPiece(take.start, take.start, take.end)], gain)
        cut = ", whose section was cut from the song" if bed else ""
        return Passage(own, take.start, take.end, take.rate, f"{address}{cut} alone", arranged=False)
    name, sound = bed
    words = f"{address} with {name}{_beside(state, part, take)}"
    start, end = max(0, pieces[0].at - PRE_ROLL_S * take.rate), _first_end(pieces)
    return Passage([Layer(source_of(vault, sound)), *_laid(sources, take, pieces, gain)], start, end, take.rate, words)


def _laid(sources: Sequence[Source], take: Take, pieces: Sequence[ArrangedPiece], gain: float) -> list[Layer]:
    """One layer for each file of the take and each of *pieces*."""
    return [
        Layer(
            source,
            piece.at - piece.start + take.begins,
            gain,
            first=piece.start - take.begins,
            last=piece.end - take.begins,
        )
        for source in sources
        for piece in pieces
    ]


def _first_end(pieces: Sequence[ArrangedPiece]) -> int:
    """End, in frames of arranged time, of the first run of pieces without a gap."""
    end = pieces[0].at
    for piece in pieces:
        if piece.at != end:
            break
        end += piece.end - piece.start
    return end


def passage_of(name: str, sources: Sequence[Source], file: AudioFile) -> Passage:
    """All of *sources*, which begin at once and have the rate of *file*, as the passage *name*."""
    return Passage([Layer(source) for source in sources], 0, None, file.audio.sound.rate, name)


def _bed(state: RecordState, song: str, rate: int) -> tuple[str, Sound] | None:
    """Name and sound of the newest rendered mix of *song* at *rate* Hz, else of its rough mix; None without either."""
    for number in sorted(state.mixes.get(song, Mixes()).living, reverse=True):
        found = audible_print_in(state, song, number)
        if "main" in found.prints and found.prints["main"].sound.rate == rate:
            return found.address, found.prints["main"].sound
    rough = state.roughs.get(song)
    return (f"the rough ({rough.origin})", rough.sound) if rough and rough.sound.rate == rate else None


def _gain(state: RecordState, song: str, part: str) -> float:
    """Linear gain of the fader of *part* in the newest recipe with a strip for the part; 1 without such a recipe."""
    revisions = state.mixes.get(song, Mixes()).living
    for number in sorted(revisions, reverse=True):
        made = revisions[number].made
        if isinstance(made, FromRecipe) and (strip := parse_mix(made.text).strips.get(part)):
            return float(10 ** (float(strip.gain_db) / 20))
    return 1.0


def _beside(state: RecordState, part: str, take: Take) -> str:
    """Remark that the mix under a take may hold the same take, or others of its part; empty if the comp uses none."""
    others = [number for number in state.comp(part).used if number != take.number]
    held = "itself" if take.number in state.comp(part).used else ""
    names = ", ".join(filter(None, [held, *(f"take {number}" for number in others)]))
    return f" (which may hold {names} of it too)" if names else ""
