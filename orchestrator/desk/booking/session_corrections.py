"""Corrections of sessions: renamed, removed, shelved and restored.

Tests: ``tests/orchestrator/cli/commands/session/test_session_corrections.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.booking import budget as budgets
from domain.booking.budget import Budget, BudgetEvent
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionMoved
from domain.booking.terms.register import TermsRegister
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Misused
from domain.label.corrections import Absence, EntryEvent
from domain.label.leaves import refuse_away
from domain.label.people import Role
from domain.status import booking_edits
from domain.status.booking_edits import (
    SessionCorrections,
    rename_session,
    restore_session,
    take_session_away,
)
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.current_place import current_path
from orchestrator.desk.addressing.register import everybody, person_query
from orchestrator.desk.booking.booking import (
    booking_query,
    days_of,
    register_of,
    schedule_of,
    session_corrections_of,
    session_named,
    sessions_of,
)
from orchestrator.desk.booking.budget import budget_of
from orchestrator.desk.booking.resource_corrections import corrections_of
from orchestrator.studio import History, Studio

SessionDecision = Callable[[Schedule, Budget, SessionCorrections, TermsRegister], Sequence[Event]]


@dataclass(frozen=True, slots=True)
class CorrectedSession:
    """A session after a correction."""

    session: str
    title: str
    changed: bool
    """False if it was so already, and nothing was recorded."""
    money: str = ""
    """The amount that was freed or committed again, in words; empty where none was."""


def named_session(studio: Studio, text: str) -> tuple[str, str]:
    """The record and the id of a session written ``night-bus/S1``, or ``S1`` below the current record.

    Raises:
        Misused: ``session.name``; there is no record before the number, and none is current.
        NotFound: ``session.unknown``; there is no such record or session.
    """
    of, slash, number = text.rpartition("/")
    here = current_path(studio)[:1]
    if not slash and here:
        return here[0], session_named(studio, here[0], number)
    if not slash:
        raise Misused("session.name", f"{text!r} is no session; write one like night-bus/S1")
    record = addresses.record(studio, of)
    return record, session_named(studio, record, number)


def rename(studio: Studio, text: str, title: str, *, why: str | None) -> CorrectedSession:
    """Give a session another title; its number stays."""
    record, session = named_session(studio, text)
    return _corrected(
        studio, record, session,
        lambda state, _, known, __: rename_session(state, known, session, record=record, title=title), why,
    )  # fmt: skip


def take_away(studio: Studio, text: str, absence: Absence, *, why: str | None) -> CorrectedSession:
    """Remove or shelve a session, and cancel it; refused if it took place, or if cancelling it would cost a fee."""
    record, session = named_session(studio, text)
    return _corrected(
        studio, record, session,
        lambda state, money, known, terms: take_session_away(
            state, money, known, session, record=record, absence=absence, now=studio.now(), register=terms
        ), why,
    )  # fmt: skip


def restore(studio: Studio, text: str, *, why: str | None) -> CorrectedSession:
    """Bring a removed or shelved session back; its rooms, people and line are checked as for a booking."""
    record, session = named_session(studio, text)
    zone = studio.config.zone
    return _corrected(
        studio, record, session,
        lambda state, money, known, terms: restore_session(
            state, money, known, session, record=record, zone=zone, register=terms
        ), why,
    )  # fmt: skip


def _corrected(studio: Studio, record: str, session: str, decide: SessionDecision, why: str | None) -> CorrectedSession:
    booked = next(one for one in sessions_of(studio, record) if one.session == session)
    resources, days = booked.resources, days_of(booked.slots, studio.config.zone)

    def decision(history: History, _: Role) -> tuple[CorrectedSession, Sequence[Event]]:
        had, known = budget_of(history, studio.today()), session_corrections_of(history)
        events = decide(schedule_of(history), had, known, register_of(history))
        if any(isinstance(event, SessionMoved) for event in events):
            corrections_of(history).refuse_absent(resources)
            refuse_away(everybody(history), resources, days)
        money = fold_events(budgets.evolve, had, (one for one in events if isinstance(one, BudgetEvent)))
        after = fold_events(booking_edits.evolve_session, known, (one for one in events if isinstance(one, EntryEvent)))
        return CorrectedSession(
            session, after.titles.get(session, ""), bool(events), _money(had, money, session)
        ), events

    query = booking_query(record, resources)
    for name in resources:
        query |= person_query(name)
    return studio.decide(query, decision, deed="book", why=why)


def _money(had: Budget, has: Budget, session: str) -> str:
    """The amount that a correction freed or committed, in words."""
    held, now = had.commitment(session), has.commitment(session)
    if held is None or now is None or held.open == now.open:
        return ""
    line = has.line_of(session)
    where = f" {{}} {line}, {has.line(line).left} left there" if line else ", unbudgeted"
    if now.open < held.open:
        return f"{held.open - now.open} freed{where.format('in')}"
    return f"{now.open - held.open} committed again{where.format('from')}"
