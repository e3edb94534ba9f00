"""Migration of a store's tables to the version that this program knows, or back to an older one."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from orchestrator.log.database.columns import MIN_WRITER, WRITER
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database, LogWriter
from orchestrator.log.database.meta import VERSION, Meta, expected_min_writer, put, recorded, stored
from orchestrator.log.migrations.m0001_log import THE_LOG
from orchestrator.log.migrations.m0002_side_tables import BESIDE_THE_LOG
from orchestrator.log.migrations.m0003_texts import ERASABLE_TEXTS
from orchestrator.log.migrations.migration import Migration
from orchestrator.log.migrations.upgrade import record_upgrade
from orchestrator.log.refusals import StoreDamaged, StoreNewer

RUNGS: Final[tuple[Migration, ...]] = (THE_LOG, BESIDE_THE_LOG, ERASABLE_TEXTS)

UNRECORDED: Final = {Meta(THE_LOG.number, 1), Meta(BESIDE_THE_LOG.number, 1)}
"""Contents of ``meta`` in stores of release 0.1.0, which recorded no event of them."""

_CREATED: Final = re.compile(r"\s*CREATE TABLE (\w+)")


def expected(database: Database, connection: Connection, rungs: Sequence[Migration] = RUNGS) -> Meta:
    """Return what ``meta`` must hold: by the last ``store-upgraded``, or without one by the existing tables."""
    upgraded = recorded(connection)
    version = _version_by_tables(database, connection, rungs) if upgraded is None else upgraded.version
    return Meta(version, expected_min_writer(connection, version))


def is_right(connection: Connection, meta: Meta) -> bool:
    """True if ``meta`` holds *meta*."""
    return not list(differences(connection, meta))


def differences(connection: Connection, meta: Meta) -> Iterator[str]:
    """Yield a sentence for each row of ``meta`` that is missing or differs from *meta*."""
    rows = {VERSION: THE_LOG.number} | stored(connection)  # the first release stored no version
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
    """Bring a store to version *to*, and correct ``meta``.

    Args:
        database: the database that holds the log.
        writer: takes the turn.
        to: target version; None means the newest known here, and leaves a store with a higher version as it is.
        rungs: the known migrations, in order.
        record: record the version as an event, even if it is one that stores had before that event existed.

    Returns:
        Number and description of each migration that was applied or reverted, in order.

    Raises:
        StoreNewer: only newer programs may write there, or its version is unknown here.
        StoreDamaged: events or guards are missing after the migration; nothing was changed.
    """
    with writer.turn() as connection:
        now = expected(database, connection, rungs)
        settled = _is_settled(connection, now, record=record)
    wanted = max(now.version, rungs[-1].number) if to is None else to
    if wanted < now.version:
        with writer.turn() as connection, database.traceless(connection):  # dropped tables may hold personal data
            return _climb(database, connection, wanted, rungs, record=record)
    if wanted > now.version or not settled:
        with writer.transaction() as connection:
            return _climb(database, connection, wanted, rungs, record=record)
    return []


def _is_settled(connection: Connection, meta: Meta, *, record: bool) -> bool:
    """True if ``meta`` holds *meta*, and an event says so if one must be recorded."""
    return is_right(connection, meta) and not (record and recorded(connection) is None)


def _climb(
    database: Database, connection: Connection, to: int, rungs: Sequence[Migration], *, record: bool
) -> list[tuple[int, str]]:
    now = expected(database, connection, rungs)
    if to == now.version and _is_settled(connection, now, record=record):
        return []  # another writer migrated in the meantime
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
    """Bring the tables to the newest version within the open transaction: for a store that is being created."""
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
    """Write *meta* to ``meta``; record it as an event unless the log is empty or the events imply it already."""
    head, _ = database.take_head(connection)
    was = recorded(connection)
    if head.position and was != meta and (record or was is not None or meta not in UNRECORDED):
        record_upgrade(database, connection, meta)
    put(connection, VERSION, meta.version)
    put(connection, MIN_WRITER, meta.min_writer)


def _version_by_tables(database: Database, connection: Connection, rungs: Sequence[Migration]) -> int:
    """Return the highest version all of whose tables exist; a migration without tables counts with the one before."""
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
    """Check that the guards and every event from the first to the head are there; ``verify`` checks the hashes.

    Raises:
        StoreDamaged: a guard or an event is missing.
    """
    head, missing = database.take_head(connection)[0].position, list(database.guards_missing(connection))
    if missing:
        raise StoreDamaged(database.place, f"without the guard {missing[0]}, so nothing was changed")
    (count, first, last) = connection.execute(
        "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM events"
    ).fetchone()
    if (count, first, last) != (head, 1, head):
        raise StoreDamaged(database.place, f"{count} events from {first} to {last}, not 1 to {head}: nothing changed")
