"""Climbing: from the tables a store has to those this program knows, or back to those an older one does."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from orchestrator.log.database.columns import MIN_WRITER, WRITER
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database, LogWriter
from orchestrator.log.database.meta import VERSION, Meta, expected_min_writer, put, recorded, stored
from orchestrator.log.migrations.m0001_log import THE_LOG
from orchestrator.log.migrations.m0002_side_tables import BESIDE_THE_LOG
from orchestrator.log.migrations.migration import Migration
from orchestrator.log.migrations.upgrade import record_upgrade
from orchestrator.log.refusals import StoreDamaged, StoreNewer

RUNGS: Final[tuple[Migration, ...]] = (THE_LOG, BESIDE_THE_LOG)

UNRECORDED: Final = {Meta(THE_LOG.number, 1), Meta(BESIDE_THE_LOG.number, 1)}
"""What ``meta`` said in stores of release 0.1.0, which recorded no event of it."""

_CREATED: Final = re.compile(r"\s*CREATE TABLE (\w+)")


def expected(database: Database, connection: Connection, rungs: Sequence[Migration] = RUNGS) -> Meta:
    """What ``meta`` must say: by the last ``store-upgraded``, and without one by the tables that stand."""
    upgraded = recorded(connection)
    version = _version_by_tables(database, connection, rungs) if upgraded is None else upgraded.version
    return Meta(version, expected_min_writer(connection))


def is_right(connection: Connection, meta: Meta) -> bool:
    """True where ``meta`` says what it must say."""
    return not list(differences(connection, meta))


def differences(connection: Connection, meta: Meta) -> Iterator[str]:
    """A sentence for each row of ``meta`` that is missing or says something else than it must."""
    rows = {VERSION: THE_LOG.number} | stored(connection)  # the first release wrote no version
    for key, value in ((VERSION, meta.version), (MIN_WRITER, meta.min_writer)):
        if key not in rows:
            yield f"meta has no row {key}; by the events it is {value}"
        elif rows[key] != value:
            yield f"meta says {rows[key]!r} of {key}; by the events it is {value}"


def migrate(
    database: Database,
    writer: LogWriter,
    *,
    to: int | None = None,
    rungs: Sequence[Migration] = RUNGS,
    record: bool = False,
) -> list[tuple[int, str]]:
    """Bring a store to version *to*, and correct ``meta``; the rungs that were climbed, with what each brought or took.

    Args:
        database: where the log lies.
        writer: takes the turn.
        to: the newest that is known here, where none is named.  A store that stands higher is then left as it is.
        rungs: those that are known, in order.
        record: record the version as an event, even where it is one that stores had before there was such an event.

    Raises:
        StoreNewer: only newer programs may write there, or it stands on a rung that is not known here.
        StoreDamaged: what is recorded, or what guards it, would not have come through whole; nothing was changed.
    """
    with writer.turn() as connection:
        now = expected(database, connection, rungs)
        settled = is_right(connection, now) and not (record and recorded(connection) is None)
    wanted = max(now.version, rungs[-1].number) if to is None else to
    if wanted < now.version:
        with writer.turn() as connection, database.traceless(connection):  # what is dropped may be about people
            return _climb(database, connection, wanted, rungs, record=record)
    if wanted > now.version or not settled:
        with writer.transaction() as connection:
            return _climb(database, connection, wanted, rungs, record=record)
    return []


def _climb(
    database: Database, connection: Connection, to: int, rungs: Sequence[Migration], *, record: bool
) -> list[tuple[int, str]]:
    now = expected(database, connection, rungs)  # another writer may have been here
    if now.min_writer > WRITER or (to != now.version and now.version not in {rung.number for rung in rungs}):
        detail = f"{database.place} is for newer takesheets to change"
        raise StoreNewer(detail, min_writer=now.min_writer, writer=WRITER)
    with database.making(connection):
        done = _give_rungs(connection, now.version, to, rungs)
        if done:
            now = Meta(to, rungs[to - 1].min_writer)
        _write(database, connection, now, record=record)
        if done:
            _whole(database, connection)
    return done


def climb_within(database: Database, connection: Connection) -> None:
    """Bring the tables to the newest version within our transaction: for a store that is being made."""
    _climb(database, connection, RUNGS[-1].number, RUNGS, record=False)


def _give_rungs(connection: Connection, standing: int, to: int, rungs: Sequence[Migration]) -> list[tuple[int, str]]:
    known, done = {rung.number: rung for rung in rungs}, []
    for number in range(standing + 1, to + 1):
        _give(connection, known[number].up)
        done.append((number, known[number].what))
    for number in range(standing, to, -1):
        _give(connection, known[number].down)
        done.append((number, f"without {known[number].what}"))
    return done


def _write(database: Database, connection: Connection, meta: Meta, *, record: bool) -> None:
    """Let ``meta`` hold *meta*, and the log tell of it; an empty log, of which nothing could be lost, tells nothing."""
    head, _ = database.take_head(connection)
    was = recorded(connection)
    if head.position and was != meta and (record or was is not None or meta not in UNRECORDED):
        record_upgrade(database, connection, meta)
    put(connection, VERSION, meta.version)
    put(connection, MIN_WRITER, meta.min_writer)


def _version_by_tables(database: Database, connection: Connection, rungs: Sequence[Migration]) -> int:
    """The highest rung all of whose tables stand; those that make none are taken for climbed with the one before."""
    tables, version = database.tables(connection), THE_LOG.number
    for rung in rungs:
        made = {found[1] for statement in rung.up if (found := _CREATED.match(statement))}
        if not made <= tables:
            break
        if made:
            version = rung.number
    return version


def _give(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _whole(database: Database, connection: Connection) -> None:
    """Whether the guards stand, and every event from the first to the head; their hashes are for ``verify``."""
    head, missing = database.take_head(connection)[0].position, list(database.guards_missing(connection))
    if missing:
        raise StoreDamaged(database.place, f"without the guard {missing[0]}, so nothing was changed")
    (count, first, last) = connection.execute(
        "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM events"
    ).fetchone()
    if (count, first, last) != (head, 1, head):
        raise StoreDamaged(database.place, f"{count} events from {first} to {last}, not 1 to {head}: nothing changed")
