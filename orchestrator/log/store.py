"""The log of a store on SQLite: read by query, appended to in one transaction, followed by views."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import TracebackType
from typing import Self
from uuid import uuid4

from domain.event import Event, Recorded
from orchestrator.log import views as viewing
from orchestrator.log.append import Appender
from orchestrator.log.codec import Codec, microseconds, newer
from orchestrator.log.connection import Told, Transaction, connect
from orchestrator.log.draft import Condition, Draft, Head
from orchestrator.log.find import under_tags
from orchestrator.log.query import Query
from orchestrator.log.reader import Reader
from orchestrator.log.refusals import IdTaken, StoreExists, StoreMissing, StoreReadOnly
from orchestrator.log.schema import WRITER, lay
from orchestrator.log.turnstile import Turnstile
from orchestrator.log.views import View
from orchestrator.log.writer import Writer

Clock = Callable[[], datetime]

BATCH = 4096
"""Events by which a view is brought on in one transaction, before others may write again."""


def utc_now() -> datetime:
    """The time of day, as the log asks for it."""
    return datetime.now(UTC)


class Log:
    """One ordered, tagged, hashed log; shared freely by threads and processes, but not carried across a fork.

    Made by ``create`` or ``open``; ended by ``close``, or as a context manager.
    """

    def __init__(
        self, path: Path, *, kinds: Mapping[str, type[Event]], views: Sequence[View], readonly: bool, clock: Clock
    ) -> None:
        self.path, self.views, self.readonly = path, tuple(views), readonly
        self._clock, self._codec, self._reader = clock, Codec(kinds, path), Reader(path)
        self._appender = Appender(path, self._codec, self.views)
        self._writer: Writer | None = None
        self._opening = Lock()

    @classmethod
    def create(
        cls, path: Path, *, kinds: Mapping[str, type[Event]], views: Sequence[View] = (), clock: Clock = utc_now
    ) -> Self:
        """Make an empty log at *path*, in a folder that exists.  It appears whole or not at all.

        Raises:
            StoreExists: something is there already.
        """
        with closing(Turnstile(path)) as turnstile, Told(path), turnstile:
            if path.exists():
                raise StoreExists(path)
            _make(path)
        return cls.open(path, kinds=kinds, views=views, clock=clock)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        kinds: Mapping[str, type[Event]],
        views: Sequence[View] = (),
        readonly: bool = False,
        clock: Clock = utc_now,
    ) -> Self:
        """Open the log at *path*.

        Args:
            path: the SQLite file.
            kinds: the event classes by kind.
            views: projections that an append moves along, where they stand at the head.
            readonly: never write to the file, not even views.
            clock: gives the time of recording, with its offset from UTC.

        Raises:
            StoreMissing: there is no such file.
            StoreDamaged: it is no log of ours, or damaged.
        """
        if not path.exists():
            raise StoreMissing(path)
        return cls(path, kinds=kinds, views=views, readonly=readonly, clock=clock)

    def close(self) -> None:
        """Let go of the file; once more does no harm."""
        self._reader.close()  # first, so that the writer is the last one out and folds the write-ahead log in
        with self._opening:
            writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def head(self) -> Head:
        """Where the log ends."""
        return self._reader.head()

    def read(self, query: Query, *, after: int = 0, upto: int | None = None) -> Iterator[Recorded[Event]]:
        """What *query* matches, in order: after position *after*, up to and with *upto* (or the head as it is now).

        Raises:
            StoreNewer: under the query's tags stands an event that only a newer program understands.
            StoreDamaged: a stored event cannot be read.
        """
        upto = self._upto(upto)
        self._refuse_unknown(query, after, upto)
        return (self._codec.decode(row, strict=True) for row in self._reader.found(query, after, upto))

    def read_all(self, *, after: int = 0, upto: int | None = None) -> Iterator[Recorded[Event]]:
        """Every event after *after*, up to and with *upto*; what only a newer program knows comes as ``Unknown``."""
        rows = self._reader.all(after, self._upto(upto))
        return (self._codec.decode(row, strict=False) for row in rows)

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
            StoreReadOnly, StoreBusy, StoreFull, StoreUnreachable, StoreDamaged: of the file.
        """
        if not drafts:
            return []
        began_us = microseconds(self._clock())
        batch = [self._codec.encode(draft, now_us=began_us) for draft in drafts]
        if len({encoded.id for encoded in batch}) < len(batch):
            raise IdTaken(batch[0].id, "and others: an id stands twice in this batch")
        try:
            with self._opened_writer().transaction() as connection:
                return self._appender.append(connection, batch, condition, now_us=microseconds(self._clock()))
        except BaseException:
            self._appender.forget()
            raise

    def bring(self, view: View) -> sqlite3.Connection:
        """Bring *view* to the head.  The connection its tables are read from is the caller's to close.

        Where this program may not write to the file, the view is made anew in memory.
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
        with Told(self.path):
            return connect(self.path, "ro")

    def replay(self, view: View, upto: int | None = None) -> sqlite3.Connection:
        """*view* as it stood at position *upto* (or stands now), in memory; the caller's to close."""
        connection = viewing.alone(":memory:", view)
        viewing.feed(connection, view, self.read_all(upto=upto))
        return connection

    def rebuild(self, view: View) -> None:
        """Make *view* anew beside the old one, catch up, and swap them; readers see the one or the other."""
        with TemporaryDirectory(prefix="takesheet-view-") as folder:
            scratch = Path(folder) / "beside.sqlite"
            with closing(viewing.alone(str(scratch), view)) as beside:
                reached = viewing.feed(beside, view, self.read_all())
                with self._opened_writer().turn() as connection:
                    reached = viewing.feed(beside, view, self.read_all(after=reached)) or reached
                    viewing.swap(connection, view, beside, scratch, reached)

    def _upto(self, upto: int | None) -> int:
        head = self.head().position
        return head if upto is None else min(upto, head)

    def _refuse_unknown(self, query: Query, after: int, upto: int) -> None:
        stored = {kind for (kind,) in self._reader.rows("SELECT kind FROM kinds")}
        unknown = frozenset(stored.difference(self._codec.kinds))
        if unknown:
            for row in self._reader.found(under_tags(query, unknown), after, upto):
                raise newer(row[2], position=row[0])

    def _behind(self, view: View) -> bool:
        rows = self._reader.rows(
            "SELECT 1 FROM views JOIN log_head ON views.position >= log_head.position WHERE name = ? AND version = ?",
            (view.name, view.version),
        )
        return not rows

    def _opened_writer(self) -> Writer:
        if self.readonly:
            raise StoreReadOnly(self.path)
        with self._opening:
            if self._writer is None:
                self._writer = Writer(self.path)
            return self._writer


def _make(path: Path) -> None:
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        unfinished = Path(folder) / path.name
        with closing(connect(unfinished, "rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with Transaction(connection):
                lay(connection, uuid4())
        unfinished.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
