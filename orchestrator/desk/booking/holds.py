"""Held sessions: hold, challenge, release, and make firm.

Tests: ``tests/orchestrator/cli/commands/session/test_session_holds.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.booking import schedule
from domain.booking.schedule import Hold, Schedule, ScheduleEvent
from domain.booking.session_events import HoldEvent, SessionHeld
from domain.booking.sessions import holds
from domain.booking.slots import Slot
from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.label.catalog import catalog_after
from domain.label.leaves import refuse_away
from domain.label.people import Role
from orchestrator.desk.addressing.register import everybody, person_query
from orchestrator.desk.booking.booking import (
    BookingResult,
    book,
    booking_query,
    days_of,
    people_made_bookable,
    schedule_of,
    sessions_query,
)
from orchestrator.desk.booking.resource_corrections import corrections_of
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class HoldResult:
    """A hold after a decision on it."""

    hold: Hold
    changed: bool
    """False if it was so already, and nothing was recorded."""


def hold(
    studio: Studio, record: str, *, resources: Sequence[str], slots: tuple[Slot, ...], line: str | None,
    rank: int | None, expires: datetime | None, session: str | None = None,
) -> HoldResult:  # fmt: skip
    """Hold resources for a record, or state a hold anew; neither money nor an exclusive time is reserved."""
    names, now = [slug(name) for name in resources], studio.now()

    def decision(history: History, _: Role) -> tuple[HoldResult, Sequence[Event]]:
        catalog_after(history).record(record)
        corrections_of(history).refuse_absent(names)
        state = schedule_of(history)
        refuse_away(everybody(history), names, days_of(slots, studio.config.zone))
        bookable = people_made_bookable(state, everybody(history), names)
        state = fold_events(schedule.evolve, state, bookable)
        id_, events = holds.hold(
            state, record=record, resources=names, slots=slots, line=line, rank=rank, expires=expires, now=now,
            session=session,
        )  # fmt: skip
        state = fold_events(schedule.evolve, state, events)
        return HoldResult(state.holds[id_], bool(events)), [*(bookable if events else ()), *events]

    query = booking_query(record, names)
    for name in names:
        query |= person_query(name)
    return studio.decide(query, decision, deed="book")


def challenge(studio: Studio, record: str, session: str, *, by: str, deadline: datetime) -> HoldResult:
    """Record that somebody else wants the time of a hold, and until when it must be firm."""
    now = studio.now()
    return _change_hold(
        studio, record, session,
        lambda state: holds.challenge(state, record=record, session=session, by=by, deadline=deadline, now=now), None,
    )  # fmt: skip


def release(studio: Studio, record: str, session: str, *, why: str | None) -> HoldResult:
    """Give up a hold."""
    return _change_hold(
        studio, record, session, lambda state: holds.release(state, record=record, session=session), why
    )


def _change_hold(
    studio: Studio, record: str, session: str, decide: Callable[[Schedule], Sequence[HoldEvent]], why: str | None
) -> HoldResult:
    def decision(history: History, _: Role) -> tuple[HoldResult, Sequence[Event]]:
        state = schedule_of(history)
        events = decide(state)
        after = fold_events(schedule.evolve, state, (one for one in events if isinstance(one, ScheduleEvent)))
        return HoldResult(after.holds[session], bool(events)), events

    return studio.decide(sessions_query(f"record:{record}"), decision, deed="book", why=why)


def firm(studio: Studio, record: str, session: str, *, line: str | None) -> BookingResult:
    """Book a held session: the calendar is checked first, then the money.

    Args:
        studio: the store.
        record: id of the record.
        session: id of the session.
        line: the budget line that pays; None for the one that the hold names.
    """
    held = hold_named(studio, record, session)
    return book(studio, record, resources=held.resources, slots=held.slots, line=line or held.line)


def hold_named(studio: Studio, record: str, session: str) -> SessionHeld:
    """The open hold of a session.  Raises: NotFound ``session.unknown``; Refused ``session.firm``, ``…released``."""
    return schedule_of(studio.read(sessions_query(f"record:{record}"))).hold(session, record=record).held


def holds_against(studio: Studio, session: str, resources: Sequence[str], slots: Sequence[Slot]) -> list[SessionHeld]:
    """The open holds of other sessions that want one of *resources* at one of these times, the first rank first."""
    found: dict[str, SessionHeld] = {}
    for resource in resources:
        state = schedule_of(studio.read(sessions_query(f"resource:{resource}")))
        found |= {one.session: one for one in holds.rivals(state, session, [resource], slots, studio.now())}
    return sorted(found.values(), key=lambda held: (held.rank, held.session))
