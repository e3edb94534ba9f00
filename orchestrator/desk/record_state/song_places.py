"""TODO."""

from collections.abc import Iterable
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.refusal import Refused, suggest
from domain.label.catalog import SongClockSet
from domain.song import arrangement, lyrics
from domain.song.arrangement import Arrangement, SongArranged
from domain.song.form import SongFormed
from domain.song.lyrics import Lyrics, LyricsAttached, LyricsTimed
from domain.song.passes import BasicSet, PassMarked
from domain.song.places import Places
from domain.status.undo import DecisionUndone, standing
from orchestrator.log.query import Query
from orchestrator.studio import Studio

EVENTS: Final[tuple[type[Event], ...]] = (
    SongClockSet, SongFormed, SongArranged, PassMarked, BasicSet, LyricsAttached, LyricsTimed, DecisionUndone,
)  # fmt: skip
"""What places in a song follow from."""


def places_query(song: str) -> Query:
    """What the places of *song* follow from."""
    return Query.of(*EVENTS, tags=[f"song:{song}"])


def places_of(song: str, history: Iterable[Recorded[Event]]) -> Places:
    """What places in *song* mean after *history*; its rate is 0 until a take has set it."""
    rate, own, words = 0, Arrangement(), Lyrics()
    for recorded in standing(history):
        match recorded.event:
            case SongClockSet(song=of, rate=found) if of == song:
                rate = found
            case (SongFormed(song=of) | SongArranged(song=of) | PassMarked(song=of) | BasicSet(song=of)) as event if (
                of == song
            ):
                own = arrangement.evolve(own, event)
            case (LyricsAttached(song=of) | LyricsTimed(song=of)) as event if of == song:
                words = lyrics.evolve(words, event)
            case _:
                pass
    return Places(song, rate, own, words)


def places_read(studio: Studio, song: str) -> Places:
    """What places in *song* mean now."""
    return places_of(song, studio.read(places_query(song)))


def clocked(places: Places) -> Places:
    """*places* where the song has a rate to count frames in.  Raises: Refused ``form.clock``."""
    if not places.rate:
        raise Refused(
            "form.clock",
            f"{places.song} has no take yet, and its first take sets the rate that its times are kept in",
            next=suggest("take ingest", f"{places.song}/PART", "FILE"),
        )
    return places
