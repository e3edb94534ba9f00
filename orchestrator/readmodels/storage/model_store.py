"""The read models of a store: brought to the log's head by whoever reads them, and rebuilt whenever in doubt."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from domain.core.refusal import Refusal
from flows.vault.vault import user_cache
from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.refusals import (
    StoreBusy,
    StoreDamaged,
    StoreForbidden,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)
from orchestrator.log.store import Log
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.storage.catch_up import ScratchModels, move
from orchestrator.readmodels.storage.model_check import ModelContent, content_of, disagreements
from orchestrator.readmodels.storage.model_database import ModelDatabase, PostgresModels, SqliteModels, is_whole

T = TypeVar("T")

FILE: Final = "models.db"
BATCH: Final = 4096
"""Events that models are moved by in one transaction, before another process gets its turn."""
LONG: Final = 20_000
"""Events from which on a rebuild is announced."""
TRIES: Final = 3
"""Rebuilds of a model that others damage in the meantime, before it is given up."""
COPIES: Final = 20
"""Files with copies of models that are kept in the user's cache."""
ELSEWHERE: Final = (StoreReadOnly, StoreForbidden, StoreUnreachable, StoreFull, StoreBusy)
"""Refusals after which the models are kept elsewhere."""

_STAND: Final = "SELECT log, position, hash FROM models WHERE name = ? AND version = ?"
_FORGET: Final = "DELETE FROM models WHERE name = ? AND version = ?"
_STATE: Final = "INSERT INTO models (name, version, log, position, hash) VALUES (?, ?, ?, ?, ?)"


class ModelStore:
    """The models of one log.

    They lie in ``models.db`` beside a log's file, or in a schema beside that of the log.  Where this user cannot write
    there, a copy is kept in the user's cache; where not even that can be written, in memory.

    Args:
        log: the log.
        folds: states of records, kept for whoever reads them next.
        say: callback for a one-line message about a rebuild that takes a while.
    """

    def __init__(self, log: Log, folds: RecordFolds, say: Callable[[str], None] = lambda _: None) -> None:
        self._log, self._folds, self.say = log, folds, say
        self._identity, self._databases = log.identity.bytes, _places(log)
        self._current: ModelDatabase | None = None

    @property
    def place(self) -> str:
        """The file or address at which the models were found last; empty before the first reading."""
        return self._current.place if self._current else ""

    def bring(self, *models: ReadModel) -> Connection:
        """Bring *models* to the log's head; return a connection to their tables, which stays this store's.

        Raises:
            StoreDamaged: the log itself is damaged.
        """
        return self._in_place(lambda database: self._brought(database, models))

    def _in_place(self, work: Callable[[ModelDatabase], T]) -> T:
        """Do *work* in the best of the databases that take it."""
        while True:
            database = self._current = self._current or next(self._databases)
            try:
                return work(database)
            except ELSEWHERE as refusal:
                database.close()
                self._give_up(refusal)

    def _give_up(self, refusal: Refusal) -> None:
        self._current = next(self._databases, None)
        if self._current is None:
            raise refusal

    def _brought(self, database: ModelDatabase, models: Sequence[ReadModel]) -> Connection:
        try:
            return self._catch_up(database, models)
        except StoreDamaged:
            database.discard()
            return self._catch_up(database, models)

    def _catch_up(self, database: ModelDatabase, models: Sequence[ReadModel]) -> Connection:
        connection, head, rebuilt = database.open(), self._log.head(), 0
        while True:
            stands = {model.name: self._stand(database, connection, model) for model in models}
            missing = [model for model in models if stands[model.name] is None]
            if missing:
                if rebuilt == TRIES:
                    raise StoreDamaged(database.place, f"the model {missing[0].name} cannot be made")
                self._rebuild(database, missing)
                rebuilt += 1
                continue
            behind = [model for model in models if (stands[model.name] or 0) < head.position]
            if not behind:
                return connection
            first = min(stands[model.name] or 0 for model in behind)
            self._step(database, [model for model in behind if stands[model.name] == first], first, head.position)

    def _step(self, database: ModelDatabase, models: Sequence[ReadModel], after: int, upto: int) -> None:
        """Move *models* by one batch, unless another process has moved them meanwhile."""
        with database.transaction() as connection:
            if all(self._stand(database, connection, model) == after for model in models):
                until = min(upto, after + BATCH)
                move(self._log, self._folds, models, connection, after=after, upto=until)
                self._state(connection, models, until)

    def _stand(self, database: ModelDatabase, connection: Connection, model: ReadModel) -> int | None:
        """Return the position at which *model* stands; None if it must be rebuilt."""
        try:
            with database.told():
                row = connection.execute(_STAND, (model.name, model.version)).fetchone()
                whole = row is not None and is_whole(connection, model.table)
        except StoreDamaged:  # a table is missing; a damaged file fails again when it is written
            return None
        if row is None or not whole:
            return None
        log, position, hash_ = row
        is_ours = isinstance(position, int) and isinstance(hash_, bytes) and log == self._identity
        return position if is_ours and self._log.hash_at(position) == hash_ else None

    def _state(self, connection: Connection, models: Sequence[ReadModel], position: int) -> None:
        hash_ = self._log.hash_at(position)
        for model in models:
            connection.execute(_FORGET, (model.name, model.version))
            connection.execute(_STATE, (model.name, model.version, self._identity, position, hash_))

    def rebuild(self, *models: ReadModel) -> Connection:
        """Rebuild *models* beside what stands, and swap them in; return a connection to their tables."""
        return self._in_place(lambda database: self._rebuilt(database, models))

    def _rebuilt(self, database: ModelDatabase, models: Sequence[ReadModel]) -> Connection:
        self._brought(database, ())
        try:
            self._rebuild(database, models)
        except StoreDamaged:
            database.discard()
        return self._brought(database, models)

    def contents(self, *models: ReadModel) -> list[ModelContent | None]:
        """Return the contents of *models* as they stand, moved to no later position; None for one that is not made.

        A file that cannot be read is discarded.
        """
        return self._in_place(lambda database: self._contents(database, models))

    def _contents(self, database: ModelDatabase, models: Sequence[ReadModel]) -> list[ModelContent | None]:
        self._brought(database, ())
        try:
            return [content_of(database, model) for model in models]
        except StoreDamaged:
            database.discard()
            return [None for _ in models]

    def disagreements(self, *models: ReadModel) -> list[str]:
        """Return a sentence for each of *models* that differs from one made anew at the same position.

        Raises:
            StoreDamaged: the log cannot be read.
        """
        for database in _places(self._log):
            try:
                with closing(database):
                    contents = [content_of(database, model) for model in models]
            except ELSEWHERE:
                continue
            except StoreDamaged as damaged:
                return [f"the read models cannot be read: {damaged.detail}"]
            return list(disagreements(self._log, models, contents))
        return []

    def _rebuild(self, database: ModelDatabase, models: Sequence[ReadModel]) -> None:
        head = self._log.head()
        if head.position > LONG:
            names = ", ".join(model.name for model in models)
            self.say(f"making {names} of {head.position:,} events in {database.place}; this happens once")
        with ScratchModels(models) as scratch:
            scratch.move(self._log, self._folds, head.position)
            with database.transaction() as connection:
                scratch.move(self._log, self._folds, self._head_within(head).position)
                for model in models:
                    database.adopt(connection, scratch.file, model.table)
                self._state(connection, models, scratch.position)

    def _head_within(self, before: Head) -> Head:
        """Return the head once the models' lock is held, so that the last few events are not left out."""
        head = self._log.head()
        return head if head.position - before.position <= LONG else before

    def close(self) -> None:
        """Close the connection."""
        if self._current is not None:
            self._current.close()
            self._current = None


def _places(log: Log) -> Iterator[ModelDatabase]:
    """Yield the databases that can hold the models, the best first."""
    if isinstance(log.place, DatabaseUrl):
        if schema := log.schema:
            yield PostgresModels(log.place, schema)
    elif not log.readonly:
        yield SqliteModels(log.place.with_name(FILE))
    if (cache := _cache(log)) is not None:
        yield SqliteModels(cache)
    yield SqliteModels(None)


def _cache(log: Log) -> Path | None:
    """Return the file in the user's cache; None if there cannot be one."""
    try:
        folder = user_cache() / "models"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or none that can be written
        return None
    file = folder / f"{log.identity.hex}.db"
    with suppress(OSError):
        others = sorted((one for one in folder.glob("*.db") if one != file), key=lambda one: one.stat().st_mtime)
        for old in others[: max(0, len(others) - COPIES)]:
            old.unlink(missing_ok=True)
    return file
