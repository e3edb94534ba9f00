"""Prefect's server, as a child of ours that never outlives us; disposable, and quick to start.

Losing the whole folder loses nothing: the log is the truth.
"""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO
from uuid import uuid4

from flows.shelf import sync
from flows.vault import user_cache
from orchestrator.engine import serving, watcher
from orchestrator.engine.lifeline import let_go, watched
from orchestrator.engine.serving import DATABASE

START_S = 120.0
"""A bound, not a wish: 4 s on an idle machine, more where the cores are taken."""
MIGRATE_S = 600.0
LARGEST_BYTES = 200 * 1024 * 1024
STAMP = "prefect.version"
"""The release whose tables the database has; without it the database is made anew."""

Say = Callable[[str], None]


class ServerFault(Exception):
    """Prefect's server does not start or does not answer; *reason* is one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def environment(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """*given* with Prefect confined to *home*: no settings of the user's own Prefect, and no word to the outside."""
    kept = {name: value for name, value in given.items() if not name.startswith("PREFECT_")}
    return kept | {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }


class PrefectServer:
    """The server of one store: ``with PrefectServer(home, say) as api_url``.

    Args:
        home: Prefect's folder in the store.
        say: told what takes long, in one line.
        largest_bytes: a database that has grown beyond this is begun anew.
    """

    def __init__(self, home: Path, say: Say, *, largest_bytes: int = LARGEST_BYTES) -> None:
        self._home, self._say, self._largest_bytes = home.absolute(), say, largest_bytes
        self._watcher: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and wait until it answers; the URL of its API.

        Raises:
            ServerFault: it ended, or did not answer in time; the reason names the file with its own words.
        """
        self.begin()
        return self.ready()

    def begin(self) -> None:
        """Start it, and do something else while it gets ready."""
        self._home.mkdir(parents=True, exist_ok=True)
        end_left_over(self._home)
        _lay_out_database(self._home, self._say, self._largest_bytes)
        self._token = uuid4().hex
        with (self._home / "server.log").open("ab") as out:
            env, words = _server_environment(self._home), [str(self._home), self._token]
            self._watcher = watched(serving.__name__, words, env=env, folder=self._home, out=out)

    def ready(self) -> str:
        """Wait until it answers; the URL of its API.  Raises: ServerFault."""
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if not self.alive:
                raise ServerFault(f"Prefect's server ended at once; its words are in {self._home / 'server.log'}")
            if (port := _port(self._home, self._token)) and _answers(port):
                return f"http://{serving.HOST}:{port}/api"
            time.sleep(0.05)
        self.stop()
        raise ServerFault(f"Prefect's server did not answer in {START_S:.0f} s; see {self._home / 'server.log'}")

    @property
    def alive(self) -> bool:
        """Whether the server runs; its watcher ends with it."""
        return self._watcher is not None and self._watcher.poll() is None

    def begin_anew(self) -> str:
        """Start it on an empty database, whatever is wrong with the old one.  Raises: ServerFault."""
        self.stop()
        (self._home / STAMP).unlink(missing_ok=True)
        return self.start()

    def stop(self) -> None:
        """End it, and return when it is gone."""
        if self._watcher is not None:
            let_go(self._watcher)
            self._watcher = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def end_left_over(home: Path, *, patience_s: float = 10 * watcher.GRACE_S) -> None:
    """End a server that a driver of this store left behind.

    Raises:
        ServerFault: it cannot be ended, such as one of another user.
    """
    try:
        facts = (home / "server.json").open("rb")
    except FileNotFoundError:
        return
    with facts:
        until = time.monotonic() + patience_s
        while not _free(facts):
            if time.monotonic() > until:
                raise ServerFault(f"a Prefect server of this store is still running and cannot be ended: {home}")
            _kill(facts)
            time.sleep(0.05)


def _free(facts: IO[bytes]) -> bool:
    try:
        fcntl.flock(facts, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _kill(facts: IO[bytes]) -> None:
    facts.seek(0)
    with suppress(ValueError, KeyError, ProcessLookupError, PermissionError):  # half written, or gone meanwhile
        os.killpg(int(json.load(facts)["pid"]), signal.SIGKILL)


def _server_environment(home: Path) -> dict[str, str]:
    return environment(home, os.environ) | {
        # Relative to the server's folder: a path with ? or % in it is no part of a URL.
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{DATABASE}",
        "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    }


def _port(home: Path, token: str) -> int | None:
    try:
        facts = json.loads((home / "server.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return int(facts["port"]) if facts.get("token") == token else None


def _answers(port: int) -> bool:
    with closing(HTTPConnection(serving.HOST, port, timeout=5)) as line:
        try:
            line.request("GET", "/api/health")
            return line.getresponse().status == 200  # noqa: PLR2004 - HTTP's own number
        except (OSError, HTTPException):
            return False


def _lay_out_database(home: Path, say: Say, largest_bytes: int) -> None:
    database, stamp = home / DATABASE, home / STAMP
    ours = version("prefect")
    if database.exists() and stamp.exists() and stamp.read_text() == ours and _bytes(database) <= largest_bytes:
        return
    stamp.unlink(missing_ok=True)
    for file in home.glob(f"{DATABASE}*"):
        file.unlink()
    _copy_template(database, ours, say)
    stamp.write_text(ours)


def _bytes(database: Path) -> int:
    return sum(file.stat().st_size for file in database.parent.glob(f"{DATABASE}*"))


def _copy_template(database: Path, prefect: str, say: Say) -> None:
    try:
        template = user_cache() / f"prefect-{prefect}.db"
        template.parent.mkdir(parents=True, exist_ok=True)
        with _turn(template.with_suffix(".lock")):
            if not template.exists():
                say("setting Prefect's database up, once: about 20 s")
                _migrate(template)
        shutil.copyfile(template, database)
    except (OSError, RuntimeError) as error:  # no home, or no room in it: then this store pays for itself
        say(f"setting Prefect's database up for this store alone: {error}")
        _migrate(database)


@contextmanager
def _turn(lock: Path) -> Iterator[None]:
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _migrate(final: Path) -> None:
    room = final.parent / "prefect-setup"
    shutil.rmtree(room, ignore_errors=True)  # what a setup that was killed left; where it cannot go, mkdir says so
    room.mkdir()
    with (room / "log").open("wb") as out:
        env = environment(room, os.environ)
        work = watched(serving.__name__, ["--migrate", str(room)], env=env, folder=room, out=out)
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
