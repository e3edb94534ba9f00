"""The driver's lock: one driver a store; the lock ends with its process.

On one machine the operating system holds the lock of a store.  If the log is on PostgreSQL, several machines could
drive, so the server holds a second lock as long as the connection lives.  The connection may be lost, so the lock is
checked before each wave and each append.  A driver may still lose the lock after the check; therefore a report is
recorded under a derived id (``driver.reports``), so that two drivers cannot record it twice.
"""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from domain.core.refusal import Refused
from flows.vault.file_lock import try_lock
from flows.vault.permissions import open_owned
from flows.vault.regular_file import read_regular
from orchestrator.log.database.url import DatabaseUrl, Place

if TYPE_CHECKING:
    from orchestrator.log.postgres.advisory import AdvisoryLock

LONGEST = 32
"""Largest size of the lock's file, in bytes: a process id and a line end."""


class LockLost(Exception):
    """The driver's lock was lost, so that another process may be driving."""


class DriverLock:
    """The lock of one store.

    Args:
        folder: the store's ``.takesheet`` folder.
        log: location of its log; None means a file in the folder.
    """

    def __init__(self, folder: Path, log: Place | None = None) -> None:
        self._path, self._log = folder / "driver.lock", log
        self._descriptor: int | None = None
        self._held: AdvisoryLock | None = None

    def acquire(self) -> bool:
        """Take the lock unless another process (or another lock object) holds it; return True on success.  Never waits.

        Raises:
            LinkFound: the lock's file is a symbolic link.
            StoreUnreachable: the server that holds the second lock does not answer.
        """
        descriptor = open_owned(self._path, os.O_RDWR | os.O_CREAT)
        if not try_lock(descriptor):
            os.close(descriptor)
            return False
        try:
            taken = self._acquire_among_machines()
        except BaseException:
            os.close(descriptor)
            raise
        if not taken:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        with suppress(OSError):  # the process id is only for messages: drive on a full disk too
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return True

    def is_free(self) -> bool:
        """True if :meth:`acquire` would succeed now.  Makes and changes no file.  Raises: as ``acquire``."""
        try:
            descriptor = open_owned(self._path, os.O_RDWR)
        except FileNotFoundError:
            pass
        else:
            try:
                if not try_lock(descriptor):
                    return False
            finally:
                os.close(descriptor)
        free = self._acquire_among_machines()
        if self._held is not None:
            self._held.release()
            self._held = None
        return free

    def _acquire_among_machines(self) -> bool:
        if not isinstance(self._log, DatabaseUrl):
            return True
        from orchestrator.log.postgres.advisory import AdvisoryLock

        self._held = AdvisoryLock.taken(self._log)
        return self._held is not None

    @property
    def is_held(self) -> bool:
        """True while this object holds the lock; asks the server about the second lock."""
        return self._descriptor is not None and (self._held is None or self._held.is_held())

    def check(self) -> None:
        """Check that no other process may drive.

        Raises:
            LockLost: the server released the lock, for example because the connection was lost.
        """
        if not self.is_held:
            raise LockLost

    def release(self) -> None:
        """Release the lock."""
        if self._held is not None:
            self._held.release()
            self._held = None
        if self._descriptor is not None:
            os.truncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """Return the id of the driving process, as it wrote it to the file; None if there is none."""
        try:
            text = read_regular(self._path, at_most=LONGEST).decode("ascii").strip()
        except (OSError, UnicodeDecodeError, Refused):
            return None
        return int(text) if text.isdigit() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
