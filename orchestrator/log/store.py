"""The log of a store: read by query, appended to in one transaction, followed by views."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from domain.core.event import Event, Recorded
from domain.store.clocks import Drift, drift_of
from orchestrator.log import times
from orchestrator.log.append import Appender, refuse_or_mend
from orchestrator.log.append_condition import Condition, Draft, Head
from orchestrator.log.codec import READ, Codec, Encoded, microseconds, newer
from orchestrator.log.database import views as viewing
from orchestrator.log.database.columns import MOVED, WRITER
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.database import Database, LogWriter
from orchestrator.log.database.meta import UPGRADED
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.database.views import ScratchView, View, ViewBroken
from orchestrator.log.migrations.migrate import climb_within, migrate
from orchestrator.log.query import Query
from orchestrator.log.reader import LogReader
from orchestrator.log.refusals import (
    ConnectionLost,
    IdTaken,
    StoreBusy,
    StoreDamaged,
    StoreForbidden,
    StoreFull,
    StoreMoved,
    StoreReadOnly,
    StoreUncertain,
    StoreUnreachable,
)
from orchestrator.log.relocation import LAST, notice
from orchestrator.log.sqlite.file import SqliteFile
from orchestrator.log.tag_query import under_tags

Clock = Callable[[], datetime]

BATCH = 4096
"""Events by which a view is brought on in one transaction, before others may write again."""


PATIENCE_S = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Pauses before each new try after a server went away in the middle of recording."""


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
        self._clock, self._codec, self._reader = clock, Codec(kinds, self.database.place), LogReader(self.database)
        self._appender = Appender(self.database, self._codec, self.views)
        self._writer: LogWriter | None = None
        self._opening = Lock()
        self._is_current = False
        """The tables were brought to today's version by this process."""

    @classmethod
    def create(
        cls,
        place: Place,
        *,
        kinds: Mapping[str, type[Event]],
        views: Sequence[View] = (),
        clock: Clock = utc_now,
        identity: UUID | None = None,
        founding: Sequence[Draft] = (),
    ) -> Self:
        """Make a log at *place*: a file in a folder that exists, or a database.  It appears whole or not at all.

        Args:
            place: where.
            kinds: as for ``open``.
            views: as for ``open``.
            clock: as for ``open``.
            identity: the log's own id, under every hash; of a copy, that of its original.
            founding: its first events; with them come today's tables and those of the views, all in one transaction.

        Raises:
            StoreExists: something is there already.
        """
        database = database_at(place)

        def fill(connection: Connection) -> None:
            now_us, codec = microseconds(clock()), Codec(kinds, database.place)
            climb_within(database, connection)
            with database.making(connection):
                for view in views:
                    viewing.begin(connection, view)
            batch = [codec.encode(draft, now_us=now_us) for draft in founding]
            Appender(database, codec, views).append(connection, batch, None, now_us=now_us)

        database.create(identity or uuid4(), fill if founding else None)
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

    def moved(self) -> str | None:
        """Where this log was moved to, in words; None while it goes on here."""
        return notice(self._reader.rows(LAST)) if self._reader.min_writer() == MOVED else None

    def refuse_moved(self) -> None:
        """Stop whoever would follow a log that ends here.  Raises: ``StoreMoved``."""
        if (gone := self.moved()) is not None:
            raise StoreMoved(self.database.place, gone)

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
        """The last position recorded at or before *time*, by the writers' clocks; 0 where there is none."""
        return times.position_at(self._reader.rows, microseconds(time))

    def drift(self) -> Drift | None:
        """How far our clock is from that of the last event, where it is so far that one of them must be wrong."""
        last_us = times.last_clock_us(self._reader.rows)
        return None if last_us is None else drift_of(microseconds(self._clock()), last_us)

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
        except (StoreUncertain, ConnectionLost) as lost:
            return self._record_or_find(batch, condition, lost)

    def bring(self, view: View) -> Connection:
        """Bring *view* to the head.  The connection its tables are read from is the caller's to close.

        Tables that are lost, incomplete or further than the log are made anew.  Where this program, or the role that
        connects, may not or cannot write to the store, the view is made in memory.
        """
        if self.readonly or self._reader.min_writer() > WRITER:
            return self.replay(view)
        with self.database.told():
            connection = self.database.connect()
        try:
            self._catch_up(view, connection)
        except (StoreReadOnly, StoreForbidden, StoreUnreachable, StoreFull, StoreBusy, StoreDamaged):
            connection.close()
            return self.replay(view)
        except BaseException:
            connection.close()
            raise
        return connection

    def _catch_up(self, view: View, reading: Connection) -> None:
        if self._stand(view, reading) is None:
            self.rebuild(view)
        while (stood := self._stand(view, reading)) != self.head().position:
            if stood is None:
                raise StoreDamaged(self.database.place, f"the tables of the view {view.name} cannot be made")
            with self._raw_writer().transaction() as connection:
                after = viewing.stand(connection, view)
                if after is not None:
                    viewing.move(connection, view, self.read_all(after=after, upto=after + BATCH))

    def _stand(self, view: View, reading: Connection) -> int | None:
        """The position *view* was brought to; None where it must be made (anew)."""
        try:
            with self.database.told():
                stood = viewing.stand(reading, view)
                is_whole = viewing.has_tables(reading, view)
        except StoreDamaged:  # without a table or a column
            return None
        return stood if is_whole and isinstance(stood, int) and 0 <= stood <= self.head().position else None

    def bring_up(self) -> None:
        """Give the store today's tables, and correct ``meta`` by the events, as every append does first."""
        self._opened_writer()

    def replay(self, view: View, upto: int | None = None) -> sqlite3.Connection:
        """*view* as it stood at position *upto* (or stands now), in memory; the caller's to close."""
        connection = viewing.alone(":memory:", view)
        viewing.feed(connection, view, self.read_all(upto=upto))
        return connection

    def rebuild(self, view: View) -> None:
        """Make *view* anew beside the old one, catch up, and swap them; readers see the one or the other."""
        with TemporaryDirectory(prefix="takesheet-view-") as folder:
            scratch = Path(folder) / "beside.sqlite"
            with SqliteFile(scratch).told(), ScratchView(view, scratch) as beside:
                beside.feed(self.read_all())
                with self._raw_writer().turn() as connection:
                    self._may_write(connection)
                    self.database.restore(connection, "views")
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
        if self.database.take_head(connection)[1] != WRITER:
            refuse_or_mend(self.database.place, connection)

    def _record(
        self, batch: list[Encoded], condition: Condition | None, *, sent: bool = False
    ) -> list[Recorded[Event]]:
        try:
            return self._record_once(batch, condition, sent=sent)
        except ViewBroken as broken:
            self._drop(broken)
            return self._record_once(batch, condition, sent=sent)

    def _drop(self, broken: ViewBroken) -> None:
        """Forget how far a broken view has come, so that no append moves it and the next reader makes it anew."""
        if broken.__cause__ is not None:
            with suppress(StoreDamaged, *self.database.faults), self.database.told():
                raise broken.__cause__  # a full disk, say, is no fault of the view
        with self._raw_writer().transaction() as connection:
            self.database.restore(connection, "views")
            connection.execute(viewing.FORGET, (broken.view.name, broken.view.version))

    def _record_once(self, batch: list[Encoded], condition: Condition | None, *, sent: bool) -> list[Recorded[Event]]:
        try:
            with self._opened_writer().transaction() as connection:
                now_us = microseconds(self._clock())
                if not sent:
                    batch[:] = [encoded.waited_until(now_us) for encoded in batch]
                return self._appender.append(connection, batch, condition, now_us=now_us, sent=sent)
        except BaseException:
            self._appender.forget()
            raise

    def _record_or_find(
        self, batch: list[Encoded], condition: Condition | None, lost: StoreUncertain | ConnectionLost
    ) -> list[Recorded[Event]]:
        """The connection was lost meanwhile: what was recorded is found by its ids, what was not is recorded."""
        for pause_s in PATIENCE_S:
            time.sleep(pause_s)
            try:
                return self._record(batch, condition, sent=True)
            except (StoreUncertain, StoreUnreachable) as again:
                lost = again if isinstance(again, StoreUncertain) else lost
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

    def _raw_writer(self) -> LogWriter:
        """Our writer, for what is no part of the log; readers have views made and leave the rest of a store alone."""
        if self.readonly:
            raise StoreReadOnly(self.database.place)
        with self._opening:
            if self._writer is None:
                self._writer = self.database.writer()
            return self._writer

    def _opened_writer(self) -> LogWriter:
        """Our writer; the store of an older release gets today's tables first, where we may write at all."""
        writer = self._raw_writer()
        with self._opening:
            if not self._is_current and self._reader.min_writer() <= WRITER:
                migrate(self.database, writer, record=UPGRADED in self.kinds)
            self._is_current = True
        return writer
