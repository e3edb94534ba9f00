"""Climbing: from the tables a store has to those this program knows, or back to those an older one does."""

from collections.abc import Sequence
from typing import Final

from orchestrator.log.connection import Connection
from orchestrator.log.database import Database, Writer
from orchestrator.log.migrations.r0001_the_log import THE_LOG
from orchestrator.log.migrations.r0002_beside_the_log import BESIDE_THE_LOG
from orchestrator.log.migrations.rung import Rung
from orchestrator.log.refusals import StoreDamaged, StoreNewer
from orchestrator.log.schema import MIN_WRITER, WRITER

RUNGS: Final[tuple[Rung, ...]] = (THE_LOG, BESIDE_THE_LOG)

VERSION: Final = "store.version"
"""Where ``meta`` says on which rung a store stands; a store that says nothing stands on the first."""


def stands(connection: Connection) -> int:
    """The version of a store's tables."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (VERSION,)).fetchone()
    return int(row[0]) if row else THE_LOG.number


def climb(
    database: Database, writer: Writer, *, to: int | None = None, rungs: Sequence[Rung] = RUNGS
) -> list[tuple[int, str]]:
    """Bring a store to version *to*; the rungs that were climbed, with what each brought or took.

    Args:
        database: where the log lies.
        writer: takes the turn.
        to: the newest that is known here, where none is named.  A store that stands higher is then left as it is.
        rungs: those that are known, in order.

    Raises:
        StoreNewer: only newer programs may write there, or it stands on a rung that is not known here.
        StoreDamaged: what is recorded, or what guards it, would not have come through whole; nothing was changed.
    """
    with writer.turn() as connection:
        standing = stands(connection)
    wanted = max(standing, rungs[-1].number) if to is None else to
    if wanted < standing:
        with writer.turn() as connection, database.traceless(connection):  # what is dropped may be about people
            return _climb(database, connection, wanted, rungs)
    if wanted > standing:
        with writer.transaction() as connection:
            return _climb(database, connection, wanted, rungs)
    return []


def _climb(database: Database, connection: Connection, to: int, rungs: Sequence[Rung]) -> list[tuple[int, str]]:
    standing, known = stands(connection), {rung.number: rung for rung in rungs}  # another writer may have been here
    head, _, min_writer = database.take_head(connection)
    if min_writer > WRITER or standing not in known:
        raise StoreNewer(f"{database.place} is for newer takesheets to change", min_writer=min_writer, writer=WRITER)
    done: list[tuple[int, str]] = []
    if standing == to:
        return done
    with database.making(connection):
        for number in range(standing + 1, to + 1):
            _give(connection, known[number].up)
            done.append((number, known[number].what))
        for number in range(standing, to, -1):
            _give(connection, known[number].down)
            done.append((number, f"without {known[number].what}"))
        _say(connection, VERSION, to)
        _say(connection, MIN_WRITER, known[to].min_writer)
        _whole(database, connection, head.position)
    return done


def climb_within(database: Database, connection: Connection) -> None:
    """The same to the newest version, within our transaction: for a store that is being made."""
    _climb(database, connection, RUNGS[-1].number, RUNGS)


def _give(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _say(connection: Connection, key: str, value: int) -> None:
    connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))


def _whole(database: Database, connection: Connection, head: int) -> None:
    """Whether the guards stand, and every event from the first to the head; their hashes are for ``verify``."""
    missing = list(database.guards_missing(connection))
    if missing:
        raise StoreDamaged(database.place, f"without the guard {missing[0]}, so nothing was changed")
    (count, first, last) = connection.execute(
        "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM events"
    ).fetchone()
    if (count, first, last) != (head, 1, head):
        raise StoreDamaged(database.place, f"{count} events from {first} to {last}, not 1 to {head}: nothing changed")
