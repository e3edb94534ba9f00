"""Exclusive locks of whole files (flock(2)), which belong to an open file and end with the process that holds it."""

import fcntl
from typing import IO


def wait_for_lock(file: int | IO[bytes]) -> None:
    """Wait, without a deadline, for the lock of an open *file*, behind earlier waiters."""
    fcntl.flock(file, fcntl.LOCK_EX)


def lock_at_once(file: int | IO[bytes]) -> None:
    """Lock an open *file* without waiting.  Raises: BlockingIOError; another open file holds the lock."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(file: int | IO[bytes]) -> bool:
    """Lock an open *file* without waiting; False where another open file holds the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(file: int | IO[bytes]) -> None:
    """Release the lock of an open *file*."""
    fcntl.flock(file, fcntl.LOCK_UN)
