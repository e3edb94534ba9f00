"""Histories written to a log, and the rows that its models hold."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.core.event import Event, Recorded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.connection import Connection
from orchestrator.log.store import Log
from orchestrator.readmodels.base.interval_rows import AT
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.storage.model_store import ModelStore
from tests.orchestrator.log.databases import Databases


def drafts(history: Sequence[Recorded[Event]]) -> list[Draft]:
    """The events of *history* as drafts, with their ids, actors and correlations."""
    return [
        Draft(event=one.event, actor=one.actor, via="pat@desk", why=one.why, id=one.id, correlation=one.correlation)
        for one in history
    ]


@contextmanager
def empty_log(databases: Databases) -> Iterator[Log]:
    """A log of its own, with a folder of its own for the models beside it."""
    with TemporaryDirectory() as folder:
        place = databases.place()
        if isinstance(place, Path):
            place = Path(folder) / "log.db"
        with Log.create(place, kinds=KINDS) as log:
            yield log


@contextmanager
def models_of(log: Log) -> Iterator[ModelStore]:
    """The models of *log*, opened as a new process would."""
    store = ModelStore(log, RecordFolds(log))
    try:
        yield store
    finally:
        store.close()


def held(connection: Connection, model: ReadModel) -> list[tuple[Any, ...]]:
    """All rows of *model*, sorted."""
    return sorted(model.table.rows(connection), key=repr)


def held_at(connection: Connection, model: ReadModel, position: int) -> list[tuple[Any, ...]]:
    """The rows of *model* at *position*, without the ends of their stretches."""
    rows = model.table.rows(connection, AT, (position, position))
    until = model.table.columns.index("until")
    return sorted((row[:until] + row[until + 1 :] for row in rows), key=repr)
