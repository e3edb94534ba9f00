"""The standing driver of the demo: ``takesheet up`` as a child process that ends with the demo."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from domain.core.refusal import Refusal
from orchestrator.engine.child_process import end_child, start_child
from orchestrator.store import config
from orchestrator.store.driver_lock import DriverLock

WORDS: Final = "up.log"
READY_S: Final = 60.0
END_S: Final = 15.0
"""Seconds for a running flow to be abandoned and Prefect's server to end."""
POLL_S: Final = 0.05


class DriverProcess:
    """The process that drives the store in *folder*: ``with DriverProcess(folder) as driver``.

    Args:
        folder: folder that contains ``.takesheet``.
    """

    def __init__(self, folder: Path) -> None:
        self._store = (folder / config.FOLDER).absolute()
        self._lock = DriverLock(self._store)
        self._up: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        words = ["up", "--store", str(self._store)]
        with (self._store / WORDS).open("wb") as out:
            self._up = start_child("orchestrator.cli.main", words, env=os.environ, folder=self._store, out=out)
        return self

    def ready(self) -> None:
        """Wait until the driver holds its lock.  Raises: Refusal ``driver.missing``; it ended or took too long."""
        until = time.monotonic() + READY_S
        while self._lock.holder() is None:
            if self._up is None or self._up.poll() is not None or time.monotonic() > until:
                raise Refusal(
                    "driver.missing", f"`takesheet up` does not come up; its words are in {self._store / WORDS}"
                )
            time.sleep(POLL_S)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._up is None:
            return
        try:
            if pid := self._lock.holder():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):  # then it is killed below
                    self._up.wait(END_S)
        finally:
            end_child(self._up)
