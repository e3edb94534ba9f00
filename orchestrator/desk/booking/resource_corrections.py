"""Corrections of what can be booked: resources renamed, removed, shelved and restored.

Tests: ``tests/orchestrator/cli/commands/label/test_corrections.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from domain.booking import schedule
from domain.booking.resources import ResourceAdded
from domain.booking.schedule import Schedule
from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.label.corrections import Absence, EntryEvent
from domain.label.people import Role
from domain.status import booking_edits
from domain.status.booking_edits import (
    ResourceCorrections,
    rename_resource,
    restore_resource,
    take_resource_away,
)
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

RESOURCES: Final = Query.of(ResourceAdded, *get_args(EntryEvent))
"""Query for everything that can be booked, and what was corrected of it."""


@dataclass(frozen=True, slots=True)
class CorrectedResource:
    """A resource after a correction."""

    resource: str
    title: str
    changed: bool
    """False if it was so already, and nothing was recorded."""


def corrections_of(history: History) -> ResourceCorrections:
    """Titles and absences of the resources after *history*."""
    events = (one.event for one in history if isinstance(one.event, EntryEvent))
    return fold_events(booking_edits.evolve, ResourceCorrections(), events)


def rename(studio: Studio, text: str, title: str, *, why: str | None) -> CorrectedResource:
    """Give a resource another title; its id stays."""
    return _corrected(studio, text, lambda *state: rename_resource(*state, title=title), why)


def take_away(studio: Studio, text: str, absence: Absence, *, why: str | None) -> CorrectedResource:
    """Remove or shelve a resource."""
    return _corrected(studio, text, lambda *state: take_resource_away(*state, absence=absence), why)


def restore(studio: Studio, text: str, *, why: str | None) -> CorrectedResource:
    """Bring a removed or shelved resource back."""
    return _corrected(studio, text, restore_resource, why)


def _corrected(
    studio: Studio, text: str, decision: Callable[[Schedule, ResourceCorrections, str], Sequence[EntryEvent]],
    why: str | None,
) -> CorrectedResource:  # fmt: skip
    resource = slug(text)

    def decided(history: History, _: Role) -> tuple[CorrectedResource, Sequence[Event]]:
        added = (one.event for one in history if isinstance(one.event, ResourceAdded))
        corrections = corrections_of(history)
        events = decision(fold_events(schedule.evolve, Schedule(), added), corrections, resource)
        after = fold_events(booking_edits.evolve, corrections, events)
        return CorrectedResource(resource, after.titles.get(resource, resource), bool(events)), events

    return studio.decide(RESOURCES, decided, deed="book", why=why)
