"""Reading the whole state of one record.

Tests: ``tests/domain/status/test_record_state.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.event import Event, Recorded
from domain.core.refusal import NotFound, suggest
from domain.render.jobs import RenderAsked
from domain.status.record_fold import EVENTS
from domain.status.record_state import RecordState
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def production_query(record: str) -> Query:
    """Query for all events of a record's state, including requests to render all records."""
    return Query.of(*EVENTS, tags=[f"record:{record}"]) | Query.of(RenderAsked)


@dataclass(frozen=True, slots=True)
class RecordReading:
    """A record's events, the state folded from them, and the log position up to which they were read."""

    history: Sequence[Recorded[Event]]
    state: RecordState
    head: int


def read_record(studio: Studio, record: str) -> RecordReading:
    """Events and state of *record*.  Raises: NotFound ``record.unknown``, also if it opened after ``studio.upto``."""
    head = studio.head()
    fold = studio.fold(record, upto=head)
    if record not in fold.live.catalog.records:
        raise NotFound("record.unknown", f"there is no record {record}", next=suggest("record list"))
    return RecordReading(tuple(fold.history), fold.state, head)
