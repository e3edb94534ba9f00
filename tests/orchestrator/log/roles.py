"""A database of a real server for a single test, and several roles that use it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg

from orchestrator.log.database.url import DatabaseUrl

_numbers = count(1)


class SharedDatabase:
    """A database with a schema ``label`` that belongs to one role, ``owner``; other roles may connect."""

    def __init__(self, server: str) -> None:
        self._server, self._suffix = server, f"{os.getpid()}_{next(_numbers)}"
        self._roles: list[str] = []
        self.name = f"takesheet_test_{self._suffix}"
        self._administer(server, f"CREATE DATABASE {self.name}")
        self.owner = self.role("pat")
        self.give(f"CREATE SCHEMA label AUTHORIZATION {self.owner}")

    def role(self, name: str) -> str:
        """Create a role without rights; return its name on the server, which all databases share."""
        role = f"{name}_{self._suffix}"
        self._administer(self._server, f"CREATE ROLE {role} LOGIN")
        self._roles.append(role)
        return role

    def url(self, role: str = "", path: str = "label") -> str:
        """Return the URL for *role*, or for the administrator, with the search path *path*."""
        parts = urlsplit(self._server)
        user = role or parts.netloc.rpartition("@")[0]
        options = f"&options={quote(f'-csearch_path={path}')}" if path else ""
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{user}@{host}/{self.name}?{parts.query}{options}"

    def give(self, *statements: str) -> list[tuple[Any, ...]]:
        """Execute statements as the administrator; return the rows of the last."""
        return self._administer(self.url(path=""), *statements)

    def owners(self, schema: str = "label") -> set[str]:
        """Return the owners of the tables in a schema."""
        rows = self.give(f"SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = '{schema}'")  # noqa: S608 - a test's own words
        return {owner for (owner,) in rows}

    def cut(self) -> None:
        """End all connections of our roles to the database."""
        self.give(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'takesheet%'"
            " AND datname = current_database()"
        )

    def close(self) -> None:
        self._administer(
            self._server,
            f"DROP DATABASE {self.name} WITH (FORCE)",
            *(f"DROP ROLE {role}" for role in self._roles),
        )

    @staticmethod
    def _administer(url: str, *statements: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        with closing(psycopg.connect(DatabaseUrl.parse(url).conninfo, autocommit=True)) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows


@contextmanager
def shared_database(server: str) -> Iterator[SharedDatabase]:
    """A database that is dropped at the end, with its roles."""
    database = SharedDatabase(server)
    try:
        yield database
    finally:
        database.close()
