"""Absences: removed and shelved entries, about which nothing new is decided until they are restored.

Free are the ways back and the facts of the past: corrections, undo, notes, money and bookings, roles,
and requests to render.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, get_args

from domain.booking.budget import BudgetEvent
from domain.booking.schedule import ScheduleEvent
from domain.core.event import Event, tags_of
from domain.core.ids import IdParts, lineage
from domain.core.refusal import Refused
from domain.label.catalog import restoring
from domain.label.corrections import (
    Absence,
    Correction,
    EntryRemoved,
    EntryRestored,
    EntryShelved,
    TakeMoved,
    absences_after,
)
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.people import RolesGranted, RolesRevoked
from domain.render.jobs import RenderAsked
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven

AbsenceEvent = EntryRemoved | EntryShelved | EntryRestored
FREE: Final[tuple[type[Event], ...]] = (
    *get_args(Correction), *get_args(BudgetEvent), *get_args(ScheduleEvent), TakeMoved, NoteAdded, NoteAnswered,
    RolesGranted, RolesRevoked, RenderAsked, DecisionUndone,
)  # fmt: skip


def records_bound(events: Iterable[Event]) -> frozenset[str]:
    """Ids of the records in which nothing may be absent that one of *events* decides about."""
    tags = (tag.partition(":") for event in events if not isinstance(event, FREE) for tag in tags_of(event))
    return frozenset(id_ for noun, _, id_ in tags if noun == "record")


def refuse_absent(history: Iterable[Event], events: Sequence[Event]) -> None:
    """Refuse to decide *events* about what is removed or shelved after *history*, the record's events of absence.

    Raises:
        Refused: ``entry.removed``, ``entry.shelved``.
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
                    raise Refused(f"entry.{absence}", f"{entry} is {absence}", next=restoring(entry))


def _entries(event: Event) -> Iterator[str]:
    """Yield the ids of what *event* is about and of all that it lies in."""
    yield from lineage(IdParts.of(event.address).path)
    if isinstance(event, VerdictGiven):
        yield event.address
