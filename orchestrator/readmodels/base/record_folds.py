"""Cache of record states, of limited size, so that the next reader folds only newer events."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.refusal import Refusal
from domain.render.jobs import RenderAsked
from domain.status.events.event_types import KINDS
from domain.status.record_fold import RecordFold
from orchestrator.log.codec import Unknown
from orchestrator.log.query import Query, QueryItem
from orchestrator.log.store import Log

MOST_EVENTS: Final = 40_000
"""Most events in all kept folds together; an event takes some 2 KB."""


CONTRADICTIONS: Final = (Refusal, LookupError, ValueError)
"""Exceptions for events of a record that contradict each other; Takesheet itself records no such events.

Such an event leaves the models as they are, so that one wrong record does not hide all others.  Whoever reads that
record alone gets the exception.
"""


def events_of(record: str) -> Query:
    """Query for every event of *record*, and for every request to render, which may concern all records."""
    return Query((QueryItem(frozenset(KINDS), frozenset({f"record:{record}"})),)) | Query.of(RenderAsked)


class RecordFolds:
    """Cache of the folds of a log's records, each up to the position of its last use."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.not_understood: set[str] = set()
        """Kinds of events that were read and not understood."""
        self.left_out: set[str] = set()
        """Kinds of events that models were moved past without understanding them."""
        self._kept: OrderedDict[str, tuple[int, RecordFold]] = OrderedDict()

    def upto(self, record: str, position: int, *, strict: bool = True) -> RecordFold:
        """Return the fold of *record* up to *position*, continued from a cached fold of an earlier position.

        Args:
            record: record id.
            position: last position that counts.
            strict: refuse events that only a newer program knows, and events that contradict others; else skip both.

        Raises:
            StoreNewer: *strict*, and the record has an event that only a newer program knows.
        """
        if strict:
            self._log.refuse_unknown(events_of(record), 0, position)
        skip = () if strict else CONTRADICTIONS
        reached, fold = self._kept.pop(record, (0, RecordFold()))
        if reached > position:  # an earlier moment
            self._kept[record] = (reached, fold)
            return RecordFold().feed(self.events(record, 0, position), skip=skip)
        if reached < position:
            fold.feed(self.events(record, reached, position), skip=skip)
        self.keep(record, position, fold)
        return fold

    def events(self, record: str, after: int, upto: int) -> Iterator[Recorded[Event]]:
        """Yield the events of *record* after position *after*, up to and including *upto*."""
        for recorded in self._log.read(events_of(record), after=after, upto=upto, strict=False):
            if isinstance(recorded.event, Unknown):
                self.not_understood.add(recorded.event.kind)
                self.left_out.add(recorded.event.kind)
            if not _is_of_another(recorded.event, record):
                yield recorded

    def forget(self) -> None:
        """Drop all kept folds: texts of their events were erased."""
        self._kept.clear()

    def take(self, record: str, position: int) -> RecordFold:
        """Take the fold of *record* up to *position* out of the cache, for a walk; :meth:`keep` puts it back."""
        reached, _ = self._kept.get(record, (0, None))
        fold = self.upto(record, position, strict=False)
        if reached <= position:
            self._kept.pop(record, None)
        return fold

    def keep(self, record: str, position: int, fold: RecordFold) -> None:
        """Cache *fold*, which was folded up to *position*; the least recently used folds are dropped to make room."""
        self._kept[record] = (position, fold)
        self._kept.move_to_end(record)
        while len(self._kept) > 1 and sum(len(one.history) for _, one in self._kept.values()) > MOST_EVENTS:
            self._kept.popitem(last=False)


def _is_of_another(event: Event, record: str) -> bool:
    """True for a render request of another record: :func:`events_of` finds the requests of all records."""
    return isinstance(event, RenderAsked) and event.record not in {None, record}
