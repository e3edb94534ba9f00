"""The turnstile: writers of a store take turns in the order of their arrival.

It consists of two locked files.  A writer queues for the first lock and holds it until it gets the second, so at any
time one writer works, one is next, and the rest queue behind them.  A single lock goes to whichever waiter wakes up
first, and with SQLite's busy timeout the process that just wrote is the likeliest to write again, while others starve.
The locks belong to open files and end with the process, however it ends.

The kernel wakes waiters in the order of their arrival, but without a deadline.  So a thread waits for a taken lock, and
the writer waits for that thread with a deadline.  When the writer gives up, the thread keeps the file, and closes it if
it gets the lock after all.
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
    """One process's access to the turnstile of the store at *path*; a context manager, for one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue = LockedFile(path.with_name(f"{path.name}.queue"))
        self._turn = LockedFile(path.with_name(f"{path.name}.turn"))

    def __enter__(self) -> None:
        """Wait for our turn, which lasts until the end of the block.

        Raises:
            StoreBusy: others kept it for a minute.
        """
        patience = None if self._queue.take_at_once() else self._wait(self._queue, self._patience())
        try:
            if not self._turn.take_at_once():
                self._wait(self._turn, patience or self._patience())
        finally:
            self._queue.release()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def release(self) -> None:
        """Release the locks, so that the next writer can go on."""
        self._turn.release()

    def close(self) -> None:
        """Close both files."""
        self._queue.close()
        self._turn.close()

    def _patience(self) -> Patience:
        return Patience(str(self._path), lambda: holder_of(self._turn.path, self._queue.path))

    @staticmethod
    def _wait(file: "LockedFile", patience: Patience) -> Patience:
        file.wait(patience)
        return patience


class LockedFile:
    """An exclusive lock on the file at *path*, which is created if missing."""

    def __init__(self, path: Path) -> None:
        self.path, self._descriptor = path, _open(path)

    def take_at_once(self) -> bool:
        """Take the lock without waiting; False where another open file holds it."""
        return try_lock(self._descriptor)

    def release(self) -> None:
        """Release the lock."""
        unlock(self._descriptor)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def wait(self, patience: Patience) -> None:
        """Wait for the lock, behind earlier waiters.  Raises: StoreBusy, when *patience* ends."""
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
    """A thread that waits for the lock of a file, for as long as the kernel takes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._agreed, self._taken, self._left = descriptor, Lock(), False, False
        self._done = Lock()
        self._done.acquire()
        Thread(target=self._take, name="takesheet-turn", daemon=True).start()

    def comes_within(self, seconds: float) -> bool:
        """Wait at most *seconds*; return True if we have the lock."""
        return self._done.acquire(timeout=seconds)

    def is_given_up(self) -> bool:
        """Give up waiting and leave the file to the thread; return False if we have the lock after all."""
        with self._agreed:
            self._left = not self._taken
            return self._left

    def _take(self) -> None:
        wait_for_lock(self._descriptor)
        with self._agreed:
            self._taken = True
            if self._left:
                os.close(self._descriptor)
        self._done.release()


def _open(path: Path) -> int:
    return open_owned(path, os.O_RDWR | os.O_CREAT)
