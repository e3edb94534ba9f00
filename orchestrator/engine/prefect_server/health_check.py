"""A thread that checks a server periodically, and ends it when it no longer works.

A server that hangs, or whose database was removed, still has a process and an open port; flows would wait for it as
long as Prefect's retries last.  When the check ends the server, they fail at once and are started again under a new
one.
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
"""Consecutive failed checks after which a server is ended, within 45 s if it hangs; a busy server may fail one."""


class HealthCheck:
    """Checks one server until :meth:`stop` is called.

    Args:
        api: the server's API.
        home: Prefect's folder.
        end: ends the server; its argument is the reason, one sentence.
    """

    def __init__(self, api: Api, home: Path, end: Callable[[str], None]) -> None:
        self._api, self._home, self._end = api, home, end
        self._file = _identity(home / DATABASE)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="prefect-health", daemon=True)

    def start(self) -> None:
        """Start the checks."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the checks."""
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
        """Return why the server does not work; empty if it works."""
        file = _identity(self._home / DATABASE)
        if file != self._file:
            return TAKEN
        try:
            self._api.check(deadline_s=DEADLINE_S)
            if published_api(self._home) != self._api:
                publish_api(self._home, self._api)  # a new login session has another run-time folder
        except ServerFault as fault:
            return fault.reason
        except (OSError, RuntimeError):  # no run-time folder: only `prefect open` needs it
            pass
        return ""


def _identity(database: Path) -> tuple[int, int] | None:
    """Return device and inode of the file; None if it is missing or empty."""
    try:
        found = os.lstat(database)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None
