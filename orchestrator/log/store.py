"""The log of a store: read by query, appended to in one transaction."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from domain.core.event import Event, Recorded
from domain.store.clocks import Drift, drift_of
from orchestrator.log import times
from orchestrator.log.append import Appender, refuse_or_mend
from orchestrator.log.append_condition import Condition, Draft, Head
from orchestrator.log.codec import READ, Codec, Encoded, Openings, microseconds, newer, renew_ids
from orchestrator.log.database.columns import MOVED, WRITER
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database, LogWriter
from orchestrator.log.database.meta import UPGRADED
from orchestrator.log.database.side_table import TEXTS
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.migrations.migrate import climb_within, migrate
from orchestrator.log.query import Query
from orchestrator.log.reader import LogReader
from orchestrator.log.refusals import (
    ConnectionLost,
    IdTaken,
    StoreMoved,
    StoreReadOnly,
    StoreUncertain,
    StoreUnreachable,
)
from orchestrator.log.relocation import LAST, notice
from orchestrator.log.sqlite.file import SqliteFile
from orchestrator.log.tag_query import under_tags
from orchestrator.log.texts import drop_texts, texts_at

Clock = Callable[[], datetime]

PATIENCE_S = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Pauses before each new attempt after the connection was lost during an append."""


def utc_now() -> datetime:
    """Return the current time, UTC; the default clock of a log."""
    return datetime.now(UTC)


def database_at(place: Place) -> Database:
    """Return the database that holds a log at *place*; PostgreSQL's driver is imported only for PostgreSQL."""
    if isinstance(place, DatabaseUrl):
        from orchestrator.log.postgres.database import PostgresDatabase

        return PostgresDatabase(place)
    return SqliteFile(place)


class Log:
    """One ordered, tagged, hash-chained log; shared freely by threads and processes, but not across a fork.

    Made by ``create`` or ``open``; ended by ``close``, or as a context manager.
    """

    def __init__(self, place: Place, *, kinds: Mapping[str, type[Event]], readonly: bool, clock: Clock) -> None:
        self.place, self.readonly = place, readonly
        self.database = database_at(place)
        self._clock, self._reader = clock, LogReader(self.database)
        self._codec = Codec(kinds, self.database.place, texts=self.texts)
        self._appender = Appender(self.database, self._codec)
        self._writer: LogWriter | None = None
        self._opening = Lock()
        self._is_current = False
        """True once this process has brought the tables to the current version."""

    @classmethod
    def create(
        cls,
        place: Place,
        *,
        kinds: Mapping[str, type[Event]],
        clock: Clock = utc_now,
        identity: UUID | None = None,
        founding: Sequence[Draft] = (),
    ) -> Self:
        """Create a log at *place*: a file in an existing folder, or a database.  It appears complete or not at all.

        Args:
            place: file or database.
            kinds: as for ``open``.
            clock: as for ``open``.
            identity: the log's own id, covered by every hash; for a copy, that of its original.
            founding: the first events; the current tables are created in the same transaction.

        Raises:
            StoreExists: there is a file or a log already.
        """
        database = database_at(place)

        def fill(connection: Connection) -> None:
            now_us, codec = microseconds(clock()), Codec(kinds, database.place)
            climb_within(database, connection)
            batch = [codec.encode(draft, now_us=now_us) for draft in founding]
            Appender(database, codec).append(connection, batch, None, now_us=now_us)

        database.create(identity or uuid4(), fill if founding else None)
        return cls.open(place, kinds=kinds, clock=clock)

    @classmethod
    def open(
        cls,
        place: Place,
        *,
        kinds: Mapping[str, type[Event]],
        readonly: bool = False,
        clock: Clock = utc_now,
    ) -> Self:
        """Open the log at *place*.

        Args:
            place: the SQLite file, or the address of a PostgreSQL database.
            kinds: event class by kind.
            readonly: never write to the store.
            clock: gives the time of recording, with its offset from UTC.

        Raises:
            StoreMissing: there is no log.
            StoreDamaged: not a log of ours, or damaged.
        """
        return cls(place, kinds=kinds, readonly=readonly, clock=clock)

    @property
    def kinds(self) -> Mapping[str, type[Event]]:
        """The event classes with which the log was opened."""
        return self._codec.kinds

    def close(self) -> None:
        """Close all connections; may be called twice."""
        self._reader.close()  # first, so that the writer closes last and checkpoints the write-ahead log
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
        """The log's own id, covered by every hash; a copy keeps that of its original."""
        ((log,),) = self._reader.rows("SELECT log FROM log_head")
        return UUID(bytes=log)

    def head(self) -> Head:
        """Return the log's head."""
        return self._reader.head()

    def hash_at(self, position: int) -> bytes | None:
        """Return the hash of the event at *position*, empty at 0; None if the log ends before it."""
        if position == 0:
            return b""
        rows = self._reader.rows("SELECT hash FROM events WHERE position = ?", (position,))
        return bytes(rows[0][0]) if rows else None

    @property
    def schema(self) -> str | None:
        """The schema that holds the log; None for one in a file."""
        return self._reader.schema

    def moved(self) -> str | None:
        """Return where this log was moved to, in words; None if it was not moved."""
        return notice(self._reader.rows(LAST)) if self._reader.min_writer() == MOVED else None

    def refuse_moved(self) -> None:
        """Refuse to follow a log that was moved.  Raises: ``StoreMoved``."""
        if (gone := self.moved()) is not None:
            raise StoreMoved(self.database.place, gone)

    def read(
        self, query: Query, *, after: int = 0, upto: int | None = None, strict: bool = True
    ) -> Iterator[Recorded[Event]]:
        """Yield the events that *query* matches, in order.

        Args:
            query: kinds and tags.
            after: only events after this position.
            upto: only events up to this position, inclusive; None means the current head.
            strict: for a decision; a reader that only displays can ignore unknown events.

        Raises:
            StoreNewer: *strict*, and an event under the query's tags is of a kind that only a newer program knows.
            StoreDamaged: a stored event cannot be decoded.
        """
        upto = self._upto(upto)
        if strict:
            self.refuse_unknown(query, after, upto)
        return self._codec.decoded(self._reader.found(query, after, upto), strict=strict)

    def unknown_kinds(self) -> frozenset[str]:
        """Return the kinds of events in this log that only a newer program knows."""
        stored = {kind for (kind,) in self._reader.rows("SELECT kind FROM kinds")}
        return frozenset(stored.difference(self._codec.kinds))

    def read_all(self, *, after: int = 0, upto: int | None = None) -> Iterator[Recorded[Event]]:
        """Yield every event after *after*, up to *upto* inclusive; events of a newer program come as ``Unknown``."""
        return self._codec.decoded(self._reader.all(after, self._upto(upto)), strict=False)

    def last(self, query: Query, count: int, *, upto: int | None = None) -> list[Recorded[Event]]:
        """Return the last *count* events that *query* matches, up to *upto* inclusive, in order; for display only."""
        return [self._codec.decode(row, strict=False) for row in self._reader.last(query, count, self._upto(upto))]

    def events_at(self, positions: Sequence[int]) -> list[Recorded[Event]]:
        """Return the events at *positions*, at most some thousands, in order; for display only."""
        places = ", ".join(str(int(position)) for position in positions) or "NULL"
        sql = f"SELECT {READ} FROM events WHERE position IN ({places}) ORDER BY position"  # noqa: S608 - numbers
        return [self._codec.decode(row, strict=False) for row in self._reader.rows(sql)]

    def find(self, id: UUID) -> Recorded[Event] | None:  # noqa: A002 - the column's name
        """Return the event with this *id*; None if it is not recorded."""
        rows = self._reader.rows(f"SELECT {READ} FROM events WHERE id = ?", (id.bytes,))  # noqa: S608 - constants
        return self._codec.decode(rows[0], strict=False) if rows else None

    def texts_stored(self) -> list[int]:
        """Return the positions of the events whose texts lie beside the log, in order."""
        if not self._reader.has_table(TEXTS.name):  # not yet brought up
            return []
        return [at for (at,) in self._reader.rows("SELECT DISTINCT position FROM texts ORDER BY position")]

    def texts(self, positions: Sequence[int]) -> Openings:
        """Return the texts that lie beside the log for the events at *positions*, by position and field."""
        return texts_at(self._reader.rows, positions) if self._reader.has_table(TEXTS.name) else {}

    def position_at(self, time: datetime) -> int:
        """Return the last position recorded at or before *time*, by the writers' clocks; 0 if there is none."""
        return times.position_at(self._reader.rows, microseconds(time))

    def drift(self) -> Drift | None:
        """Return the difference between our clock and the last event's, if one of them must be wrong; else None."""
        last_us = times.last_clock_us(self._reader.rows)
        return None if last_us is None else drift_of(microseconds(self._clock()), last_us)

    def append(self, drafts: Sequence[Draft], *, condition: Condition | None = None) -> list[Recorded[Event]]:
        """Record all of *drafts* or none.  A batch already recorded (ids and content) is returned unchanged.

        Raises:
            Conflict: an event that matches the condition was recorded after it.
            IdTaken: an id is recorded with other content, occurs twice in the batch, or is recorded without the rest.
            Unstorable: a value that would not come back unchanged from every database.
            StoreNewer: only newer programs may write here.
            StoreReadOnly, StoreBusy, StoreFull, StoreUnreachable, StoreUncertain, StoreDamaged: of the store.
        """
        if not drafts:
            return []
        began_us = self._now_us()
        batch = [self._codec.encode(draft, now_us=began_us) for draft in drafts]
        if len(batch) > 1 and len({encoded.content.id for encoded in batch}) < len(batch):
            raise IdTaken(batch[0].id, "and others: an id stands twice in this batch")
        try:
            return self._record(batch, condition)
        except (StoreUncertain, ConnectionLost) as lost:
            return self._record_or_find(batch, condition, lost)

    def bring_up(self) -> None:
        """Bring the store's tables to the current version, and correct ``meta``, as every append does first."""
        self._opened_writer()

    def bring_to(self, version: int) -> None:
        """Migrate the tables of an empty log to *version*, so that a copy has the same tables as its original."""
        migrate(self.database, self._opened_writer(), to=version)

    @contextmanager
    def beside(self) -> Iterator[Connection]:
        """Context: one transaction, in our turn, on tables beside the log: subscriptions, the outbox, contact data."""
        with self._opened_writer().transaction() as connection:
            self._may_write(connection)
            yield connection

    @contextmanager
    def traceless(self) -> Iterator[Connection]:
        """``beside`` for erasing: no file of the store keeps anything of a table that the block clears.

        Raises:
            StoreBusy: cleared, but a reader keeps the write-ahead log from being emptied; call again.
        """
        with self._opened_writer().turn() as connection, self.database.traceless(connection):
            self._may_write(connection)
            yield connection

    def erase_texts(
        self, draft: Draft, erased: Collection[tuple[int, str]], *, condition: Condition | None = None
    ) -> Recorded[Event]:
        """Record *draft*, and erase the texts with these positions and fields, in one transaction.

        Afterwards no file of the store holds them; models forget them when they meet the event.

        Raises:
            Conflict: an event that matches the condition was recorded after it.
            StoreBusy: erased, but a reader keeps the write-ahead log from being emptied; open ``traceless`` once more.
        """
        batch = [self._codec.encode(draft, now_us=self._now_us())]
        try:
            with self.traceless() as connection:
                [recorded] = self._appender.append(connection, batch, condition, now_us=self._now_us())
                drop_texts(self.database, connection, erased)
        except BaseException:
            self._appender.forget()
            raise
        return recorded

    @contextmanager
    def last_turn(self) -> Iterator[Connection]:
        """``traceless`` for moving the log, even if it was moved away before."""
        with self._opened_writer().turn() as connection, self.database.traceless(connection):
            yield connection

    def now(self) -> datetime:
        """Return the time by the log's clock, UTC."""
        return self._clock().astimezone(UTC)

    def _now_us(self) -> int:
        """Return the time by the log's clock, microseconds since 1970, UTC."""
        return time.time_ns() // 1000 if self._clock is utc_now else microseconds(self._clock())

    def _may_write(self, connection: Connection) -> None:
        """Check, within our turn, that the store was neither moved nor upgraded while we waited."""
        if self.database.take_head(connection)[1] != WRITER:
            refuse_or_mend(self.database.place, connection)

    def _record(
        self, batch: list[Encoded], condition: Condition | None, *, sent: bool = False
    ) -> list[Recorded[Event]]:
        try:
            with self._opened_writer().transaction() as connection:
                now_us = self._now_us()
                if not sent:
                    renew_ids(batch, now_us)
                return self._appender.append(connection, batch, condition, now_us=now_us, sent=sent)
        except BaseException:
            self._appender.forget()
            raise

    def _record_or_find(
        self, batch: list[Encoded], condition: Condition | None, lost: StoreUncertain | ConnectionLost
    ) -> list[Recorded[Event]]:
        """Append after a lost connection: events recorded before are found by their ids, others are recorded now."""
        for pause_s in PATIENCE_S:
            time.sleep(pause_s)
            try:
                return self._record(batch, condition, sent=True)
            except (StoreUncertain, StoreUnreachable) as again:
                lost = again if isinstance(again, StoreUncertain) else lost
        raise lost

    def _upto(self, upto: int | None) -> int:
        head = self.head().position
        return head if upto is None else min(upto, head)

    def refuse_unknown(self, query: Query, after: int, upto: int) -> None:
        """Refuse to decide by a part of the log that only a newer program understands.

        Raises:
            StoreNewer: an event under the tags of *query*, after *after* up to *upto*, is of an unknown kind.
        """
        if unknown := self.unknown_kinds():
            for page in self._reader.found(under_tags(query, unknown), after, upto):
                for row in page:
                    raise newer(row[-2], position=row[0])

    def _opened_writer(self) -> LogWriter:
        """Return the writer; first migrate the store of an older release, if we may write to it.

        Raises:
            StoreReadOnly: the log was opened for reading only.
        """
        if self._is_current and (writer := self._writer) is not None:
            return writer
        if self.readonly:
            raise StoreReadOnly(self.database.place)
        with self._opening:
            writer = self._writer = self._writer or self.database.writer()
            if not self._is_current and self._reader.min_writer() <= WRITER:
                migrate(self.database, writer, record=UPGRADED in self.kinds)
            self._is_current = True
        return writer
