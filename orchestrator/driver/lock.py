"""The driver's lock: one driver a store, held by the operating system, gone with its process."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class DriverLock:
    """The lock of one store.

    Args:
        folder: the store's ``.takesheet`` folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "driver.lock"
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock, unless another process (or another lock object) holds it; never waits."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let others drive."""
        if self._descriptor is not None:
            os.truncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The process that drives, as it wrote itself down; None where nobody says so."""
        try:
            text = self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return int(text) if text.isdigit() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
