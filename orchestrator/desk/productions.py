"""Reading one record whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.event import Event, Recorded
from domain.jobs import RenderAsked
from domain.production import EVENTS, Production, fold
from domain.refusal import NotFound
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def production_query(record: str) -> Query:
    """All that a record's production is folded from; asking for renders everywhere is heard by every record."""
    return Query.of(*EVENTS, tags=[f"record:{record}"]) | Query.of(RenderAsked)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A record's events, what they made, and the position up to which they were read."""

    history: Sequence[Recorded[Event]]
    state: Production
    head: int


def dossier(studio: Studio, record: str) -> Dossier:
    """The dossier of *record*.  Raises: NotFound ``record.unknown``, also where it is not open yet."""
    head = studio.head()
    history = studio.read(production_query(record), upto=head)
    state = fold(history)
    if record not in state.catalog.records:
        raise NotFound("record.unknown", f"there is no record {record}", next="takesheet record list")
    return Dossier(history, state, head)
