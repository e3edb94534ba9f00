"""A log moved to another place: copied and proved while nobody can append, then the old one is sealed.

Killed at any moment, the log is whole in its old place, or sealed there and whole in the new one: the same move again
takes up where it ended.  What is sealed holds nobody's contact data any more: it would never be erased there.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from orchestrator.log.append import may_not_write
from orchestrator.log.connection import Connection, Row
from orchestrator.log.contacts import make_anew
from orchestrator.log.draft import Head
from orchestrator.log.meta import expected_min_writer
from orchestrator.log.refusals import StoreDamaged, StoreExists, StoreMissing, StoreMoved
from orchestrator.log.schema import COLUMNS, MIN_WRITER, MOVED, WRITER
from orchestrator.log.store import Log
from orchestrator.log.url import Place
from orchestrator.log.verify import verify

TABLES: Final = {
    "kinds": ("id", "kind"),
    "tags": ("id", "tag"),
    "events": tuple(COLUMNS.split(", ")),
    "event_tags": ("tag", "kind", "position"),
    "checkpoints": ("position", "hash", "signature"),
}
BESIDE: Final = {
    "subscriptions": ("name", "position"),
    "outbox": ("subscription", "position", "number", "notice"),
    "parked": ("subscription", "position", "reason"),
    "contacts": ("person", "field", "value"),
}
"""All that a store holds but its views, which are made anew: the log, and what lies beside it."""


def move(source: Log, target: Place) -> Head:
    """Copy *source* to *target*, prove the copy, and let nobody append to the source any more.

    Raises:
        StoreExists: *target* holds something else, or this log was moved away from there.
        StoreDamaged: the source is not what was recorded, or the copy is not the source; nothing was changed.
        StoreMoved: the source was moved away already, and not to *target*.
        StoreBusy: it is moved, but contact data is not yet out of every file of the source; the same again.
    """
    with source.last_turn() as connection:
        identity, head = _identity(connection)
        min_writer = expected_min_writer(connection)
        if WRITER < min_writer != MOVED:
            raise may_not_write(source.database.place, min_writer)
        with _made(source, target, identity, sealed=min_writer == MOVED) as copied:
            if copied.head() != head:
                _fill(source, connection, copied, head)
            elif min_writer != MOVED:
                _fill_beside(source, connection, copied)  # it may have changed since the try that was killed
            _prove(copied, head)
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (MOVED, MIN_WRITER))
        make_anew(connection, ())
    return head


def copy(source: Log, target: Path) -> Head:
    """Copy one state of *source* to a new file, while others go on appending.

    Raises:
        StoreNewer: only newer programs know all that the source holds.
    """
    with source.database.told(), closing(source.database.connect()) as connection:
        source.database.begin_reading(connection)
        identity, head = _identity(connection)
        min_writer = expected_min_writer(connection)
        if min_writer > WRITER:
            raise may_not_write(source.database.place, min_writer)
        with Log.create(target, kinds=source.kinds, identity=identity) as copied:
            _fill(source, connection, copied, head)
    return head


def _identity(connection: Connection) -> tuple[UUID, Head]:
    ((log, position, hash_),) = connection.execute("SELECT log, position, hash FROM log_head").fetchall()
    return UUID(bytes=log), Head(position, hash_)


def _made(source: Log, target: Place, identity: UUID, *, sealed: bool) -> Log:
    """The log at *target*: a new one, or what an earlier try has left of this very one."""
    if sealed:  # the copy that was made then has what is here no more
        try:
            return _left(source, target, identity, at={source.head().position})
        except StoreMissing:
            raise StoreMoved(source.database.place) from None
    try:
        return Log.create(target, kinds=source.kinds, identity=identity)
    except StoreExists:
        return _left(source, target, identity, at={0, source.head().position})


def _left(source: Log, target: Place, identity: UUID, *, at: set[int]) -> Log:
    there = Log.open(target, kinds=source.kinds)
    with closing(there.database.connect()) as connection:
        found, head = _identity(connection)
        min_writer = expected_min_writer(connection)
    if found != identity or head.position not in at or min_writer == MOVED:
        there.close()
        raise StoreExists(there.database.place)
    return there


def _fill(source: Log, reading: Connection, copied: Log, head: Head) -> None:
    with copied.beside() as writing:
        for table, columns in (TABLES | BESIDE).items():
            copied.database.fill(writing, table, columns, _rows(source, reading, table, columns))
        writing.execute("UPDATE log_head SET position = ?, hash = ?", (head.position, head.hash))


def _fill_beside(source: Log, reading: Connection, copied: Log) -> None:
    with copied.traceless() as writing:
        make_anew(writing, _rows(source, reading, "contacts", BESIDE["contacts"]))
        for table, columns in BESIDE.items():
            if table != "contacts":
                writing.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
                copied.database.fill(writing, table, columns, _rows(source, reading, table, columns))


def _rows(source: Log, reading: Connection, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    names = ", ".join(columns)
    given = "WHERE id <> 0" if table == "tags" else ""  # every new log has the tag of all events already
    order = "position" if table == "events" else "1"
    yield from source.database.every_row(reading, f"SELECT {names} FROM {table} {given} ORDER BY {order}")  # noqa: S608 - our own names


def _prove(copied: Log, head: Head) -> None:
    found = verify(copied)
    if not found.sound:
        first = found.problems[0]
        raise StoreDamaged(copied.database.place, f"the copy is not sound: {first.what}", position=first.position)
    if found.head != head:
        raise StoreDamaged(copied.database.place, f"the copy ends at {found.head.position}, not at {head.position}")
