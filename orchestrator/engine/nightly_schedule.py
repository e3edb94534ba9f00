"""The nightly's schedule while `takesheet up` runs: a Prefect deployment with a cron schedule, in a child process."""

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from flows.vault.regular_file import open_regular
from orchestrator.engine.child_process import end_child, start_child
from orchestrator.engine.flow_log import write_logging
from orchestrator.engine.prefect_server.api import Api
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import environment, home_of, prepare

DEPLOYMENT: Final = "/deployments/name/nightly/nightly"
CHECK_S: Final = 30.0
"""Seconds between two checks that the server still knows the deployment: its database may have been emptied."""
DEADLINE_S: Final = 5.0


class NightlySchedule:
    """Serves the nightly at *hour*:*minute* each day, for as long as the context lasts.

    Args:
        api: the Prefect server's API.
        folder: the store's ``.takesheet`` folder.
        hour: 0 to 23, in *timezone*.
        minute: 0 to 59.
        timezone: IANA name of the label's time zone.
    """

    def __init__(self, api: Api, folder: Path, hour: int, minute: int, timezone: str) -> None:
        self._api, self._folder = api, folder.absolute()
        self._when = (f"{minute} {hour} * * *", timezone)
        self._shift: subprocess.Popen[bytes] | None = None
        self._next_check = 0.0

    def keep_running(self, api: Api) -> None:
        """Restart the serving process if it ended, the server moved to *api*, or the server lost the deployment."""
        gone = self._shift is None or self._shift.poll() is not None
        if api != self._api or gone or not self._is_known():
            self._end()
            self._api = api
            self._begin()

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _is_known(self) -> bool:
        """False if the server has no such deployment; the server is asked at most once in ``CHECK_S`` seconds."""
        if time.monotonic() < self._next_check:
            return True
        self._next_check = time.monotonic() + CHECK_S
        try:
            status, _ = self._api.ask("GET", DEPLOYMENT, deadline_s=DEADLINE_S)
        except ServerFault:  # the engine finds out by itself if the server is down
            return True
        return status != 404  # noqa: PLR2004 - HTTP's own number

    def _begin(self) -> None:
        self._next_check = time.monotonic() + CHECK_S
        home = home_of(self._folder)
        prepare(home, self._folder)
        env = environment(home, os.environ) | {
            "PREFECT_API_URL": self._api.url,
            "PREFECT_API_AUTH_STRING": self._api.auth,
            "PREFECT_LOGGING_SETTINGS_PATH": str(write_logging(home, "nights")),
        }
        with os.fdopen(open_regular(home / "nights.out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as out:
            words = [str(self._folder), *self._when]
            self._shift = start_child("orchestrator.engine.nightly_process", words, env=env, folder=home, out=out)

    def _end(self) -> None:
        if self._shift is not None:
            end_child(self._shift)
            self._shift = None
