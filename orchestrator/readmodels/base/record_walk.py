"""A walk over the events of one record, which updates all models that are made from a record's state."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol, cast

from domain.core.event import Event, Recorded
from domain.status.events.event_reach import EventReach, reach_of
from domain.status.events.event_types import AnyEvent
from domain.status.record_fold import RecordFold
from domain.status.record_state import RecordState
from orchestrator.log.codec import Unknown
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.record_folds import CONTRADICTIONS


class WalkStep(NamedTuple):
    """One event of the walk."""

    recorded: Recorded[Event]
    changed: Sequence[Recorded[Event]]
    """Events that count, or no longer count, because of *recorded*: usually itself; for an undo, the undone ones."""
    reach: EventReach
    fold: RecordFold

    @property
    def position(self) -> int:
        """Position of the event."""
        return self.recorded.position

    @property
    def state(self) -> RecordState:
        """The record's state after the event; changes with the next step."""
        return self.fold.live


class RecordWriter(Protocol):
    """Writer of one model, which observes the events of one record in order."""

    def observe(self, step: WalkStep) -> None:
        """Observe the next event."""
        ...

    def write(self) -> None:
        """Write what changed to the model's tables; called once, after the last step."""
        ...


class RecordModel(Protocol):
    """A read model each of whose rows belongs to one record."""

    def writer(self, connection: Connection, record: str) -> RecordWriter:
        """Return the writer for *record*, which begins with the rows that the table has."""
        ...


def walk(fold: RecordFold, events: Iterable[Recorded[Event]]) -> Iterator[WalkStep]:
    """Fold the next *events* and yield a step for each; events of a newer program are skipped."""
    for recorded in events:
        if isinstance(recorded.event, Unknown):
            continue
        with suppress(*CONTRADICTIONS):
            changed = fold.evolve(recorded)
            yield WalkStep(recorded, changed, _reach(changed, fold.live), fold)


def _reach(changed: Sequence[Recorded[Event]], state: RecordState) -> EventReach:
    reaches = [reach_of(cast("AnyEvent", one.event), state) for one in changed]
    if len(reaches) == 1:
        return reaches[0]
    parts = dict.fromkeys(part for reach in reaches for part in reach.parts)
    songs = dict.fromkeys(song for reach in reaches for song in reach.songs)
    return EventReach(tuple(parts), tuple(songs), any(reach.masters for reach in reaches))
