"""The log of a store: read by query, appended to in one transaction, followed by views."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from domain.event import Event, Recorded
from orchestrator.log import views as viewing
from orchestrator.log.append import Appender, may_not_write
from orchestrator.log.codec import READ, Codec, Encoded, microseconds, newer
from orchestrator.log.connection import Connection, Row
from orchestrator.log.database import Database, Writer
from orchestrator.log.draft import Condition, Draft, Head
from orchestrator.log.find import under_tags
from orchestrator.log.migrations.ladder import climb
from orchestrator.log.query import Query
from orchestrator.log.reader import Reader
from orchestrator.log.refusals import IdTaken, StoreReadOnly, StoreUncertain, StoreUnreachable
from orchestrator.log.schema import WRITER
from orchestrator.log.sqlite.file import SqliteFile
from orchestrator.log.url import DatabaseUrl, Place
from orchestrator.log.views import Beside, View

Clock = Callable[[], datetime]

BATCH = 4096
"""Events by which a view is brought on in one transaction, before others may write again."""


PATIENCE_S = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0)
"""Pauses before each try to find out, from a server that went away in the middle of a commit, what became of it."""


def utc_now() -> datetime:
    """The time of day, as the log asks for it."""
    return datetime.now(UTC)


def database_at(place: Place) -> Database:
    """The database that a log at *place* lies in; PostgreSQL's driver is imported for PostgreSQL alone."""
    if isinstance(place, DatabaseUrl):
        from orchestrator.log.postgres.database import PostgresDatabase

        return PostgresDatabase(place)
    return SqliteFile(place)


class Log:
    """One ordered, tagged, hashed log; shared freely by threads and processes, but not carried across a fork.

    Made by ``create`` or ``open``; ended by ``close``, or as a context manager.
    """

    def __init__(
        self, place: Place, *, kinds: Mapping[str, type[Event]], views: Sequence[View], readonly: bool, clock: Clock
    ) -> None:
        self.place, self.views, self.readonly = place, tuple(views), readonly
        self.database = database_at(place)
        self._clock, self._codec, self._reader = clock, Codec(kinds, self.database.place), Reader(self.database)
        self._appender = Appender(self.database, self._codec, self.views)
        self._writer: Writer | None = None
        self._opening = Lock()

    @classmethod
    def create(
        cls,
        place: Place,
        *,
        kinds: Mapping[str, type[Event]],
        views: Sequence[View] = (),
        clock: Clock = utc_now,
        identity: UUID | None = None,
    ) -> Self:
        """Make an empty log at *place*: a file in a folder that exists, or a database.  It appears whole or not at all.

        Args:
            place: where.
            kinds: as for ``open``.
            views: as for ``open``.
            clock: as for ``open``.
            identity: the log's own id, under every hash; of a copy, that of its original.

        Raises:
            StoreExists: something is there already.
        """
        database_at(place).create(identity or uuid4())
        return cls.open(place, kinds=kinds, views=views, clock=clock)

    @classmethod
    def open(
        cls,
        place: Place,
        *,
        kinds: Mapping[str, type[Event]],
        views: Sequence[View] = (),
        readonly: bool = False,
        clock: Clock = utc_now,
    ) -> Self:
        """Open the log at *place*.

        Args:
            place: the SQLite file, or the address of a PostgreSQL database.
            kinds: the event classes by kind.
            views: projections that an append moves along, where they stand at the head.
            readonly: never write to the store, not even views.
            clock: gives the time of recording, with its offset from UTC.

        Raises:
            StoreMissing: there is none.
            StoreDamaged: it is no log of ours, or damaged.
        """
        return cls(place, kinds=kinds, views=views, readonly=readonly, clock=clock)

    @property
    def kinds(self) -> Mapping[str, type[Event]]:
        """The event classes it was opened with."""
        return self._codec.kinds

    def close(self) -> None:
        """Let go of the store; once more does no harm."""
        self._reader.close()  # first, so that the writer is the last one out and folds the write-ahead log in
        with self._opening:
            writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def identity(self) -> UUID:
        """The log's own id, under every hash; a copy keeps that of its original."""
        ((log,),) = self._reader.rows("SELECT log FROM log_head")
        return UUID(bytes=log)

    def head(self) -> Head:
        """Where the log ends."""
        return self._reader.head()

    def read(
        self, query: Query, *, after: int = 0, upto: int | None = None, strict: bool = True
    ) -> Iterator[Recorded[Event]]:
        """What *query* matches, in order.

        Args:
            query: what matters.
            after: only what stands after this position.
            upto: up to and with this position, or the head as it is now.
            strict: for a decision; a reader that only shows can go without what it does not know.

        Raises:
            StoreNewer: *strict*, and under the query's tags stands an event that only a newer program understands.
            StoreDamaged: a stored event cannot be read.
        """
        upto = self._upto(upto)
        if strict:
            self._refuse_unknown(query, after, upto)
        return self._decoded(self._reader.found(query, after, upto), strict=strict)

    def unknown_kinds(self) -> frozenset[str]:
        """The kinds of events in this log that only a newer program knows."""
        stored = {kind for (kind,) in self._reader.rows("SELECT kind FROM kinds")}
        return frozenset(stored.difference(self._codec.kinds))

    def read_all(self, *, after: int = 0, upto: int | None = None) -> Iterator[Recorded[Event]]:
        """Every event after *after*, up to and with *upto*; what only a newer program knows comes as ``Unknown``."""
        return self._decoded(self._reader.all(after, self._upto(upto)), strict=False)

    def last(self, query: Query, count: int, *, upto: int | None = None) -> list[Recorded[Event]]:
        """The last *count* events that *query* matches, up to and with *upto*, in order; for whoever only shows."""
        return [self._codec.decode(row, strict=False) for row in self._reader.last(query, count, self._upto(upto))]

    def find(self, id: UUID) -> Recorded[Event] | None:  # noqa: A002 - the column's name
        """The event of this *id*, if it is recorded."""
        rows = self._reader.rows(f"SELECT {READ} FROM events WHERE id = ?", (id.bytes,))  # noqa: S608 - constants
        return self._codec.decode(rows[0], strict=False) if rows else None

    def position_at(self, time: datetime) -> int:
        """The last position recorded at or before *time*; 0 where there is none."""
        at, low, high = microseconds(time), 0, self.head().position
        while low < high:  # times never fall as positions rise, so they need no index
            middle = (low + high + 1) // 2
            ((recorded_at,),) = self._reader.rows("SELECT recorded_at FROM events WHERE position = ?", (middle,))
            low, high = (middle, high) if recorded_at <= at else (low, middle - 1)
        return low

    def append(self, drafts: Sequence[Draft], *, condition: Condition | None = None) -> list[Recorded[Event]]:
        """Record all of *drafts* or none.  The same again (ids and content) changes nothing and gives what stands.

        Raises:
            Conflict: something that matches the condition was recorded after it.
            IdTaken: an id stands for other content, or twice in the batch, or without the rest of the batch.
            Unstorable: a value that would not come back from every database as it went in.
            StoreNewer: only newer programs may write here.
            StoreReadOnly, StoreBusy, StoreFull, StoreUnreachable, StoreUncertain, StoreDamaged: of the store.
        """
        if not drafts:
            return []
        began_us = microseconds(self._clock())
        batch = [self._codec.encode(draft, now_us=began_us) for draft in drafts]
        if len({encoded.content.id for encoded in batch}) < len(batch):
            raise IdTaken(batch[0].id, "and others: an id stands twice in this batch")
        try:
            return self._record(batch, condition)
        except StoreUncertain as lost:
            return self._record_or_find(batch, condition, lost)

    def bring(self, view: View) -> Connection:
        """Bring *view* to the head.  The connection its tables are read from is the caller's to close.

        Where this program may not write to the store, the view is made anew in memory.
        """
        if self.readonly or self._reader.min_writer() > WRITER:
            return self.replay(view)
        while self._behind(view):
            with self._opened_writer().transaction() as connection:
                after = viewing.stand(connection, view)
                if after is None:
                    viewing.begin(connection, view)
                    after = 0
                viewing.move(connection, view, self.read_all(after=after, upto=after + BATCH))
        with self.database.told():
            return self.database.connect()

    def replay(self, view: View, upto: int | None = None) -> sqlite3.Connection:
        """*view* as it stood at position *upto* (or stands now), in memory; the caller's to close."""
        connection = viewing.alone(":memory:", view)
        viewing.feed(connection, view, self.read_all(upto=upto))
        return connection

    def rebuild(self, view: View) -> None:
        """Make *view* anew beside the old one, catch up, and swap them; readers see the one or the other."""
        with TemporaryDirectory(prefix="takesheet-view-") as folder:
            scratch = Path(folder) / "beside.sqlite"
            with SqliteFile(scratch).told(), Beside(view, scratch) as beside:
                beside.feed(self.read_all())
                with self._opened_writer().turn() as connection:
                    self._may_write(connection)
                    beside.feed(self.read_all(after=beside.position))
                    self.database.swap_view(connection, beside)

    @contextmanager
    def beside(self) -> Iterator[Connection]:
        """Our turn, in one transaction, for what lies beside the log: subscriptions, the outbox, contact data."""
        with self._opened_writer().transaction() as connection:
            self._may_write(connection)
            yield connection

    @contextmanager
    def traceless(self) -> Iterator[Connection]:
        """The same; of a table that the block drops, nothing is afterwards in any file of the store.

        Raises:
            StoreBusy: it is dropped, but a reader keeps the write-ahead log from being emptied; the same again.
        """
        with self._opened_writer().turn() as connection, self.database.traceless(connection):
            self._may_write(connection)
            yield connection

    @contextmanager
    def last_turn(self) -> Iterator[Connection]:
        """As ``traceless``, even where the log was moved away before: for moving it (again)."""
        with self._opened_writer().turn() as connection, self.database.traceless(connection):
            yield connection

    def _may_write(self, connection: Connection) -> None:
        """Asked within our turn: the store may have been moved, or brought up, while we waited for it."""
        *_, number = self.database.take_head(connection)
        if number > WRITER:
            raise may_not_write(self.database.place, number)

    def _record(
        self, batch: Sequence[Encoded], condition: Condition | None, *, sent: bool = False
    ) -> list[Recorded[Event]]:
        try:
            with self._opened_writer().transaction() as connection:
                now_us = microseconds(self._clock())
                return self._appender.append(connection, batch, condition, now_us=now_us, sent=sent)
        except BaseException:
            self._appender.forget()
            raise

    def _record_or_find(
        self, batch: Sequence[Encoded], condition: Condition | None, lost: StoreUncertain
    ) -> list[Recorded[Event]]:
        """The connection was lost at the very end: what was recorded is found by its ids, what was not is recorded."""
        for pause_s in PATIENCE_S:
            time.sleep(pause_s)
            try:
                return self._record(batch, condition, sent=True)
            except (StoreUncertain, StoreUnreachable):
                continue
        raise lost

    def _decoded(self, pages: Iterator[list[Row]], *, strict: bool) -> Iterator[Recorded[Event]]:
        decode = partial(self._codec.decode, strict=strict)
        return chain.from_iterable(map(decode, page) for page in pages)

    def _upto(self, upto: int | None) -> int:
        head = self.head().position
        return head if upto is None else min(upto, head)

    def _refuse_unknown(self, query: Query, after: int, upto: int) -> None:
        if unknown := self.unknown_kinds():
            for page in self._reader.found(under_tags(query, unknown), after, upto):
                for row in page:
                    raise newer(row[-2], position=row[0])

    def _behind(self, view: View) -> bool:
        rows = self._reader.rows(
            "SELECT 1 FROM views JOIN log_head ON views.position >= log_head.position WHERE name = ? AND version = ?",
            (view.name, view.version),
        )
        return not rows

    def _opened_writer(self) -> Writer:
        if self.readonly:
            raise StoreReadOnly(self.database.place)
        with self._opening:
            if self._writer is None:
                self._writer = self._brought_up(self.database.writer())
            return self._writer

    def _brought_up(self, writer: Writer) -> Writer:
        """The store of an older release gets today's tables when it is first written to, where we may write at all."""
        try:
            if self._reader.min_writer() <= WRITER:
                climb(self.database, writer)
        except BaseException:
            writer.close()
            raise
        return writer
