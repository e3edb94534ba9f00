"""The people of a session: the message that asks them, their answers, and others in their place.

Tests: ``tests/orchestrator/cli/commands/session/test_session_cast.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.booking import schedule
from domain.booking.schedule import Schedule
from domain.booking.session_events import Answer, SessionAnswered, SessionBooked, SessionHeld
from domain.booking.sessions import cast
from domain.booking.sessions.work import record_work as work
from domain.booking.slots import Slot
from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import Money
from domain.label.catalog import catalog_after
from domain.label.curtain import sees_fee
from domain.label.people import Permission, Role
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.times import shown_exactly
from orchestrator.desk.booking.booking import (
    ChangedSession,
    booking_query,
    change_session,
    register_of,
    schedule_of,
    sessions_query,
)
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class PlayerMessage:
    """The message that asks one person to come to a session."""

    person: str
    name: str
    text: str
    """Plain text, several lines."""
    new: bool
    """False if they were asked about these times before."""


def ask(studio: Studio, record: str, session: str, people: Sequence[str]) -> list[PlayerMessage]:
    """Record that people of a session were asked to come; return the message for each of them."""
    names = [slug(name) for name in people]

    def decision(history: History, _: Role) -> tuple[tuple[Schedule, frozenset[str]], Sequence[Event]]:
        state = schedule_of(history)
        events = cast.ask(state, record=record, session=session, people=names)
        asked = frozenset(name for event in events for name in event.resources)
        after = fold_events(schedule.evolve, state, events)
        return (after, asked), events

    state, new = studio.decide(_cast_query(studio, record, session), decision, deed="book")
    place = state.place(session, record=record)
    return [_message(studio, place, person, new=person in new) for person in names or cast.players(state, place)]


def _cast_query(studio: Studio, record: str, session: str) -> Query:
    place = schedule_of(studio.read(sessions_query(f"record:{record}"))).place(session, record=record)
    return booking_query(record, place.resources)


def _message(studio: Studio, place: SessionBooked | SessionHeld, person: str, *, new: bool) -> PlayerMessage:
    """The message for *person*: their own call times and their own fee, and nothing of the others."""
    catalog = catalog_after(studio.read(booking_query(place.record, ())))
    title, artist = catalog.record(place.record).title, catalog.record(place.record).artist
    name = everybody(studio.read(EVERYBODY)).names.get(person, person)
    word = "a session" if isinstance(place, SessionBooked) else "a session that is held, not yet firm,"
    lines = [
        f"Dear {name},", "",
        f"{studio.config.label} asks you to {word} for {title} by {artist} ({place.session}):", "",
        *(f"  {_call(studio, slot)}" for slot in place.slots),
        *(f"  where: {room}" for room in _rooms(studio, place)),
    ]  # fmt: skip
    fee = _fee(studio, place, person)
    if fee is not None:
        lines.append(f"  your fee: {fee}")
    lines += ["", "Please answer yes, no, or which other time suits you.", "", studio.who.actor]
    return PlayerMessage(person, name, "\n".join(lines), new)


def _call(studio: Studio, slot: Slot) -> str:
    begins = slot.start.astimezone(studio.config.zone)
    return f"{begins:%A}, {shown_exactly(studio, slot.start)} to {shown_exactly(studio, slot.end)}"


def _rooms(studio: Studio, place: SessionBooked | SessionHeld) -> list[str]:
    state = schedule_of(studio.read(booking_query(place.record, place.resources)))
    return [name for name in place.resources if state.resource(name).sort == "room"]


def _fee(studio: Studio, place: SessionBooked | SessionHeld, person: str) -> Money | None:
    """The agreed fee of *person*; None if none is agreed, or whoever asks does not see money."""
    if not sees_fee(studio.reader, person, place.record):
        return None
    agreed = register_of(studio.read(booking_query(place.record, ()))).agreed.get(place.session)
    terms = agreed.by_resource.get(person) if agreed else None
    return terms.fee if terms else None


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """The answer of one person, and whether it is a new one."""

    answer: SessionAnswered
    changed: bool


def answer(studio: Studio, record: str, session: str, person: str, said: Answer, *, note: str) -> AnswerResult:
    """Record what a person says to the present times of a session; they may do so themselves, without booking it."""
    name = slug(person)

    def decision(history: History, _: Role) -> tuple[AnswerResult, Sequence[Event]]:
        state = schedule_of(history)
        events = cast.answer(state, record=record, session=session, person=name, said=said, note=note)
        known = events[0] if events else state.answer_of(session, name)
        assert known is not None, "an answer that yields no event is known"
        return AnswerResult(known, bool(events)), events

    deed: Permission = "leave" if name == studio.who.actor else "book"
    return studio.decide(_cast_query(studio, record, session), decision, deed=deed)


def replace_player(studio: Studio, record: str, session: str, *, leaves: str, enters: str) -> ChangedSession:
    """Let another person take somebody's place in a session; their calendar and their price are checked."""
    out, in_ = slug(leaves), slug(enters)
    return change_session(
        studio, record, session,
        lambda at: cast.replace_player(
            at.schedule, at.budget, record=record, session=session, leaves=out, enters=in_, currency=at.currency,
            zone=studio.config.zone, register=at.register,
        ), None, others=[in_],
    )  # fmt: skip


def record_work(
    studio: Studio, record: str, session: str, *, slots: tuple[Slot, ...] | None, finished_minutes: int, agreed: bool
) -> ChangedSession:
    """Record the true hours of a session, and price it by them; fewer than booked lower the price only if *agreed*."""
    return change_session(
        studio, record, session,
        lambda at: work(
            at.schedule, at.budget, record=record, session=session, slots=slots, finished_minutes=finished_minutes,
            agreed=agreed, currency=at.currency, zone=studio.config.zone, register=at.register, now=studio.now(),
        ), None,
    )  # fmt: skip
