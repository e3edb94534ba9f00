"""Prefect's database, which holds nothing that is needed: it is checked before each start and recreated if in doubt.

A migrated, empty database of this release is kept in the user's cache as a template, since the migrations take 20 s.  A
database is good if SQLite's check passes and its schema equals the template's.  Only the history of our own flow runs
is kept in it: automations, deployments, blocks, variables, work pools and limits are not needed, can make a server run
programs, and may have been added by anybody who once reached the API.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

from flows.vault.file_lock import wait_for_lock
from flows.vault.storage import sync
from flows.vault.vault import user_cache
from orchestrator.engine.child_process import end_child, start_child
from orchestrator.engine.prefect_server import process
from orchestrator.engine.prefect_server.database_check import (
    HISTORY,
    LARGEST_BYTES,
    Unusable,
    connect,
    examine,
    examine_template,
)
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import PRIVATE, environment, remove
from orchestrator.engine.prefect_server.process import DATABASE

MIGRATE_S: Final = 600.0
FLOWS: Final = ("render", "master", "nightly")
Say: TypeAlias = Callable[[str], None]


def lay_out(home: Path, say: Say, *, largest_bytes: int = LARGEST_BYTES, fresh: bool = False) -> None:
    """Ensure that *home* holds a good database without anything that could run by itself.

    Args:
        home: Prefect's folder.
        say: callback for a line if the old database is discarded.
        largest_bytes: a larger database is discarded.
        fresh: discard the old database in any case.

    Raises:
        ServerFault: no database can be created.
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


def template_file() -> Path:
    """Path of the template of the installed release.  Raises: RuntimeError; this user has no cache folder."""
    return user_cache() / f"prefect-{version('prefect')}.db"


def _clear(database: Path) -> None:
    """Delete all but the history of our own flow runs; mark unfinished runs as crashed."""
    ours = ", ".join(f"'{name}'" for name in FLOWS)
    try:
        with closing(connect(database)) as connection:
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
    """Yield statements that delete the runs of flows not in *ours*, and runs that never began."""
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
    """Return the template, created if there is no good one; None if the cache cannot hold it."""
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
    except (OSError, RuntimeError) as error:  # no cache folder, or no space in it: migrate for this store alone
        say(f"setting Prefect's database up for this store alone: {error}")
        return None
    return template


@contextmanager
def _turn(lock: Path) -> Iterator[None]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        wait_for_lock(handle)
        yield
    finally:
        os.close(handle)


def _migrate(final: Path) -> None:
    room = final.parent / "prefect-setup"
    if os.path.lexists(room):
        remove(room)  # left by a setup that was killed
    room.mkdir(mode=PRIVATE)
    with (room / "log").open("wb") as out:
        env = environment(room, os.environ)
        work = start_child(process.__name__, ["--migrate", str(room)], env=env, folder=room, out=out, umask=0o077)
        try:
            if work.wait(timeout=MIGRATE_S) != 0:
                raise ServerFault(f"Prefect's database cannot be set up; its words are in {out.name}")
        finally:
            end_child(work)
    with closing(sqlite3.connect(room / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    sync(room / DATABASE)
    (room / DATABASE).replace(final)
    shutil.rmtree(room)
