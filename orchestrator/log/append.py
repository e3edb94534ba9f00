"""One append, step by step, within the writer's transaction."""

from collections.abc import Sequence

from domain.core.event import Event, Recorded
from domain.core.refusal import Refused
from orchestrator.log.append_condition import Condition, Head
from orchestrator.log.codec import CONTENT, READ, Codec, Content, Encoded, made, with_stored_salts
from orchestrator.log.database.columns import (
    ANY,
    INSERT_EVENT_TAG,
    MIN_WRITER,
    MOVE_HEAD,
    MOVE_HEAD_FROM,
    MOVED,
    WRITER,
    insert_tags_of_event,
)
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.database import Database
from orchestrator.log.database.meta import expected_min_writer, put
from orchestrator.log.hash_chain import event_hash
from orchestrator.log.refusals import Conflict, IdTaken, StoreDamaged, StoreMoved, StoreNewer
from orchestrator.log.relocation import LAST, notice
from orchestrator.log.tag_query import REMEMBERED, Ids, positions
from orchestrator.log.texts import put_texts, texts_at

_CONTENT = f"SELECT position, {CONTENT} FROM events WHERE id = ?"  # noqa: S608 - constants
_RECORDED = f"SELECT {READ} FROM events WHERE id = ?"  # noqa: S608 - constants


class Appender:
    """Appends batches of events for one process; caches the ids of tags and kinds, and the head, between appends."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database, self._codec = database, codec
        self._tags, self._kinds = Ids("tags", "tag"), Ids("kinds", "kind")
        self._entries: dict[tuple[str, tuple[str, ...]], tuple[int, ...]] = {}
        self._last: Head | None = None
        """The head after our last append: mostly still the head, which the UPDATE that moves it finds out by itself."""

    def append(
        self,
        connection: Connection,
        batch: Sequence[Encoded],
        condition: Condition | None,
        *,
        now_us: int,
        sent: bool = False,
    ) -> list[Recorded[Event]]:
        """Look up event ids, move the head, check the condition, and insert.

        Args:
            connection: within the open transaction, which the caller rolls back on any error.
            batch: the events to record.
            condition: append condition; None appends in any case.
            now_us: time of recording, microseconds since 1970 UTC.
            sent: the batch was sent before and may be recorded already, even under ids that the log generated.

        Returns:
            The recorded events; those recorded earlier if the whole batch is recorded already.

        Raises:
            IdTaken: an id is recorded with other content, or without the rest of the batch.
            Conflict: an event that matches the condition was recorded after it.
            StoreMoved, StoreNewer: this program may not write here.
            StoreDamaged: the log ends before the position of the condition.
        """
        head, rows = self._last, None
        if head is not None and not sent and all(encoded.draft.id is None for encoded in batch):
            rows = _rows(batch, head, now_us)  # right if nobody else appended, which the next statement finds out
        if head is None or rows is None or not _moved_from(connection, head, rows):
            head = self._take_head(connection)
            if repeated := self._repeated(connection, batch, sent=sent):
                return repeated
            rows = _rows(batch, head, now_us)
            connection.execute(MOVE_HEAD, (rows[-1][0], bytearray(rows[-1][-1])))  # see insert_statement
        if condition is not None:
            self._check(connection, condition, head)
        recorded = self._insert(connection, batch, rows)
        self._last = Head(recorded[-1].position, recorded[-1].hash)
        return recorded

    def forget(self) -> None:
        """Drop the cached ids: the transaction was rolled back, and with it ids that it may have assigned."""
        self._tags.forget()
        self._kinds.forget()
        self._entries.clear()
        self._last = None

    def _take_head(self, connection: Connection) -> Head:
        head, min_writer = self._database.take_head(connection)
        if min_writer != WRITER:
            refuse_or_mend(self._database.place, connection)
        return head

    def _repeated(self, connection: Connection, batch: Sequence[Encoded], *, sent: bool) -> list[Recorded[Event]]:
        given = batch if sent else [encoded for encoded in batch if encoded.draft.id is not None]
        if not given:
            return []
        standing = [encoded for encoded in given if _stands(connection, encoded)]
        if standing and len(standing) < len(batch):
            raise IdTaken(standing[0].id, "is recorded already, but the rest of this batch is not")
        rows = (connection.execute(_RECORDED, (encoded.content.id,)).fetchone() for encoded in standing)
        return [self._codec.decode(row, strict=False) for row in rows]

    def _check(self, connection: Connection, condition: Condition, head: Head) -> None:
        if condition.after > head.position:
            known = f"the log ends at {head.position}, and was read up to {condition.after}: part of it is gone"
            raise StoreDamaged(self._database.place, known, position=head.position + 1)
        if condition.after == head.position:
            return
        matching, texts = positions(condition.query)
        ((first,),) = connection.execute(
            f"SELECT min(position) FROM ({matching}) AS matching",  # noqa: S608 - numbered parameters
            (condition.after, head.position, *texts),
        ).fetchall()
        if first is not None:
            ((kind,),) = connection.execute("SELECT kind FROM events WHERE position = ?", (first,)).fetchall()
            raise Conflict(first, kind, after=condition.after)

    def _insert(self, connection: Connection, batch: Sequence[Encoded], rows: Sequence[Row]) -> list[Recorded[Event]]:
        self._database.insert_events(connection, rows)
        index, recorded = [], []
        for (_, tags, _, event, draft, _), row in zip(batch, rows, strict=True):
            position, id_, kind, _, _, _, actor, via, _, time, at_us, _, correlation, _, hash_ = row
            index.append((position, *self._entries_of(connection, kind, tags)))
            recorded.append(
                made(Recorded, (position, event, actor, via, draft.why, hash_, id_, time, at_us, correlation))
            )
        if len(index) == 1:
            connection.execute(insert_tags_of_event(len(index[0]) - 2), index[0])
        else:
            entries = [(tag_id, kind_id, at) for at, kind_id, *tag_ids in index for tag_id in tag_ids]
            connection.executemany(INSERT_EVENT_TAG, entries)
        put_texts(connection, zip((row[0] for row in rows), batch, strict=True))
        return recorded

    def _entries_of(self, connection: Connection, kind: str, tags: tuple[str, ...]) -> tuple[int, ...]:
        """Return the ids in the tag index of *kind* and of the tags, ``ANY`` among them, of an event with *tags*."""
        entries = self._entries.get((kind, tags))
        if entries is None:
            kind_id = self._kinds.of(connection, kind)
            entries = (kind_id, *(self._tags.of(connection, tag) for tag in (ANY, *tags)))
            if len(self._entries) >= REMEMBERED:
                self._entries.clear()
            self._entries[kind, tags] = entries
        return entries


def _rows(batch: Sequence[Encoded], head: Head, at_us: int) -> list[Row]:
    """Return the rows of *batch* after *head*, all columns in order, each with the hash of the one before it."""
    position, last = head
    rows: list[Row] = []
    for (id_, kind, schema, data, actor, via, why, time, cause, correlation), _, tags, _, _, _ in batch:
        position += 1
        row = position, id_, kind, schema, data, tags, actor, via, why, time, at_us, cause, correlation, last
        last = event_hash(row)
        rows.append((*row, last))
    return rows


def _moved_from(connection: Connection, head: Head, rows: Sequence[Row]) -> bool:
    """Move the log's head from *head* to the last of *rows*; False if the head is another or we may not write."""
    to = rows[-1][0], bytearray(rows[-1][-1])
    return connection.execute(MOVE_HEAD_FROM, (*to, head.position, bytearray(head.hash))).rowcount == 1


def refuse_or_mend(place: str, connection: Connection) -> None:
    """Set the least permitted writer in ``meta`` to the value that the events require; within the open transaction.

    Raises:
        StoreMoved, StoreNewer: this program may not write here.
    """
    min_writer = expected_min_writer(connection)
    if min_writer > WRITER:
        raise may_not_write(place, min_writer, connection)
    put(connection, MIN_WRITER, min_writer)


def may_not_write(place: str, min_writer: int, connection: Connection) -> Refused:
    """Return the refusal for a program that may not append here."""
    if min_writer == MOVED:
        return StoreMoved(place, notice(connection.execute(LAST).fetchall()))
    return StoreNewer(f"{place} is for newer takesheets to write", min_writer=min_writer, writer=WRITER)


def _stands(connection: Connection, encoded: Encoded) -> bool:
    """True if the event is recorded already.  Raises: ``IdTaken``, if its id is recorded with other content."""
    row = connection.execute(_CONTENT, (encoded.content.id,)).fetchone()
    if row is None:
        return False
    position, stored = row[0], Content(*row[1:])
    if stored == encoded.content:
        return True
    if encoded.texts:
        found = texts_at(lambda sql: connection.execute(sql).fetchall(), [position])
        if with_stored_salts(encoded, stored, {field: opening for (_, field), opening in found.items()}) == stored:
            return True
    raise IdTaken(encoded.id, "is recorded already, with other content")
