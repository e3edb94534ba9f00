"""Move of a log to another place: copied and verified while nobody can append, then the old log is sealed.

If the move is killed, the log is either whole in its old place, or sealed there and whole in the new one; the same move
again continues it.  A sealed log holds no contact data and no texts any more, since nobody would erase them there.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.core.event import Event
from domain.store.relocation import LogMoved
from orchestrator.log.append import Appender, may_not_write
from orchestrator.log.append_condition import Draft, Head
from orchestrator.log.codec import Codec, microseconds
from orchestrator.log.database.columns import COLUMNS, MIN_WRITER, MOVED, WRITER
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.meta import expected_min_writer
from orchestrator.log.database.side_table import ERASABLE
from orchestrator.log.database.url import Place
from orchestrator.log.migrations.migrate import expected
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged, StoreExists, StoreMissing, StoreMoved
from orchestrator.log.relocation import destination
from orchestrator.log.store import Log, utc_now

TABLES: Final = {
    "kinds": ("id", "kind"),
    "tags": ("id", "tag"),
    "events": tuple(COLUMNS.split(", ")),
    "event_tags": ("tag", "kind", "position"),
    "checkpoints": ("position", "hash", "signature"),
}
BESIDE: Final = {
    "subscriptions": ("name", "position"),
    "parked": ("subscription", "position", "reason"),
    **{table.name: table.columns for table in ERASABLE},
}
"""All tables of a store but those of views, which release 0.1.0 makes anew: ``TABLES`` hold the log, ``BESIDE`` are
outside its proof.
"""


def move(source: Log, target: Place, *, actor: str = "robot", via: str = "takesheet") -> Head:
    """Copy *source* to *target*, verify the copy, and let nobody append to the source any more.

    The last event of both says where the log went.

    Args:
        source: the log.
        target: its new place.
        actor: the person who moves it.
        via: their user and host.

    Returns:
        The head of both logs.

    Raises:
        StoreExists: *target* holds something else, or this log was moved away from there.
        StoreDamaged: the source is not what was recorded, or the copy is not the source; nothing was changed.
        StoreMoved: the source was moved away already, and not to *target*.
        StoreBusy: the log is moved, but a file of the source still holds contact data or texts; call again.
    """
    with source.last_turn() as connection:
        identity, head = _identity(connection)
        min_writer = expected_min_writer(connection)
        if WRITER < min_writer != MOVED:
            raise may_not_write(source.database.place, min_writer, connection)
        # Sealing needs the rights of the log's owner: fail now rather than after the copy.
        connection.execute("UPDATE meta SET value = value WHERE key = ?", (MIN_WRITER,))
        with _made(source, target, identity, sealed=min_writer == MOVED) as copied:
            if min_writer != MOVED:
                head = _depart(source, connection, copied, Draft(event=destination(target), actor=actor, via=via))
                if copied.head() != head:
                    _fill(source, connection, copied, head)
                else:
                    _fill_beside(source, connection, copied)  # may have changed since the killed attempt
            _prove(copied, head)
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (MOVED, MIN_WRITER))
        for table in ERASABLE:
            table.rewrite(source.database, connection, ())
    return head


def check_move(source: Log, target: Place) -> Head:
    """Check that :func:`move` can take *source* to *target*, and change nothing; return the head of *source*.

    Raises:
        StoreExists, StoreDamaged, StoreMoved: as ``move``.  Rights on a database server, and space for the copy, are
            not checked.
    """
    with closing(source.database.connect()) as connection:
        identity, head = _identity(connection)
        min_writer = expected_min_writer(connection)
    sealed = min_writer == MOVED
    if min_writer > WRITER and not sealed:
        with closing(source.database.connect()) as connection:
            raise may_not_write(source.database.place, min_writer, connection)
    at = {head.position} if sealed else {0, head.position, head.position + 1}
    try:
        _left(source, target, identity, at=at, readonly=True).close()
    except StoreMissing:
        if sealed:
            raise StoreMoved(source.database.place, source.moved() or "") from None
    found = verify(source)
    if not found.sound:
        first = found.problems[0]
        raise StoreDamaged(source.database.place, first.what, position=first.position)
    return head


def _depart(source: Log, connection: Connection, copied: Log, draft: Draft) -> Head:
    """Record the move in the source; in a copy left by an earlier attempt, match that event or add it."""
    codec = Codec(copied.kinds, source.database.place)
    _, head = _identity(connection)
    left = copied.head()
    now_us = microseconds(utc_now())
    if left.position == head.position + 1:
        [recorded] = copied.read_all(after=head.position)
        if not isinstance(recorded.event, LogMoved):
            raise StoreExists(copied.database.place)
        draft = Draft(event=recorded.event, actor=recorded.actor, via=recorded.via, id=recorded.id)
        now_us = recorded.recorded_us
    batch = [codec.encode(draft, now_us=now_us)]
    [last] = Appender(source.database, codec).append(connection, batch, None, now_us=now_us)
    if left == head and left.position:
        with copied.beside() as writing:
            Appender(copied.database, codec).append(writing, batch, None, now_us=now_us)
    elif left.position and left != Head(last.position, last.hash):
        raise StoreExists(copied.database.place)
    return Head(last.position, last.hash)


def copy(source: Log, target: Path) -> Head:
    """Copy one state of *source* to a new file, while others go on appending; return its head.

    Raises:
        StoreNewer: only newer programs know all that the source holds.
    """
    with source.database.translated_errors(), closing(source.database.connect()) as connection:
        source.database.begin_reading(connection)
        identity, head = _identity(connection)
        min_writer = expected_min_writer(connection)
        if min_writer > WRITER:
            raise may_not_write(source.database.place, min_writer, connection)
        with Log.create(target, kinds=source.kinds, identity=identity) as copied:
            copied.bring_to(expected(source.database, connection).version)
            _fill(source, connection, copied, head)
    return head


def _identity(connection: Connection) -> tuple[UUID, Head]:
    ((log, position, hash_),) = connection.execute("SELECT log, position, hash FROM log_head").fetchall()
    return UUID(bytes=log), Head(position, hash_)


def _made(source: Log, target: Place, identity: UUID, *, sealed: bool) -> Log:
    """Return the log at *target*: a new one, or the copy that an earlier attempt at this move left."""
    if sealed:  # the sealed source has lost its contact data and texts, the existing copy has them
        try:
            return _left(source, target, identity, at={source.head().position})
        except StoreMissing:
            raise StoreMoved(source.database.place, source.moved() or "") from None
    try:
        return Log.create(target, kinds=_kinds(source), identity=identity)
    except StoreExists:
        head = source.head().position
        return _left(source, target, identity, at={0, head, head + 1})


def _left(source: Log, target: Place, identity: UUID, *, at: set[int], readonly: bool = False) -> Log:
    there = Log.open(target, kinds=_kinds(source), readonly=readonly)
    with closing(there.database.connect()) as connection:
        found, head = _identity(connection)
        min_writer = expected_min_writer(connection)
    if found != identity or head.position not in at or min_writer == MOVED:
        there.close()
        raise StoreExists(there.database.place)
    return there


def _kinds(source: Log) -> Mapping[str, type[Event]]:
    return {**source.kinds, "log-moved": LogMoved}


def _fill(source: Log, reading: Connection, copied: Log, head: Head) -> None:
    with copied.beside() as writing:
        known = copied.database.tables(writing)
        for table, columns in (TABLES | BESIDE).items():
            if table not in known:  # of a newer version than the source
                continue
            copied.database.fill(writing, table, columns, _rows(source, reading, table, columns))
        writing.execute("UPDATE log_head SET position = ?, hash = ?", (head.position, head.hash))


def _fill_beside(source: Log, reading: Connection, copied: Log) -> None:
    with copied.traceless() as writing:
        for table in ERASABLE:
            table.rewrite(copied.database, writing, _rows(source, reading, table.name, table.columns))
        for name in BESIDE.keys() - {table.name for table in ERASABLE}:
            writing.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
            copied.database.fill(writing, name, BESIDE[name], _rows(source, reading, name, BESIDE[name]))


def _rows(source: Log, reading: Connection, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    names = ", ".join(columns)
    given = "WHERE id <> 0" if table == "tags" else ""  # every new log has this tag already
    order = "position" if table == "events" else "1"
    yield from source.database.every_row(reading, f"SELECT {names} FROM {table} {given} ORDER BY {order}")  # noqa: S608 - our own names


def _prove(copied: Log, head: Head) -> None:
    found = verify(copied)
    if not found.sound:
        first = found.problems[0]
        raise StoreDamaged(copied.database.place, f"the copy is not sound: {first.what}", position=first.position)
    if found.head != head:
        raise StoreDamaged(copied.database.place, f"the copy ends at {found.head.position}, not at {head.position}")
