"""Renaming, removing, shelving and restoring what can be booked, sessions, and records for which there are sessions.

A removed resource is in no list and is not booked any more; sessions that hold it stay as they are.  A removed session
is a cancelled one that is in no list: its rooms and people are free, and so is what was still to be paid.  One that
took place, or whose cancellation would cost a fee, stays in the lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from domain.booking.booking import NO_TERMS, SessionEvent, cancel, cancellation_fees, reinstate
from domain.booking.budget import Budget
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionBooked, SessionCancelled, SessionHeld
from domain.booking.terms.register import TermsRegister
from domain.core.refusal import FreeText, Refused, suggest
from domain.label.corrections import (
    Absence,
    EntryEvent,
    EntryLeft,
    EntryRenamed,
    EntryRestored,
    absences_after,
    leave,
)


@dataclass(frozen=True, slots=True)
class ResourceCorrections:
    """Corrected titles and absences of resources by id."""

    titles: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, Absence] = field(default_factory=dict)

    def refuse_absent(self, resources: Iterable[str]) -> None:
        """Refuse to book what is removed or shelved.  Raises: Refused ``entry.removed``, ``entry.shelved``."""
        for resource in resources:
            if absence := self.absent.get(resource):
                raise Refused(
                    f"entry.{absence}", f"{resource} is {absence}", next=suggest("resource restore", FreeText(resource))
                )


def evolve(corrections: ResourceCorrections, event: EntryEvent) -> ResourceCorrections:
    """Fold one event into the state; events about other entries change nothing."""
    if event.resource is None:
        return corrections
    if isinstance(event, EntryRenamed):
        return replace(corrections, titles={**corrections.titles, event.resource: event.title})
    return replace(corrections, absent=absences_after(corrections.absent, event.resource, event))


def rename_resource(
    schedule: Schedule, corrections: ResourceCorrections, resource: str, *, title: str
) -> list[EntryRenamed]:
    """Give *resource* another title; its id stays.  The title it has yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    same = corrections.titles.get(resource, resource) == title
    return [] if same else [EntryRenamed(resource=resource, title=title)]


def take_resource_away(
    schedule: Schedule, corrections: ResourceCorrections, resource: str, *, absence: Absence
) -> list[EntryLeft]:
    """Remove or shelve *resource*.  One that is removed or shelved already yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    if corrections.absent.get(resource) == absence:
        return []
    return [leave({"resource": resource}, absence)]


def restore_resource(schedule: Schedule, corrections: ResourceCorrections, resource: str) -> list[EntryRestored]:
    """Bring a removed or shelved *resource* back.  A present one yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    return [EntryRestored(resource=resource)] if resource in corrections.absent else []


@dataclass(frozen=True, slots=True)
class SessionCorrections:
    """Corrected titles and absences of sessions by id."""

    titles: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, Absence] = field(default_factory=dict)
    cancelled: frozenset[str] = frozenset()
    """Absent sessions that were cancelled by the absence; the other absent ones had been cancelled before."""

    def refuse_absent(self, session: str) -> None:
        """Refuse to change an absent session.  Raises: Refused ``entry.removed``, ``entry.shelved``."""
        if absence := self.absent.get(session):
            raise Refused(f"entry.{absence}", f"{session} is {absence}", next=suggest("session restore", session))


def evolve_session(corrections: SessionCorrections, event: EntryEvent | SessionCancelled) -> SessionCorrections:
    """Fold one event into the state; events about other entries change nothing."""
    session = event.session
    if session is None:
        return corrections
    if isinstance(event, SessionCancelled):
        ours = {session} if session in corrections.absent else set[str]()
        return replace(corrections, cancelled=corrections.cancelled | ours)
    if isinstance(event, EntryRenamed):
        return replace(corrections, titles={**corrections.titles, session: event.title})
    cancelled = corrections.cancelled - {session} if isinstance(event, EntryRestored) else corrections.cancelled
    return replace(corrections, absent=absences_after(corrections.absent, session, event), cancelled=cancelled)


def rename_session(
    schedule: Schedule, corrections: SessionCorrections, session: str, *, record: str, title: str
) -> list[EntryRenamed]:
    """Give *session* of *record* another title; its number stays.  The title it has yields no event.

    Raises:
        NotFound: ``session.unknown``.
    """
    schedule.session(session, record=record)
    return [] if corrections.titles.get(session) == title else [EntryRenamed(session=session, title=title)]


def take_session_away(
    schedule: Schedule, budget: Budget, corrections: SessionCorrections, session: str, *, record: str, absence: Absence,
    now: datetime, register: TermsRegister = NO_TERMS,
) -> list[EntryLeft | SessionEvent]:  # fmt: skip
    """Remove or shelve *session* of *record*, and cancel it.  An absence that is already recorded yields no event.

    Args:
        schedule: all sessions.
        budget: of the record.
        corrections: absences of sessions.
        session: the session's id.
        record: its record's id.
        absence: what it becomes.
        now: the present moment, by which the fee of a cancellation is reckoned.
        register: with the agreed terms.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``session.fee`` if cancelling it now would cost a fee, which a removal would hide; ``session.worked``.
    """
    booked = schedule.session(session, record=record)
    if corrections.absent.get(session) == absence:
        return []
    if session not in schedule.cancelled:
        _refuse_owed(schedule, register, booked, absence, now)
    return [leave({"session": session}, absence), *cancel(schedule, budget, record=record, session=session)]


def refuse_sessions_to_come(schedule: Schedule, record: str, absence: Absence, now: datetime) -> None:
    """Refuse to remove or shelve *record* while rooms and people are booked or held for it.

    Args:
        schedule: the sessions of the record.
        record: its id.
        absence: what it would become.
        now: the present moment; sessions that are over by then, and holds that have ended, are in nobody's way.

    Raises:
        Refused: ``record.sessions``.
    """
    held = [hold.held.session for hold in schedule.held if not hold.lapsed(now) and _ends_after(hold.held, now)]
    firm = [one.session for one in schedule.firm if one.session not in schedule.worked and _ends_after(one, now)]
    if firm or held:
        told = " and ".join(
            f"{', '.join(sessions)} {'is' if len(sessions) == 1 else 'are'} {state}"
            for sessions, state in ((firm, "firm"), (held, "held"))
            if sessions
        )
        raise Refused(
            "record.sessions", f"{record} cannot be {absence} while sessions of it lie ahead: {told}",
            next=suggest("session cancel", firm[0]) if firm else suggest("session release", held[0]),
        )  # fmt: skip


def _ends_after(place: SessionBooked | SessionHeld, now: datetime) -> bool:
    return max(slot.end for slot in place.slots) > now


def _refuse_owed(
    schedule: Schedule, register: TermsRegister, booked: SessionBooked, absence: Absence, now: datetime
) -> None:
    """Refuse to take away a session that costs something all the same.

    Raises:
        Refused: ``session.worked``, ``session.fee``.
    """
    session = booked.session
    if session in schedule.worked:
        raise Refused(
            "session.worked", f"{session} took place, and cannot be {absence}; its hours can be corrected",
            next=suggest("session worked", session),
        )  # fmt: skip
    if fees := cancellation_fees(register, booked, now):
        asked = ", ".join(f"{one.resource} {one.fee}" for one in fees)
        raise Refused(
            "session.fee", f"{session} cannot be {absence}: cancelling it now costs a fee ({asked})",
            next=suggest("session cancel", session), fees=fees,
        )  # fmt: skip


def restore_session(
    schedule: Schedule, budget: Budget, corrections: SessionCorrections, session: str, *, record: str, zone: tzinfo,
    register: TermsRegister = NO_TERMS,
) -> list[EntryRestored | SessionEvent]:  # fmt: skip
    """Bring *session* back at its times and its price, if its rooms and people are free and its budget line can pay.

    A session that had been cancelled before comes back as cancelled.  A present session yields no event.

    Raises:
        NotFound: ``session.unknown``.
        Clash: ``schedule.conflict``.
        Refused: ``budget.guard``.
    """
    schedule.session(session, record=record)
    if session not in corrections.absent:
        return []
    restored = EntryRestored(session=session)
    if session not in corrections.cancelled:
        return [restored]
    return [restored, *reinstate(schedule, budget, record=record, session=session, zone=zone, register=register)]
