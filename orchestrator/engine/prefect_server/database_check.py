"""Check that the installed Prefect can use a database; changes nothing and does not import Prefect."""

import os
import re
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

LARGEST_BYTES: Final = 200 * 1024 * 1024
CHECK_S: Final = 20.0
"""A database whose check takes longer is recreated."""
HISTORY: Final = frozenset({
    "alembic_version", "flow", "flow_run", "flow_run_state", "task_run", "task_run_state", "log", "artifact",
    "artifact_collection", "events", "event_resources",
})  # fmt: skip
"""Tables that keep their rows; all others are emptied."""


class Unusable(Exception):
    """A database cannot be used; *reason* is the predicate of a sentence whose subject is the database."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables of a database and the revision of Prefect's migrations that made them."""

    revision: str
    statements: tuple[tuple[str, str, str], ...]
    """Type, name and statement of each table, index, trigger and view."""


def examine(database: Path, template: Path | None = None, *, largest_bytes: int = LARGEST_BYTES) -> None:
    """Check that a database is good; changes nothing.

    Args:
        database: its file.
        template: database whose schema it must have; None compares only the revision with the installed release's.
        largest_bytes: largest permitted size, including the journal.

    Raises:
        Unusable: the database is missing, damaged, too large, of another release, or writable by others.
    """
    _examine_file(database)
    if sum(file.lstat().st_size for file in database.parent.glob(f"{database.name}*")) > largest_bytes:
        raise Unusable(f"has grown beyond {largest_bytes // (1024 * 1024)} MB")
    found = _read_schema(database)
    if template is not None and found != _read_schema(template):
        raise Unusable("is not of this release of Prefect")
    wanted = wanted_revision()
    if wanted and found.revision != wanted:
        raise Unusable("is not of this release of Prefect")


def examine_template(template: Path) -> None:
    """Check that a template is good: undamaged, of this release, with tables and indexes only, and without runs.

    Raises:
        Unusable: the template is not good.
    """
    examine(template)
    with closing(connect(template)) as connection:
        found = {kind for (kind,) in connection.execute("SELECT DISTINCT type FROM sqlite_master")}
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        rows = connection.execute("SELECT (SELECT count(*) FROM flow_run) + (SELECT count(*) FROM flow)").fetchone()
    if found - {"table", "index"} or not tables >= HISTORY or rows != (0,):
        raise Unusable("is not as Prefect makes it")


def wanted_revision() -> str:
    """Return the last revision of the installed Prefect's migrations, read without importing it; empty if unknown."""
    found = find_spec("prefect")
    if found is None or not found.origin:
        return ""
    folder = Path(found.origin).parent / "server/database/_migrations/versions/sqlite"
    revisions: set[str] = set()
    older: set[str] = set()
    for file in folder.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        revisions |= set(re.findall(r"^revision(?:: str)? = [\"'](\w+)", text, re.MULTILINE))
        for line in re.findall(r"^down_revision\b[^=]*= (.+)$", text, re.MULTILINE):
            older |= set(re.findall(r"[\"'](\w+)[\"']", line))
    heads = revisions - older
    return heads.pop() if len(heads) == 1 else ""


def _examine_file(database: Path) -> None:
    try:
        found = database.lstat()
    except FileNotFoundError:
        raise Unusable("is missing") from None
    if not stat.S_ISREG(found.st_mode):
        raise Unusable("is no regular file")
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o022:
        raise Unusable("belongs to another user, or others may write to it")
    if not found.st_size:
        raise Unusable("is empty")


def _read_schema(database: Path) -> Schema:
    try:
        with closing(connect(database)) as connection:
            (whole,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if whole != "ok":
                raise Unusable("is damaged")
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            rows = connection.execute(
                "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' "
                "ORDER BY type, name"
            ).fetchall()
    except sqlite3.Error as error:
        raise Unusable(f"cannot be read ({error})") from None
    return Schema(revision[0] if revision else "", tuple((kind, name, _unordered(sql)) for kind, name, sql in rows))


def _unordered(statement: str) -> str:
    """Return the lines of a statement sorted, because two runs of a migration may order constraints differently."""
    return "\n".join(sorted(line.strip(" \t,)") for line in statement.splitlines()))


def connect(database: Path) -> sqlite3.Connection:
    """Open a connection in autocommit mode whose statements are aborted ``CHECK_S`` seconds after it was opened."""
    connection = sqlite3.connect(database, timeout=5, isolation_level=None)
    until = time.monotonic() + CHECK_S
    connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
    return connection
