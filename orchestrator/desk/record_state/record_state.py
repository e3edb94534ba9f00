"""Reading one record whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.event import Event, Recorded
from domain.core.refusal import NotFound, suggest
from domain.render.jobs import RenderAsked
from domain.status.record_state import EVENTS, RecordState, fold
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def production_query(record: str) -> Query:
    """All that a record's production is folded from; asking for renders everywhere is heard by every record."""
    return Query.of(*EVENTS, tags=[f"record:{record}"]) | Query.of(RenderAsked)


@dataclass(frozen=True, slots=True)
class RecordReading:
    """A record's events, what they made, and the position up to which they were read."""

    history: Sequence[Recorded[Event]]
    state: RecordState
    head: int


def read_record(studio: Studio, record: str) -> RecordReading:
    """The dossier of *record*.  Raises: NotFound ``record.unknown``, also where it is not open yet."""
    head = studio.head()
    history = studio.read(production_query(record), upto=head)
    state = fold(history)
    if record not in state.catalog.records:
        raise NotFound("record.unknown", f"there is no record {record}", next=suggest("record list"))
    return RecordReading(history, state, head)
