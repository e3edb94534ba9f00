"""Places in a song (sections, bars, lyric lines, times), read from the log."""

from collections.abc import Iterable
from typing import Final, get_args

from domain.core.event import Event, Recorded
from domain.core.refusal import Refused
from domain.label.catalog import SongClockSet
from domain.song import arrangement, lyrics
from domain.song.arrangement import Arrangement, ArrangementEvent
from domain.song.lyrics import Lyrics, LyricsEvent
from domain.song.places import Places
from domain.status.undo import DecisionUndone, standing
from orchestrator.log.query import Query
from orchestrator.studio import Studio

EVENTS: Final[tuple[type[Event], ...]] = (
    SongClockSet, *get_args(ArrangementEvent), *get_args(LyricsEvent), DecisionUndone,
)  # fmt: skip
"""Events that give places in a song their meaning."""


def places_query(song: str) -> Query:
    """Query for the events that give places in *song* their meaning."""
    return Query.of(*EVENTS, tags=[f"song:{song}"])


def places_of(song: str, history: Iterable[Recorded[Event]]) -> Places:
    """Places in *song* after *history*; the rate is 0 until a take has set it."""
    rate, own, words = 0, Arrangement(), Lyrics()
    for recorded in standing(history):
        event = recorded.event
        if isinstance(event, SongClockSet) and event.song == song:
            rate = event.rate
        elif isinstance(event, ArrangementEvent) and event.song == song:
            own = arrangement.evolve(own, event)
        elif isinstance(event, LyricsEvent) and event.song == song:
            words = lyrics.evolve(words, event)
    return Places(song, rate, own, words)


def places_read(studio: Studio, song: str) -> Places:
    """Places in *song* now."""
    return places_of(song, studio.read(places_query(song)))


def clocked(places: Places) -> Places:
    """*places*, after checking that the song has a rate to count frames in.  Raises: Refused ``form.clock``."""
    if not places.rate:
        raise Refused(
            "form.clock",
            f"{places.song} has no take yet, and its first take sets the rate that its times are kept in",
            next=f"takesheet take ingest {places.song}/PART FILE",
        )
    return places
