"""Prefect's server as a child process that ends with this one; quick to start and disposable.

Nothing is lost with its folder: all decisions and reports are in the log.
"""

import os
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex, token_urlsafe
from types import TracebackType
from typing import Final

from flows.vault.file_lock import try_lock
from flows.vault.regular_file import LinkFound, open_regular
from orchestrator.engine import watchdog
from orchestrator.engine.child_process import end_child, start_child
from orchestrator.engine.flow_log import write_logging
from orchestrator.engine.prefect_server import process
from orchestrator.engine.prefect_server.api import DEADLINE_S, Api, Unanswered, publish_api, withdraw_api
from orchestrator.engine.prefect_server.database import Say, lay_out
from orchestrator.engine.prefect_server.database_check import LARGEST_BYTES
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.health_check import HealthCheck
from orchestrator.engine.prefect_server.home import FACTS, environment, prepare, read_facts, remove
from orchestrator.engine.prefect_server.process import DATABASE
from orchestrator.engine.process_identity import TOKEN, record_in

__all__ = ["PrefectServer", "Say", "ServerFault", "end_left_over"]

START_S: Final = 120.0
"""Upper bound of the start: 4 s on an idle machine, more on a busy one."""
IDLE_S: Final = 25.0
"""Seconds without processor time after which a starting server counts as hanging; a slow server uses some."""
ANSWERS: Final = 5
"""Wrong answers that end the wait for a starting server."""


class PrefectServer:
    """The server of one store: ``with PrefectServer(home, say) as api_url``.

    Args:
        home: Prefect's folder, see :mod:`orchestrator.engine.prefect_server.home`.
        say: callback for one-line messages about slow steps and recreated files.
        store: the store's ``.takesheet`` folder; None if the server belongs to no store.
        largest_bytes: a larger database is discarded.
    """

    def __init__(self, home: Path, say: Say, *, store: Path | None = None, largest_bytes: int = LARGEST_BYTES) -> None:
        self._home, self._say, self._largest_bytes = home.absolute(), say, largest_bytes
        self._store = store
        self._watcher: subprocess.Popen[bytes] | None = None
        self._ending = threading.Lock()
        self._health: HealthCheck | None = None
        self.api = Api("", "")
        self.fault = ""
        """Reason why the server was ended while it ran; empty if it was not."""

    def start(self) -> str:
        """Start the server and wait until it answers; return the URL of its API.

        Raises:
            ServerFault: the server ended, or did not answer in time; the reason names its output file.
        """
        self.begin()
        return self.ready()

    def begin(self, *, fresh: bool = False) -> None:
        """Start the server without waiting until it answers; :meth:`ready` waits.

        Args:
            fresh: discard the old database in any case.

        Raises:
            ServerFault: the folder or the database cannot be created.
        """
        self.stop()
        prepare(self._home, self._store)
        end_left_over(self._home)
        try:
            lay_out(self._home, self._say, largest_bytes=self._largest_bytes, fresh=fresh)
            self._spawn()
        except OSError as error:
            raise ServerFault(f"Prefect's folder {self._home} cannot be used: {error.strerror or error}") from None

    def ready(self) -> str:
        """Wait until the server can use its database; return the URL of its API.  Raises: ServerFault."""
        try:
            self._wait()
        except ServerFault:
            self.stop()
            raise
        return self.api.url

    @property
    def alive(self) -> bool:
        """True if the server runs; its watchdog ends with it."""
        return self._watcher is not None and self._watcher.poll() is None

    def begin_anew(self) -> str:
        """Start the server on an empty database and wait until it answers.  Raises: ServerFault."""
        self.begin(fresh=True)
        return self.ready()

    def stop(self) -> None:
        """End the server, and return when it has ended."""
        if self._health is not None:
            self._health.stop()
            self._health = None
        self._end()
        withdraw_api(self._home)

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _spawn(self) -> None:
        self.fault = ""
        self._token, auth = token_hex(16), f"takesheet:{token_urlsafe(32)}"
        self.api = Api("", auth)
        env = environment(self._home, os.environ) | {
            TOKEN: self._token,
            "PREFECT_LOGGING_SETTINGS_PATH": str(write_logging(self._home, "server")),
            # Relative to the server's folder: a path that contains ? or % cannot be put into a URL.
            "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{DATABASE}",
            "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",
            "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
            "PREFECT_SERVER_API_AUTH_STRING": auth,
            "PREFECT_API_AUTH_STRING": auth,
        }
        with os.fdopen(open_regular(self._home / "server.out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as out:
            words = [str(self._home)]
            self._watcher = start_child(process.__name__, words, env=env, folder=self._home, out=out, umask=0o077)

    def _wait(self) -> None:
        began = time.monotonic()
        wrong, moved, used = 0, began, 0.0
        while time.monotonic() < began + START_S and time.monotonic() < moved + IDLE_S:
            if not self.alive:
                raise ServerFault(f"Prefect's server ended at once; its words are in {self._home / 'server.out'}")
            try:
                if self._is_ready():
                    return
            except Unanswered:
                pass
            except ServerFault:
                wrong += 1
                if wrong == ANSWERS:
                    raise
            before, used = used, record_in(read_facts(self._home)).used_s()
            moved = time.monotonic() if used > before else moved
            time.sleep(0.05)
        waited = time.monotonic() - began
        raise ServerFault(f"Prefect's server did not answer in {waited:.0f} s; see {self._home / 'server.out'}")

    def _is_ready(self) -> bool:
        facts = read_facts(self._home)
        if facts.get("token") != self._token or not isinstance(port := facts.get("port"), int):
            return False
        self.api = Api(f"http://{process.HOST}:{port}/api", self.api.auth)
        self.api.check(deadline_s=DEADLINE_S / 3)
        with suppress(OSError, RuntimeError):  # only `prefect open` needs the file
            publish_api(self._home, self.api)
        self._health = HealthCheck(self.api, self._home, self._end_for)
        self._health.start()
        return True

    def _end_for(self, reason: str) -> None:
        self.fault = reason
        self._end()

    def _end(self) -> None:
        with self._ending:
            if self._watcher is not None:
                end_child(self._watcher)
                self._watcher = None


def end_left_over(home: Path, *, patience_s: float = 10 * watchdog.GRACE_S) -> None:
    """End a server that an earlier driver of this store left running, if it is proved to be ours.

    Raises:
        ServerFault: it cannot be ended, for example because it belongs to another user.
    """
    try:
        facts = open_regular(home / FACTS)
    except FileNotFoundError:
        return
    except (LinkFound, OSError):  # no server of ours writes such a file
        remove(home / FACTS)
        return
    try:
        until = time.monotonic() + patience_s
        while not try_lock(facts):
            if time.monotonic() > until:
                raise ServerFault(
                    f"a process that is not proved to be ours holds {home / FACTS}; end it, or remove {home}"
                )
            record_in(read_facts(home)).kill()
            time.sleep(0.05)
    finally:
        os.close(facts)
