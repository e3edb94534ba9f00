"""Updating models with new events, and building new models beside the old ones."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self, cast

from domain.core.event import Event, Recorded, tags_of
from domain.label.catalog import RecordOpened
from domain.render.jobs import RenderAsked
from domain.status.events.event_types import AnyEvent
from domain.status.record_fold import RecordFold
from orchestrator.log.codec import Unknown
from orchestrator.log.database.connection import Connection
from orchestrator.log.query import Query
from orchestrator.log.store import Log
from orchestrator.readmodels.base.event_writer import EventModel
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import CONTRADICTIONS, RecordFolds
from orchestrator.readmodels.base.record_walk import RecordModel, walk
from orchestrator.readmodels.storage.model_database import SqliteModelErrors

BATCH = 20_000
"""Most events for which records are walked from cached folds; for more, each record is walked from its first event."""
WRITTEN = 4096
"""Events between two writes of the rows made of them."""
NAMELESS: Final = ""
"""SQLite's name of a database in a temporary file, which is unlinked as it is made: no killed process leaves one."""
IN_MEMORY: Final = ":memory:"
"""SQLite's name of a database in memory."""


def move(
    log: Log, folds: RecordFolds, models: Sequence[ReadModel], connection: Connection, *, after: int, upto: int
) -> None:
    """Update the tables of *models*, which have reached position *after*, with the events up to and including *upto*.

    The caller has begun a transaction on *connection*, and commits it.
    """
    by_record = [cast("RecordModel", model.made) for model in models if model.by_record]
    by_event = [cast("EventModel", model.made) for model in models if not model.by_record]
    if not by_record:
        _move_by_event(by_event, connection, _noted(folds, log.read_all(after=after, upto=upto)))
    elif upto - after > BATCH:
        if by_event:
            _move_by_event(by_event, connection, _noted(folds, log.read_all(after=after, upto=upto)))
        for record in _records(log, upto):
            _walk_alone(folds, by_record, connection, record, after=after, upto=upto)
    else:
        events = list(_noted(folds, log.read_all(after=after, upto=upto)))
        _move_by_event(by_event, connection, events)
        for record in _touched(log, events, upto):
            _walk(folds, by_record, connection, record, after=after, upto=upto)


def _noted(folds: RecordFolds, events: Iterable[Recorded[Event]]) -> Iterator[Recorded[Event]]:
    """Yield *events*, and note the kinds of events that only a newer program knows."""
    for recorded in events:
        if isinstance(recorded.event, Unknown):
            folds.left_out.add(recorded.event.kind)
        yield recorded


def _move_by_event(models: Sequence[EventModel], connection: Connection, events: Iterable[Recorded[Event]]) -> None:
    writers = [model.writer(connection) for model in models]
    if not writers:
        return
    for number, recorded in enumerate(events, start=1):
        if not isinstance(recorded.event, Unknown):
            for writer in writers:
                writer.apply(cast("Recorded[AnyEvent]", recorded))
        if number % WRITTEN == 0:
            for writer in writers:
                writer.write()
    for writer in writers:
        writer.write()


def _walk(
    folds: RecordFolds, models: Sequence[RecordModel], connection: Connection, record: str, *, after: int, upto: int
) -> None:
    """Walk the events of a record from a cached fold, and cache the fold again."""
    fold = folds.take(record, after)
    _observed(models, connection, record, fold, folds.events(record, after, upto))
    folds.keep(record, upto, fold)


def _walk_alone(
    folds: RecordFolds, models: Sequence[RecordModel], connection: Connection, record: str, *, after: int, upto: int
) -> None:
    """Walk the events of a record from its first event, without caching the fold."""
    fold = RecordFold().feed(folds.events(record, 0, after), skip=CONTRADICTIONS) if after else RecordFold()
    _observed(models, connection, record, fold, folds.events(record, after, upto))


def _observed(
    models: Sequence[RecordModel], connection: Connection, record: str, fold: RecordFold,
    events: Iterator[Recorded[Event]],
) -> None:  # fmt: skip
    writers = [model.writer(connection, record) for model in models]
    for step in walk(fold, events):
        for writer in writers:
            with suppress(*CONTRADICTIONS):
                writer.observe(step)
    for writer in writers:
        writer.write()


def _records(log: Log, upto: int) -> list[str]:
    """Return the records opened up to a position, in order."""
    opened = (recorded.event for recorded in log.read(Query.of(RecordOpened), upto=upto, strict=False))
    return list(dict.fromkeys(event.record for event in opened if isinstance(event, RecordOpened)))


def _touched(log: Log, events: Iterable[Recorded[Event]], upto: int) -> list[str]:
    """Return the records that *events* concern, in the order of their first event."""
    found: dict[str, None] = {}
    for recorded in events:
        event = recorded.event
        if isinstance(event, RenderAsked) and event.record is None:  # concerns every record
            return _records(log, upto)
        found |= dict.fromkeys(tag.removeprefix("record:") for tag in tags_of(event) if tag.startswith("record:"))
    return list(found)


class ScratchModels:
    """Models built in a temporary SQLite database beside the tables in use; a context manager that deletes it.

    Args:
        models: the models.
        place: ``NAMELESS``, or ``IN_MEMORY`` where no file can be written.
    """

    def __init__(self, models: Sequence[ReadModel], place: str = NAMELESS) -> None:
        self.models, self.position = models, 0
        self._errors = SqliteModelErrors(Path("memory" if place == IN_MEMORY else "a temporary file of read models"))
        self.connection = sqlite3.connect(place, isolation_level=None)

    def __enter__(self) -> Self:
        try:
            with self._errors:
                self.connection.execute("PRAGMA journal_mode = OFF")
                self.connection.execute("PRAGMA synchronous = OFF")  # discarded after a crash
                self.connection.execute("PRAGMA cache_size = -65536")
                for model in self.models:
                    made, *indexes = model.table.create
                    # Rows made of one event each are only written here: nobody asks by their indexes.
                    for statement in (made, *(indexes if model.by_record else ())):
                        self.connection.execute(statement)
        except BaseException:
            self.connection.close()
            raise
        return self

    def move(self, log: Log, folds: RecordFolds, upto: int) -> None:
        """Update the models to position *upto*.

        Raises:
            StoreFull, StoreUnreachable: the temporary file cannot be written.
        """
        if self.position < upto:
            with self._errors:
                self.connection.execute("BEGIN")
                move(log, folds, self.models, self.connection, after=self.position, upto=upto)
                self.connection.execute("COMMIT")
            self.position = upto

    def __exit__(self, *_: object) -> None:
        self.connection.close()
