"""The read models of a store, which each reader first brings to the log's head, and which are rebuilt if in doubt.

A damaged database file is deleted, and its models are rebuilt from the log.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from domain.core.refusal import Refusal
from domain.label.erasure import TextsErased
from flows.vault.regular_file import LinkFound
from flows.vault.vault import user_cache
from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.query import Query
from orchestrator.log.refusals import (
    StoreBusy,
    StoreDamaged,
    StoreForbidden,
    StoreFull,
    StoreReadOnly,
    StoreUncertain,
    StoreUnreachable,
)
from orchestrator.log.store import Log
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.storage.catch_up import IN_MEMORY, NAMELESS, ScratchModels, move
from orchestrator.readmodels.storage.model_check import (
    ModelContent,
    content_of,
    disagreements,
    now_understood,
    schema_known,
)
from orchestrator.readmodels.storage.model_database import (
    ModelDatabase,
    PostgresModels,
    SqliteModels,
    is_whole,
    locked,
    remove,
)

T = TypeVar("T")

FILE: Final = "models.db"
BATCH: Final = 4096
"""Events that models are moved by in one transaction, before another process gets its turn."""
LONG: Final = 20_000
"""Events in the log above which a rebuild is announced."""
TRIES: Final = 3
"""Rebuilds of a model that others damage in the meantime, before it is given up."""
COPIES: Final = 20
"""Files with copies of models that are kept in the user's cache."""
OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
"""Permissions with which others could put their models in place of ours."""
ELSEWHERE: Final = (
    StoreReadOnly, StoreForbidden, StoreUnreachable, StoreUncertain, StoreFull, StoreBusy, StoreDamaged, LinkFound,
)  # fmt: skip
"""Refusals after which the models are kept elsewhere."""

ERASURES: Final = Query.of(TextsErased)

_STAND: Final = "SELECT log, position, hash, unknown FROM models WHERE name = ? AND version = ?"
_FORGET: Final = "DELETE FROM models WHERE name = ? AND version = ?"
_STATE: Final = "INSERT INTO models (name, version, log, position, hash, unknown) VALUES (?, ?, ?, ?, ?, ?)"


class ModelStore:
    """The models of one log.

    They are in ``models.db`` beside a log's file, or in a schema beside that of the log.  If this user cannot write
    there, they are in the user's cache; if the cache cannot be written either, in memory.

    Args:
        log: the log.
        folds: cached states of records.
        say: callback for a one-line message about a rebuild that takes a while.
    """

    def __init__(self, log: Log, folds: RecordFolds, say: Callable[[str], None] = lambda _: None) -> None:
        self._log, self._folds, self.say = log, folds, say
        self._identity, self._databases = log.identity.bytes, _places(log)
        self._current: ModelDatabase | None = None

    @property
    def place(self) -> str:
        """The file or address of the models at the last read; empty before the first read."""
        return self._current.place if self._current else ""

    def catch_up(self, *models: ReadModel) -> Connection:
        """Bring *models* to the log's head; return a connection to their tables, which this store will close.

        Raises:
            StoreDamaged: the log itself is damaged.
        """
        return self._in_place(lambda database: self._brought(database, models))

    def ask(self, question: Callable[[Connection], T], *models: ReadModel) -> T:
        """Return what *question* reads from the tables of *models*, once they are at the log's head.

        Damaged tables and tables with invalid rows are rebuilt, and then *question* is called again.

        Args:
            question: function of a connection that reads all its rows before it returns.
            models: the models whose tables it reads.

        Raises:
            StoreDamaged: the log itself is damaged.
        """
        return self._in_place(lambda database: self._answer(database, question, models))

    def _answer(self, database: ModelDatabase, question: Callable[[Connection], T], models: Sequence[ReadModel]) -> T:
        connection = self._brought(database, models)
        try:
            with database.translated_errors():
                return question(connection)
        except StoreDamaged:
            database.discard()
        except ValidationError:
            pass
        connection = self._rebuilt(database, models)
        try:
            with database.translated_errors():
                return question(connection)
        except ValidationError as error:
            raise StoreDamaged(database.place, f"a row that was made anew is wrong: {error}") from error

    def _in_place(self, work: Callable[[ModelDatabase], T]) -> T:
        """Call *work* with the best database that can be used.

        Raises:
            Refusal: of the log, or of the last database; the next call tries the best database first again.
        """
        while True:
            database = self._current = self._current or next(self._databases)
            try:
                return work(database)
            except ELSEWHERE as refusal:
                database.close()
                if self._is_of_log(refusal):
                    raise
                self._give_up(refusal)

    def _is_of_log(self, refusal: Refusal) -> bool:
        """True if *refusal* is about the log's file; False on PostgreSQL, where log and models share an address."""
        return isinstance(self._log.place, Path) and refusal.values.get("place") == self._log.database.place

    def _give_up(self, refusal: Refusal) -> None:
        self._current = next(self._databases, None)
        if self._current is None:
            self._databases = _places(self._log)
            raise refusal

    def _brought(self, database: ModelDatabase, models: Sequence[ReadModel]) -> Connection:
        try:
            return self._catch_up(database, models)
        except StoreDamaged as damaged:
            if self._is_of_log(damaged):
                raise
            database.discard()
            return self._catch_up(database, models)

    def _catch_up(self, database: ModelDatabase, models: Sequence[ReadModel]) -> Connection:
        connection, head, rebuilt = database.open(), self._log.head(), 0
        while True:
            stands = {model.name: self._position_of(database, connection, model) for model in models}
            if outdated := self._with_erased_texts(models, stands):
                self._rebuild(database, outdated, traceless=True)
                continue
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

    def forget_erased(self, *models: ReadModel) -> None:
        """Rebuild those of *models* whose rows repeat erased texts."""
        self._in_place(lambda database: self._forget_erased(database, models))

    def _forget_erased(self, database: ModelDatabase, models: Sequence[ReadModel]) -> None:
        connection = database.open()
        stands = {model.name: self._position_of(database, connection, model) for model in models}
        if outdated := self._with_erased_texts(models, stands):
            self._rebuild(database, outdated, traceless=True)

    def _with_erased_texts(self, models: Sequence[ReadModel], stands: Mapping[str, int | None]) -> list[ReadModel]:
        """Return those of *models* whose rows repeat texts that were erased since the model's last update."""
        behind = [model for model in models if model.holds_texts and stands[model.name] is not None]
        if not behind:
            return []
        erased = max((recorded.position for recorded in self._log.last(ERASURES, 1)), default=0)
        outdated = [model for model in behind if (stands[model.name] or 0) < erased]
        if outdated:
            self._folds.forget()
        return outdated

    def _step(self, database: ModelDatabase, models: Sequence[ReadModel], after: int, upto: int) -> None:
        """Update *models* by one batch, unless another process has updated them meanwhile."""
        with database.transaction() as connection:
            if all(self._position_of(database, connection, model) == after for model in models):
                until = min(upto, after + BATCH)
                self._folds.left_out.clear()
                move(self._log, self._folds, models, connection, after=after, upto=until)
                self._state(connection, models, until, self._folds.left_out, goes_on=True)

    def _position_of(self, database: ModelDatabase, connection: Connection, model: ReadModel) -> int | None:
        """Return the position that *model* has reached; None if it must be rebuilt."""
        try:
            with database.translated_errors():
                row = connection.execute(_STAND, (model.name, model.version)).fetchone()
                whole = row is not None and is_whole(connection, model.table)
        except StoreDamaged:  # a table is missing; a damaged file fails again when it is written
            return None
        if row is None or not whole:
            return None
        log, position, hash_, unknown = row
        is_ours = isinstance(position, int) and isinstance(hash_, bytes) and log == self._identity
        is_ours = is_ours and isinstance(unknown, str) and not now_understood(self._log, unknown)
        return position if is_ours and self._log.hash_at(position) == hash_ else None

    def _state(
        self, connection: Connection, models: Sequence[ReadModel], position: int, left_out: Iterable[str], *,
        goes_on: bool = False,
    ) -> None:  # fmt: skip
        """Record the position of *models* and the kinds they left out, with the newest schema numbers known here."""
        hash_, entries = self._log.hash_at(position), {f"{kind}:{schema_known(self._log, kind)}" for kind in left_out}
        for model in models:
            before = connection.execute(_STAND, (model.name, model.version)).fetchone() if goes_on else None
            unknown = " ".join(sorted(entries.union(before[3].split() if before else ())))
            connection.execute(_FORGET, (model.name, model.version))
            connection.execute(_STATE, (model.name, model.version, self._identity, position, hash_, unknown))

    def rebuild(self, *models: ReadModel) -> Connection:
        """Rebuild *models* beside their old tables, and swap them in; return a connection to their tables."""
        return self._in_place(lambda database: self._rebuilt(database, models))

    def _rebuilt(self, database: ModelDatabase, models: Sequence[ReadModel]) -> Connection:
        try:
            self._rebuild(database, models)
        except StoreDamaged as damaged:
            if self._is_of_log(damaged):
                raise
            database.discard()
        return self._brought(database, models)

    def contents(self, *models: ReadModel) -> list[ModelContent | None]:
        """Return the contents of *models* without updating them; None for a model that was never made.

        A file that cannot be read is deleted.
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
        """Return a sentence for each of *models* that differs from a model rebuilt at the same position.

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

    def _rebuild(self, database: ModelDatabase, models: Sequence[ReadModel], *, traceless: bool = False) -> None:
        head = self._log.head()
        if head.position > LONG:
            names = ", ".join(model.name for model in models)
            self.say(f"making {names} of {head.position:,} events in {database.place}; this happens once")
        self._folds.left_out.clear()
        with ScratchModels(models, IN_MEMORY if database.is_memory else NAMELESS) as scratch:
            scratch.move(self._log, self._folds, head.position)
            with database.traceless() if traceless else database.transaction() as connection:
                scratch.move(self._log, self._folds, self._head_within(head).position)
                for model in models:
                    database.adopt(connection, scratch.connection, model.table)
                self._state(connection, models, scratch.position, self._folds.left_out | self._log.unknown_kinds())

    def _head_within(self, before: Head) -> Head:
        """Return the head, read while the models' lock is held, so that no event before it is left out."""
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
    """Return the file in the user's cache; None if it cannot be made, or if other accounts could write to it."""
    try:
        folder = user_cache() / "models"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except (OSError, RuntimeError):  # no home, or none that can be written
        return None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & OTHERS:
        return None
    file = folder / f"{log.identity.hex}.db"
    with suppress(OSError, StoreBusy), locked(folder):
        others = sorted((one for one in folder.glob("*.db") if one != file), key=lambda one: one.stat().st_mtime)
        for old in others[: max(0, len(others) - COPIES)]:
            remove(old)
    return file
