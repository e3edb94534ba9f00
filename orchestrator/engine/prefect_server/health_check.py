"""A thread that asks a server for its work from time to time, and ends it when it no longer does it.

A server that hangs, or whose database was taken from under it, still has a process and an open port; flows would wait
for it as long as Prefect's patience lasts.  Once it is ended they fail at once, and are begun again under another one.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from orchestrator.engine.prefect_server.api import Api, publish_api, published_api
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.process import DATABASE

PERIOD_S: Final = 5.0
TAKEN: Final = "Prefect's database was replaced or emptied under its server"
DEADLINE_S: Final = 10.0
STRIKES: Final = 3
"""A server is ended after so many checks in succession that failed, within 45 s when it hangs; a busy one may miss one.
"""


class HealthCheck:
    """Checks one server until it is stopped.

    Args:
        api: the server's.
        home: its folder.
        end: ends the server; told why, in one sentence.
    """

    def __init__(self, api: Api, home: Path, end: Callable[[str], None]) -> None:
        self._api, self._home, self._end = api, home, end
        self._file = _identity(home / DATABASE)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="prefect-health", daemon=True)

    def start(self) -> None:
        """Begin to check."""
        self._thread.start()

    def stop(self) -> None:
        """Check no more."""
        self._over.set()

    def _watch(self) -> None:
        strikes = 0
        while not self._over.wait(PERIOD_S):
            reason = self._fault()
            strikes = strikes + 1 if reason else 0
            given_up = strikes == STRIKES or reason == TAKEN
            if given_up and not self._over.is_set():
                self._end(reason)
                return

    def _fault(self) -> str:
        """Why the server does not do; empty where it does."""
        file = _identity(self._home / DATABASE)
        if file != self._file:
            return TAKEN
        try:
            self._api.check(deadline_s=DEADLINE_S)
            if published_api(self._home) != self._api:
                publish_api(self._home, self._api)  # signed out and in again: the run-time folder is another one
        except ServerFault as fault:
            return fault.reason
        except (OSError, RuntimeError):  # no run-time folder: `prefect open` alone needs it
            pass
        return ""


def _identity(database: Path) -> tuple[int, int] | None:
    """Which file stands there; None where there is none, or one without any content."""
    try:
        found = os.lstat(database)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None
