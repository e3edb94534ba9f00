"""Prefect's database: disposable, so it is proved good before each start or made anew; the log is the truth.

A migrated, empty database of this release lies in the user's cache as a template: the migrations take 20 s.  A database
is good if SQLite finds it whole and its tables are the template's.  Of an older one only the history of our own flow
runs stays: automations, deployments, blocks, variables, work pools and limits can make a server run programs, none of
them is needed by us, and whoever once reached the API could have left one.
"""

import fcntl
import os
import re
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias

from flows.shelf import sync
from flows.vault import user_cache
from orchestrator.engine import serving
from orchestrator.engine.fault import ServerFault
from orchestrator.engine.home import PRIVATE, environment, remove
from orchestrator.engine.lifeline import let_go, watched
from orchestrator.engine.serving import DATABASE

MIGRATE_S: Final = 600.0
LARGEST_BYTES: Final = 200 * 1024 * 1024
CHECK_S: Final = 20.0
"""A database that cannot be checked within this time is made anew."""
FLOWS: Final = ("render", "master", "nightly")
HISTORY: Final = frozenset({
    "alembic_version", "flow", "flow_run", "flow_run_state", "task_run", "task_run_state", "log", "artifact",
    "artifact_collection", "events", "event_resources",
})  # fmt: skip
"""Tables that keep their rows; all others are emptied."""

Say: TypeAlias = Callable[[str], None]


class Unusable(Exception):
    """A database cannot be used; *reason* ends a sentence that begins with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Schema:
    """Which tables a database has, at which revision of Prefect's migrations."""

    revision: str
    statements: tuple[tuple[str, str, str], ...]
    """Type, name and statement of each table, index, trigger and view."""


def lay_out(home: Path, say: Say, *, largest_bytes: int = LARGEST_BYTES, fresh: bool = False) -> None:
    """See to it that *home* holds a good database without anything that could run by itself.

    Args:
        home: Prefect's folder.
        say: told in one line where the old one is given up.
        largest_bytes: a larger one is begun anew.
        fresh: give the old one up, whatever it is.

    Raises:
        ServerFault: none can be made.
    """
    database = home / DATABASE
    template = _template(say)
    if not fresh and os.path.lexists(database):
        try:
            examine(database, template, largest_bytes=largest_bytes)
            _clear(database)
        except Unusable as fault:
            say(f"Prefect's database {fault.reason}; it is made anew, and nothing is lost by it")
        else:
            return
    for file in home.glob(f"{DATABASE}*"):
        remove(file)
    if template is None:
        _migrate(database)
        return
    draft = home / f"{DATABASE}.new"
    shutil.copyfile(template, draft)
    draft.chmod(0o600)
    draft.replace(database)


def examine(database: Path, template: Path | None = None, *, largest_bytes: int = LARGEST_BYTES) -> None:
    """Prove a database good; nothing is changed.

    Args:
        database: its file.
        template: whose tables it must have; where None, it must have the revision of the installed release.
        largest_bytes: the largest size, with its journal.

    Raises:
        Unusable: it is not.
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
    """Prove a template good: whole, of this release, with Prefect's tables alone, and without any run.

    Raises:
        Unusable: it is not.
    """
    examine(template)
    with closing(_connect(template)) as connection:
        found = {kind for (kind,) in connection.execute("SELECT DISTINCT type FROM sqlite_master")}
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        rows = connection.execute("SELECT (SELECT count(*) FROM flow_run) + (SELECT count(*) FROM flow)").fetchone()
    if found - {"table", "index"} or not tables >= HISTORY or rows != (0,):
        raise Unusable("is not as Prefect makes it")


def template_file() -> Path:
    """Where the template of the installed release lies.  Raises: RuntimeError; this user has no cache folder."""
    return user_cache() / f"prefect-{version('prefect')}.db"


def wanted_revision() -> str:
    """The last revision of the installed Prefect's migrations, read without importing it; empty where unknown."""
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
        with closing(_connect(database)) as connection:
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
    """The lines of a statement in one order: two runs of the same migrations write constraints in different ones."""
    return "\n".join(sorted(line.strip(" \t,)") for line in statement.splitlines()))


def _connect(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, timeout=5, isolation_level=None)
    until = time.monotonic() + CHECK_S
    connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
    return connection


def _clear(database: Path) -> None:
    """Keep the history of our own flow runs, with all that was under way told as crashed, and nothing else."""
    ours = ", ".join(f"'{name}'" for name in FLOWS)
    try:
        with closing(_connect(database)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in tables:
                if name not in HISTORY and not name.startswith("sqlite_"):
                    connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a name of the template's own tables
            for statement in (*_foreign(ours), *_UNFINISHED):
                connection.execute(statement)
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise Unusable(f"cannot be written to ({error})") from None


def _foreign(ours: str) -> Iterator[str]:
    """Statements that drop the runs of flows that are not *ours*, and what was scheduled and never began."""
    yield f"DELETE FROM flow WHERE name NOT IN ({ours})"  # noqa: S608 - our own three words
    yield (
        "DELETE FROM flow_run WHERE flow_id NOT IN (SELECT id FROM flow) "
        "OR coalesce(state_type, '') NOT IN ('RUNNING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')"
    )
    yield "DELETE FROM flow_run_state WHERE flow_run_id NOT IN (SELECT id FROM flow_run)"
    yield "DELETE FROM task_run WHERE flow_run_id IS NULL OR flow_run_id NOT IN (SELECT id FROM flow_run)"
    yield "DELETE FROM task_run_state WHERE task_run_id NOT IN (SELECT id FROM task_run)"
    yield "UPDATE flow_run SET deployment_id = NULL, work_queue_id = NULL, infrastructure_document_id = NULL"


_UNFINISHED: Final = tuple(
    f"UPDATE {table} SET {column} = 'CRASHED', {name} = 'Crashed' WHERE {column} IN ('RUNNING', 'PENDING')"  # noqa: S608 - our own words
    for table, column, name in (
        ("flow_run", "state_type", "state_name"),
        ("task_run", "state_type", "state_name"),
    )
) + tuple(
    f"UPDATE {kind}_state SET type = 'CRASHED', name = 'Crashed' WHERE type IN ('RUNNING', 'PENDING') "  # noqa: S608 - our own words
    f"AND id IN (SELECT state_id FROM {kind})"
    for kind in ("flow_run", "task_run")
)


def _template(say: Say) -> Path | None:
    """The template, made where there is no good one; None where the cache has no place for it."""
    try:
        template = template_file()
        template.parent.mkdir(parents=True, exist_ok=True)
        with _turn(template.with_suffix(".lock")):
            if os.path.lexists(template):
                try:
                    examine_template(template)
                except Unusable as fault:
                    say(f"the empty database of Prefect in {template.parent} {fault.reason}; it is made anew")
                else:
                    return template
            for file in template.parent.glob(f"{template.name}*"):
                remove(file)
            say("setting Prefect's database up, once: about 20 s")
            _migrate(template)
    except (OSError, RuntimeError) as error:  # no home, or no room in it: then this store pays for itself
        say(f"setting Prefect's database up for this store alone: {error}")
        return None
    return template


@contextmanager
def _turn(lock: Path) -> Iterator[None]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _migrate(final: Path) -> None:
    room = final.parent / "prefect-setup"
    if os.path.lexists(room):
        remove(room)  # what a setup that was killed left
    room.mkdir(mode=PRIVATE)
    with (room / "log").open("wb") as out:
        env = environment(room, os.environ)
        work = watched(serving.__name__, ["--migrate", str(room)], env=env, folder=room, out=out, umask=0o077)
        try:
            if work.wait(timeout=MIGRATE_S) != 0:
                raise ServerFault(f"Prefect's database cannot be set up; its words are in {out.name}")
        finally:
            let_go(work)
    with closing(sqlite3.connect(room / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    sync(room / DATABASE)
    (room / DATABASE).replace(final)
    shutil.rmtree(room)
