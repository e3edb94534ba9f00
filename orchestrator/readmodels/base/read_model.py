"""Read models by name and version."""

from dataclasses import dataclass

from orchestrator.readmodels.base.event_writer import EventModel
from orchestrator.readmodels.base.record_walk import RecordModel
from orchestrator.readmodels.base.table import ModelTable


@dataclass(frozen=True, slots=True)
class ReadModel:
    """One read model: the table that holds its rows, and the code that makes these rows from events.

    A model rebuilt from nothing has the same rows as one updated event by event, and for an earlier moment it gives the
    rows of that moment.
    """

    name: str
    table: ModelTable
    made: RecordModel | EventModel
    by_record: bool
    """True for a :class:`RecordModel`."""
    holds_texts: bool = False
    """True if the rows repeat texts that can be erased; the model is rebuilt after an erasure."""

    @property
    def version(self) -> int:
        """Version of the table, increased whenever the same events would give other rows."""
        return self.table.version
