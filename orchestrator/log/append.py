"""One append, step by step, within the writer's transaction."""

from collections.abc import Sequence

from domain.core.event import Event, Recorded
from domain.core.refusal import Refused
from orchestrator.log.append_condition import Condition, Head
from orchestrator.log.codec import CONTENT, READ, Codec, Encoded
from orchestrator.log.database.columns import ANY, INSERT_EVENT_TAG, MIN_WRITER, MOVE_HEAD, MOVED, WRITER
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.database.meta import expected_min_writer, put
from orchestrator.log.hash_chain import event_hash
from orchestrator.log.refusals import Conflict, IdTaken, StoreDamaged, StoreMoved, StoreNewer
from orchestrator.log.relocation import LAST, notice
from orchestrator.log.tag_query import REMEMBERED, Ids, positions

_CONTENT = f"SELECT {CONTENT} FROM events WHERE id = ?"  # noqa: S608 - constants
_RECORDED = f"SELECT {READ} FROM events WHERE id = ?"  # noqa: S608 - constants


class Appender:
    """Appends batches of events for one process; caches the ids of tags and kinds between appends."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database, self._codec = database, codec
        self._tags, self._kinds = Ids("tags", "tag"), Ids("kinds", "kind")
        self._entries: dict[tuple[str, tuple[str, ...]], list[tuple[int, int]]] = {}

    def append(
        self,
        connection: Connection,
        batch: Sequence[Encoded],
        condition: Condition | None,
        *,
        now_us: int,
        sent: bool = False,
    ) -> list[Recorded[Event]]:
        """Take the head, look up event ids, check the condition, insert, and move the head.

        Args:
            connection: within our transaction.
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
        head = self._take_head(connection)
        if repeated := self._repeated(connection, batch, sent=sent):
            return repeated
        if condition is not None:
            self._check(connection, condition, head)
        recorded = self._insert(connection, batch, head, now_us)
        connection.execute(MOVE_HEAD, (recorded[-1].position, recorded[-1].hash))
        return recorded

    def forget(self) -> None:
        """Drop the cached ids: the transaction was rolled back, and with it ids that it may have assigned."""
        self._tags.forget()
        self._kinds.forget()
        self._entries.clear()

    def _take_head(self, connection: Connection) -> Head:
        head, min_writer = self._database.take_head(connection)
        if min_writer != WRITER:
            refuse_or_mend(self._database.place, connection)
        return head

    def _repeated(self, connection: Connection, batch: Sequence[Encoded], *, sent: bool) -> list[Recorded[Event]]:
        given = batch if sent else [encoded for encoded in batch if encoded.draft.id is not None]
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

    def _insert(
        self, connection: Connection, batch: Sequence[Encoded], head: Head, at_us: int
    ) -> list[Recorded[Event]]:
        position, last = head.position, head.hash
        rows, index, recorded = [], [], []
        for encoded in batch:
            position += 1
            id_, kind, schema, data, actor, via, why, time, cause, correlation = encoded.content
            tags = encoded.tags_text
            row = position, id_, kind, schema, data, tags, actor, via, why, time, at_us, cause, correlation, last
            last = event_hash(row)
            rows.append((*row, last))
            index += [
                (tag_id, kind_id, position) for tag_id, kind_id in self._entries_of(connection, kind, encoded.tags)
            ]
            recorded.append(Recorded(position, encoded.event, actor, via, why, last, id_, time, at_us, correlation))
        self._database.insert_events(connection, rows)
        connection.executemany(INSERT_EVENT_TAG, index)
        return recorded

    def _entries_of(self, connection: Connection, kind: str, tags: tuple[str, ...]) -> list[tuple[int, int]]:
        """Return the (tag id, kind id) pairs of the tag index for an event of *kind* with *tags*."""
        entries = self._entries.get((kind, tags))
        if entries is None:
            kind_id = self._kinds.of(connection, kind)
            entries = [(self._tags.of(connection, tag), kind_id) for tag in (ANY, *tags)]
            if len(self._entries) >= REMEMBERED:
                self._entries.clear()
            self._entries[kind, tags] = entries
        return entries


def refuse_or_mend(place: str, connection: Connection) -> None:
    """Set the least permitted writer in ``meta`` to the value that the events require; within our transaction.

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
    row = connection.execute(_CONTENT, (encoded.content.id,)).fetchone()
    if row is not None and row != encoded.content:
        raise IdTaken(encoded.id, "is recorded already, with other content")
    return row is not None
