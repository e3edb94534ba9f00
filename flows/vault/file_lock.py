"""Exclusive locks of whole files (flock(2)): they belong to an open file, and vanish with the process that holds it."""

import fcntl
from typing import IO


def wait_for_lock(file: int | IO[bytes]) -> None:
    """Lock an open *file*, behind those who wait already; the kernel knows no deadline."""
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
    """Let others have the lock of an open *file*."""
    fcntl.flock(file, fcntl.LOCK_UN)
