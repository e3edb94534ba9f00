"""The studio day of one session: each key of ``session run`` is one decision, and what both views show of it.

Tests: ``tests/orchestrator/cli/commands/session/test_run.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.core.event import Event
from domain.core.ids import song_of
from domain.label.people import Role
from domain.session.day_events import Mark, RollStarted
from domain.session.parked_parts import PartResumed, park, resume
from domain.session.session_day import (
    SessionDay,
    mark_moment,
    mark_pass,
    name_moment,
    session_day_after,
    start_parts,
    start_roll,
    start_session,
    stop_roll,
)
from domain.status.session_undo import DAY_KINDS, day_events, last_slate, undo_key
from domain.status.undo import DecisionUndone, effective_events
from domain.takes.takes import TakeIngested
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.desk.session.parked_parts import parked_after, parking_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

PASSES: Final = (TakeIngested, RollStarted)
"""Kinds of events that give a pass of a song its number."""
DayDecision = Callable[[SessionDay, History, datetime], Sequence[Event]]


def day_query(record: str, session: str) -> Query:
    """Query for the studio day of *session*, and what was undone on its record."""
    own = Query.of(*DAY_KINDS, tags=[f"session:{session}"])
    return own | Query.of(DecisionUndone, tags=[f"record:{record}"])


def day_of(history: History, record: str, session: str) -> SessionDay:
    """The studio day of *session* after *history*."""
    return session_day_after(session, record, day_events(history, session))


def read_day(studio: Studio, record: str, session: str) -> SessionDay:
    """The studio day of *session* as far as *studio* sees the log."""
    return day_of(studio.read(day_query(record, session)), record, session)


def recorded_parts(studio: Studio, day: SessionDay) -> set[str]:
    """Ids of the parts that were recorded in the session of *day*: a pass of them rolled, or a take came from it."""
    takes = (one.event for one in studio.read(Query.of(TakeIngested, tags=[f"session:{day.session}"])))
    return {
        *(part for slate in day.slates.values() for part in slate.parts),
        *(take.part for take in takes if isinstance(take, TakeIngested)),
    }


def last_pass(history: History, song: str) -> int:
    """The highest pass of the takes and slates of *song* in *history*, those taken back left out; 0 for none."""
    in_force = [one.event for one in effective_events(history)]
    rolled = [one.pass_number for one in in_force if isinstance(one, RollStarted) and one.song == song]
    takes = [one for one in in_force if isinstance(one, TakeIngested) and song_of(one.part) == song]
    return max((*rolled, *(take.pass_number or 0 for take in takes)), default=0)


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """The keys of one session: each records at once what it decides, or nothing where it is so already.

    All of them need the permission to ingest takes, which producers, coordinators and engineers hold.

    Raises:
        Refusal: as the decisions of :mod:`domain.session.session_day`, and as :meth:`Studio.decide`.
    """

    studio: Studio
    record: str
    session: str

    def start(self) -> bool:
        """Begin the studio day; False if it has begun.

        Raises:
            Refused: ``session.cancelled``.
            NotFound: ``session.unknown``; it is only held, or was never booked.
        """
        tag = f"record:{self.record}"

        def decision(day: SessionDay, history: History, at: datetime) -> Sequence[Event]:
            schedule = schedule_of(history)
            schedule.session(self.session, record=self.record)
            schedule.refuse_cancelled(self.session, record=self.record)
            return start_session(day, at=at)

        return self._decided(decision, sessions_query(tag))

    def start_parts(self, parts: Sequence[str]) -> bool:
        """Record *parts*, ids of one song, from now on; those that were parked are taken up again."""

        def decision(day: SessionDay, history: History, at: datetime) -> Sequence[Event]:
            self._refuse_absent(parts)
            return [*start_parts(day, parts, at=at), *self._resumed(history, parts)]

        return self._decided(decision, parking_query(self.record))

    def park(self, following: Sequence[str]) -> bool:
        """Put the running parts aside, and go on to *following*, ids of parts of one song; it may be empty."""

        def decision(day: SessionDay, history: History, at: datetime) -> Sequence[Event]:
            parked = parked_after(history)
            aside = [event for part in day.parts for event in park(parked, part=part, session=self.session)]
            if not following:
                return [*aside, *stop_roll(day, at=at)]
            self._refuse_absent(following)
            return [*aside, *start_parts(day, following, at=at), *self._resumed(history, following)]

        return self._decided(decision, parking_query(self.record))

    def roll(self) -> bool:
        """Let the tape roll, or stop it."""

        def decision(day: SessionDay, history: History, at: datetime) -> Sequence[Event]:
            if day.rolling:
                return stop_roll(day, at=at)
            passes = last_pass(history, day.song) if day.song else 0
            return start_roll(day, at=at, last_slate=last_slate(history, self.session), last_pass=passes)

        return self._decided(decision, Query.of(*PASSES, tags=[f"record:{self.record}"]))

    def mark(self, mark: Mark) -> bool:
        """Mark the pass that rolls, or that rolled last."""
        return self._decided(lambda day, _, at: mark_pass(day, mark, at=at))

    def moment(self, text: str = "", *, at: datetime | None = None) -> bool:
        """Mark a moment worth keeping, that of *at* or of now."""
        return self._decided(lambda day, _, now: mark_moment(day, at=at or now, text=text))

    def name_moment(self, at: datetime, text: str) -> bool:
        """Say in words what the moment was that was marked at *at*."""
        return self._decided(lambda day, _, __: name_moment(day, at=at, text=text))

    def undo(self) -> bool:
        """Take back the caller's last key of this session; parts that run again by it are no longer parked.

        Raises:
            NotFound: ``undo.nothing``.
        """
        by = self.studio.who.actor

        def decision(_: SessionDay, history: History, __: datetime) -> Sequence[Event]:
            taken_back = undo_key(history, session=self.session, by=by)
            undone = {event.decision for event in taken_back}
            before = day_of([one for one in history if one.id not in undone], self.record, self.session)
            return [*taken_back, *self._resumed(history, before.parts)]

        return self._decided(decision, parking_query(self.record))

    def _refuse_absent(self, parts: Sequence[str]) -> None:
        catalog = catalog_of(self.studio, self.record)
        for part in parts:
            catalog.part(part)
            catalog.refuse_absent(part)

    def _resumed(self, history: History, parts: Sequence[str]) -> list[PartResumed]:
        parked = parked_after(history)
        return [event for part in parts for event in resume(parked, part=part, session=self.session)]

    def _decided(self, decide: DayDecision, more: Query | None = None) -> bool:
        """Decide on the studio day and on the events of *more*; True if something was recorded."""
        at = self.studio.now()
        query = day_query(self.record, self.session)

        def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
            events = decide(day_of(history, self.record, self.session), history, at)
            return bool(events), events

        return self.studio.decide(query | more if more else query, decision, deed="ingest")
