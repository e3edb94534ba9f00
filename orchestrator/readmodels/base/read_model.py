"""Read models by name and version."""

from dataclasses import dataclass

from orchestrator.readmodels.base.event_writer import EventModel
from orchestrator.readmodels.base.record_walk import RecordModel
from orchestrator.readmodels.base.table import ModelTable


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A model: the table that holds its rows, and what makes them of events.

    Rebuilt from nothing, moved event by event, and asked as of an earlier moment, it gives the same rows.
    """

    name: str
    table: ModelTable
    made: RecordModel | EventModel
    by_record: bool
    """True for a :class:`RecordModel`."""

    @property
    def version(self) -> int:
        """Raised whenever the same events would give other rows."""
        return self.table.version
