"""The turnstile: writers of a store go through one at a time, in the order they came.

Two locked files.  A writer queues on the first and holds it until the second is its own, so at any time one writer
works, one is next, and the rest stand behind them.  A single lock is won by whoever happens to wake up, and SQLite's
own busy timeout is worse: the process that just wrote is the likeliest to write again, and others starve.  The locks
belong to open files: they vanish with the process, however it ends.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from flows.permissions import open_owned


class Turnstile:
    """One process's place at the turnstile of the store at *path*; a context manager, not for two threads at once."""

    def __init__(self, path: Path) -> None:
        self._queue = _open(path.with_name(f"{path.name}.queue"))
        self._turn = _open(path.with_name(f"{path.name}.turn"))

    def __enter__(self) -> None:
        """Wait for our turn; it ends with the block."""
        try:
            fcntl.flock(self._queue, fcntl.LOCK_EX)
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave for good."""
        os.close(self._queue)
        os.close(self._turn)


def _open(path: Path) -> int:
    return open_owned(path, os.O_RDWR | os.O_CREAT)
