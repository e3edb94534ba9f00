"""The nightly's schedule while `takesheet up` stands: a Prefect deployment with a cron, served beside it."""

import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from orchestrator.engine.flow_log import write_logging
from orchestrator.engine.lifeline import let_go, watched
from orchestrator.engine.server import environment


class Nights:
    """Serves the nightly at *hour*:*minute* each day, for as long as the context lasts.

    Args:
        api: URL of the Prefect server's API.
        folder: the store's ``.takesheet`` folder.
        hour: by the clock of *timezone*.
        minute: of that hour.
        timezone: name of the house's zone.
    """

    def __init__(self, api: str, folder: Path, hour: int, minute: int, timezone: str) -> None:
        self._api, self._folder = api, folder.absolute()
        self._when = (f"{minute} {hour} * * *", timezone)
        self._shift: subprocess.Popen[bytes] | None = None

    def tend(self, api: str) -> None:
        """Serve on where the server moved to *api*, or where the serving process is gone."""
        if api != self._api or self._shift is None or self._shift.poll() is not None:
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

    def _begin(self) -> None:
        home = self._folder / "prefect"
        home.mkdir(parents=True, exist_ok=True)
        env = environment(home, os.environ) | {
            "PREFECT_API_URL": self._api,
            "PREFECT_LOGGING_SETTINGS_PATH": str(write_logging(home, "nights")),
        }
        with (home / "nights.out").open("wb") as out:
            words = [str(self._folder), *self._when]
            self._shift = watched("orchestrator.engine.night_shift", words, env=env, folder=home, out=out)

    def _end(self) -> None:
        if self._shift is not None:
            let_go(self._shift)
            self._shift = None
