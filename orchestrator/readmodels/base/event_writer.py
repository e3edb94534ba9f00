"""Models whose rows are each made of one event."""

from typing import Protocol

from domain.core.event import Recorded
from domain.status.events.event_types import AnyEvent
from orchestrator.log.database.connection import Connection


class EventWriter(Protocol):
    """Writer of one model, which applies all events in order."""

    def apply(self, recorded: Recorded[AnyEvent]) -> None:
        """Apply the next event."""
        ...

    def write(self) -> None:
        """Write the rows that are not written yet; called after the last event of a transaction."""
        ...


class EventModel(Protocol):
    """A read model whose rows are each made of one event."""

    def writer(self, connection: Connection) -> EventWriter:
        """Return the writer."""
        ...
