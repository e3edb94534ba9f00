"""Places in a song (sections, bars, lyric lines, times), read from the log.

Tests: ``tests/orchestrator/desk/song/test_song_form.py``.
"""

from collections.abc import Iterable
from typing import Final, get_args

from domain.core.event import Event, Recorded
from domain.core.fold import fold_events
from domain.core.refusal import Refused, suggest
from domain.label.catalog import SongClockSet
from domain.song import arrangement, lyrics
from domain.song.arrangement import Arrangement, ArrangementEvent
from domain.song.lyrics import Lyrics, LyricsEvent
from domain.song.places import Places
from domain.status.undo import DecisionUndone, effective_events
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
    events = [one.event for one in effective_events(history)]
    rates = [event.rate for event in events if isinstance(event, SongClockSet) and event.song == song]
    formed = (event for event in events if isinstance(event, ArrangementEvent) and event.song == song)
    sung = (event for event in events if isinstance(event, LyricsEvent) and event.song == song)
    return Places(
        song,
        rate=rates[-1] if rates else 0,
        arrangement=fold_events(arrangement.evolve, Arrangement(), formed),
        lyrics=fold_events(lyrics.evolve, Lyrics(), sung),
    )


def places_read(studio: Studio, song: str) -> Places:
    """Places in *song* now."""
    return places_of(song, studio.read(places_query(song)))


def clocked(places: Places) -> Places:
    """*places*, after checking that the song has a rate to count frames in.  Raises: Refused ``form.clock``."""
    if not places.rate:
        raise Refused(
            "form.clock",
            f"{places.song} has no take yet, and its first take sets the rate that its times are kept in",
            next=suggest("take ingest", f"{places.song}/PART", "FILE"),
        )
    return places
