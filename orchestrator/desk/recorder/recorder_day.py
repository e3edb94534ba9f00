"""State of a session when its recordings come: slates, running parts and the recorder's clock.

Tests: ``tests/orchestrator/desk/recorder/test_slated_import.py``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.core.event import Event
from domain.core.ids import song_of
from domain.label.people import Role
from domain.session.day_events import PartsStarted
from domain.session.recordings import RECORDINGS, RecorderClockSet, Recordings, recordings_after, set_recorder_clock
from domain.session.session_day import SessionDay
from domain.session.slate_matches import clock_after, parts_at
from domain.status.session_undo import DAY_KINDS, day_events
from domain.status.undo import DecisionUndone
from domain.takes.takes import TakeIngested, Track
from orchestrator.desk.session.session_day import PASSES, day_of, last_pass
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

SoundKey = tuple[tuple[str, ...], str | None]
"""Sorted pcm hashes of a take's tracks, and its recorder's time: what tells one recording from another."""


@dataclass(frozen=True, slots=True)
class RecorderDay:
    """One session as its recordings find it."""

    session: str
    record: str
    day: SessionDay
    started: tuple[PartsStarted, ...]
    """Beginnings of parts that are in force, in order."""
    ahead_ms: int | None
    """The recorder's clock minus the house's; None if it was never stated."""
    takes: tuple[TakeIngested, ...]
    """Takes of the record."""
    recordings: Recordings
    history: History

    def running(self, at: datetime) -> tuple[str, ...]:
        """The parts that were running at *at*, by the house's clock."""
        return parts_at(self.started, at)

    def known(self) -> dict[SoundKey, str]:
        """Ids of the takes and recordings that are in the log, by their sound."""
        found = {sound_key(one.tracks, one.recorded_on): one.recording for one in self.recordings.found.values()}
        return found | {sound_key(take.tracks, take.recorded_on): take.take for take in self.takes}

    def pass_of(self, song: str, recorded_on: str | None) -> int:
        """The pass of a recording without a slate: that of a take of *song* which began with it, else the next."""
        for take in reversed(self.takes):
            began = take.recorded_on == recorded_on is not None
            if began and take.session == self.session and song_of(take.part) == song and take.pass_number:
                return take.pass_number
        return last_pass(self.history, song) + 1


def sound_key(tracks: Iterable[Track], recorded_on: str | None) -> SoundKey:
    """Key that tells the recording that consists of *tracks* from others."""
    return tuple(sorted(track.sound.pcm for track in tracks)), recorded_on


def read_recorder_day(studio: Studio, record: str, session: str) -> RecorderDay:
    """The session *session* of *record* as its recordings find it now."""
    query = Query.of(*DAY_KINDS, RecorderClockSet, tags=[f"session:{session}"])
    query |= Query.of(*RECORDINGS, *PASSES, DecisionUndone, tags=[f"record:{record}"])
    history = studio.read(query)
    events = [one.event for one in history]
    started = [event for event in day_events(history, session) if isinstance(event, PartsStarted)]
    return RecorderDay(
        session,
        record,
        day_of(history, record, session),
        tuple(started),
        clock_after(session, events),
        tuple(event for event in events if isinstance(event, TakeIngested)),
        recordings_after(events),
        history,
    )


def set_clock_ahead(studio: Studio, record: str, session: str, ahead_ms: int) -> bool:
    """State that the recorder's clock is *ahead_ms* ahead of the house's; False if that is known.

    Raises:
        Misused: ``recorder.clock``.
    """

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        before = clock_after(session, (one.event for one in history))
        events = set_recorder_clock(before, session=session, record=record, ahead_ms=ahead_ms)
        return bool(events), events

    query = Query.of(RecorderClockSet, tags=[f"session:{session}"])
    return studio.decide(query, decision, deed="ingest")
