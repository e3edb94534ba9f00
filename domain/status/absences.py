"""Absences: removed, shelved and dropped entries, about which new decisions are refused until they are restored.

Corrections, undo, notes, payments, roles, requests to render, and the answers, the work and the end of what is booked
already stay allowed about such entries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, get_args

from domain.booking.budget import BudgetEvent
from domain.booking.schedule import ScheduleEvent
from domain.booking.session_events import SessionBooked, SessionHeld, SessionMoved
from domain.booking.terms.register import TermsEvent
from domain.core.event import Event, tags_of
from domain.core.ids import IdParts, lineage
from domain.core.refusal import Refused
from domain.correspondence.answers import AnswerReceived
from domain.finance.deals import DealEvent
from domain.label.catalog import restoring
from domain.label.corrections import (
    Absence,
    AbsenceEvent,
    Correction,
    TakeMoved,
    absences_after,
)
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.people import LeaveEvent, RolesGranted, RolesRevoked
from domain.mixes.versions import VersionSummed
from domain.render.jobs import RenderAsked
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven

_BOOKINGS: Final = (SessionBooked, SessionHeld, SessionMoved)
"""Events that take rooms and people for a record, which therefore must not be removed or shelved."""
FREE: Final[tuple[type[Event], ...]] = (
    *get_args(Correction), *get_args(BudgetEvent), *get_args(TermsEvent),
    *(kind for kind in get_args(ScheduleEvent) if kind not in _BOOKINGS),
    *get_args(DealEvent), TakeMoved, NoteAdded, NoteAnswered, RolesGranted, RolesRevoked, *get_args(LeaveEvent),
    RenderAsked, DecisionUndone, AnswerReceived,
)  # fmt: skip


def records_bound(events: Iterable[Event]) -> frozenset[str]:
    """Ids of the records whose absences must be checked before *events* are recorded."""
    tags = (tag.partition(":") for event in events if not isinstance(event, FREE) for tag in tags_of(event))
    return frozenset(id_ for noun, _, id_ in tags if noun == "record")


def refuse_absent(history: Iterable[Event], events: Sequence[Event]) -> None:
    """Refuse *events* about an entry that is absent after *history*, the record's absence events.

    Raises:
        Refused: ``entry.removed``, ``entry.shelved``, ``entry.dropped``.
    """
    absences: Mapping[str, Absence] = {}
    for said in history:
        if isinstance(said, AbsenceEvent):
            absences = absences_after(absences, said.address, said)
    for event in events if absences else ():
        if not isinstance(event, FREE):
            for entry in _entries(event):
                if entry in absences:
                    absence = absences[entry]
                    raise Refused(f"entry.{absence}", f"{entry} is {absence}", next=restoring(entry, absence))


def _entries(event: Event) -> Iterator[str]:
    """Yield the id of the entry that *event* is about, and the ids of all entries that contain it."""
    yield from lineage(IdParts.of(event.address).path)
    if isinstance(event, VerdictGiven | VersionSummed):
        yield event.address
