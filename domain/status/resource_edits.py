"""Renaming, removing, shelving and restoring rooms, people and gear that can be booked.

A removed resource is left out of lists and cannot be booked; sessions that hold it stay as they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from domain.booking.schedule import Schedule
from domain.core.refusal import FreeText, Refused, suggest
from domain.label.corrections import (
    Absence,
    EntryEvent,
    EntryRemoved,
    EntryRenamed,
    EntryRestored,
    EntryShelved,
    absences_after,
)


@dataclass(frozen=True, slots=True)
class ResourceCorrections:
    """Corrected titles and absences of resources, by id."""

    titles: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, Absence] = field(default_factory=dict)

    def refuse_absent(self, resources: Iterable[str]) -> None:
        """Refuse to book removed or shelved *resources*.  Raises: Refused ``entry.removed``, ``entry.shelved``."""
        for resource in resources:
            if absence := self.absent.get(resource):
                raise Refused(
                    f"entry.{absence}", f"{resource} is {absence}", next=suggest("resource restore", FreeText(resource))
                )


def evolve(corrections: ResourceCorrections, event: EntryEvent) -> ResourceCorrections:
    """Fold one event into the state; an event about no resource changes nothing."""
    if event.resource is None:
        return corrections
    if isinstance(event, EntryRenamed):
        return replace(corrections, titles={**corrections.titles, event.resource: event.title})
    return replace(corrections, absent=absences_after(corrections.absent, event.resource, event))


def rename_resource(
    schedule: Schedule, corrections: ResourceCorrections, resource: str, *, title: str
) -> list[EntryRenamed]:
    """Give *resource* another title; its id stays.  Its present title yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    same = corrections.titles.get(resource, resource) == title
    return [] if same else [EntryRenamed(resource=resource, title=title)]


def take_resource_away(
    schedule: Schedule, corrections: ResourceCorrections, resource: str, *, absence: Absence
) -> list[EntryRemoved | EntryShelved]:
    """Remove or shelve *resource*.  A resource that is removed or shelved already yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    if corrections.absent.get(resource) == absence:
        return []
    kind = EntryRemoved if absence == "removed" else EntryShelved
    return [kind(resource=resource)]


def restore_resource(schedule: Schedule, corrections: ResourceCorrections, resource: str) -> list[EntryRestored]:
    """Restore a removed or shelved *resource*.  A resource that is not absent yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    return [EntryRestored(resource=resource)] if resource in corrections.absent else []
