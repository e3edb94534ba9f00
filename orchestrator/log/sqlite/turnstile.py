"""The turnstile: writers of a store go through one at a time, in the order they came.

Two locked files.  A writer queues on the first and holds it until the second is its own, so at any time one writer
works, one is next, and the rest stand behind them.  A single lock is won by whoever happens to wake up, and SQLite's
own busy timeout is worse: the process that just wrote is the likeliest to write again, and others starve.  The locks
belong to open files: they vanish with the process, however it ends.

The kernel wakes those who wait in the order they came, and knows no deadline.  So whoever finds a lock taken lets a
thread wait for it, and waits for that thread with a deadline.  A wait that is given up leaves the file to its thread,
which lets go of the lock should it still come.
"""

import os
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType

from flows.vault.file_lock import try_lock, unlock, wait_for_lock
from flows.vault.permissions import open_owned
from orchestrator.log.database.patience import Patience
from orchestrator.log.sqlite.holders import holder_of


class Turnstile:
    """One process's place at the turnstile of the store at *path*; a context manager, not for two threads at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue = LockedFile(path.with_name(f"{path.name}.queue"))
        self._turn = LockedFile(path.with_name(f"{path.name}.turn"))

    def __enter__(self) -> None:
        """Wait for our turn; it ends with the block.

        Raises:
            StoreBusy: others kept it for a minute.
        """
        patience = Patience(str(self._path), lambda: holder_of(self._turn.path, self._queue.path))
        self._queue.take(patience)
        try:
            self._turn.take(patience)
        finally:
            self._queue.release()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._turn.release()

    def close(self) -> None:
        """Leave for good."""
        self._queue.close()
        self._turn.close()


class LockedFile:
    """An exclusive lock on the file at *path*, which is made where it is missing."""

    def __init__(self, path: Path) -> None:
        self.path, self._descriptor = path, _open(path)

    def take(self, patience: Patience) -> None:
        """Wait for the lock behind those who wait already.  Raises: StoreBusy, when *patience* ends."""
        if not try_lock(self._descriptor):
            self._wait(patience)

    def release(self) -> None:
        """Let others have it."""
        unlock(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def _wait(self, patience: Patience) -> None:
        waiting = Waiting(self._descriptor)
        try:
            while not waiting.comes_within(patience.next_s):
                patience.go_on()
        except BaseException:
            if waiting.is_given_up():
                self._descriptor = _open(self.path)
            else:
                self.release()
            raise


class Waiting:
    """A thread that waits for the lock of a file, for as long as the kernel lets it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._agreed, self._came, self._left = descriptor, Lock(), False, False
        self._done = Lock()
        self._done.acquire()
        Thread(target=self._take, name="takesheet-turn", daemon=True).start()

    def comes_within(self, seconds: float) -> bool:
        """Wait so long at most; True when the lock is ours."""
        return self._done.acquire(timeout=seconds)

    def is_given_up(self) -> bool:
        """Wait no longer: the file is the thread's from now on, unless the lock came just now (False)."""
        with self._agreed:
            self._left = not self._came
            return self._left

    def _take(self) -> None:
        wait_for_lock(self._descriptor)
        with self._agreed:
            self._came = True
            if self._left:
                os.close(self._descriptor)
        self._done.release()


def _open(path: Path) -> int:
    return open_owned(path, os.O_RDWR | os.O_CREAT)
