"""Scratch folders ("rooms") in folders where other accounts may write, created and removed without following links.

All below the folder *top* is created, found and removed relative to a descriptor of it, so that links put there, or an
exchanged folder, have no effect.  Names of rooms are random, and other accounts cannot list a private *top*, so that
nobody can occupy the name of a room in advance.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from domain.core.refusal import Refused
from flows.vault.file_lock import lock_at_once, wait_for_lock
from flows.vault.regular_file import LinkFound

_LOCK: Final = re.compile(r"(\d{1,10}-[0-9a-f]{12})\.lock", re.ASCII)
"""Name of a room's lock; files of other names are never removed."""
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ROOT: Final = 0


@contextmanager
def scratch_folder(top: Path, *, private: bool = False) -> Iterator[Path]:
    """A new folder in *top* for the duration of the context, locked for as long as this process lives.

    The process id in the name is for people.  :func:`sweep` relies on the lock, because process ids are reused and may
    belong to another container.

    Args:
        top: a folder.
        private: create *top* if missing; it must belong to this account (:func:`sweep`).

    Raises:
        LinkFound: ``store.link``; *top* is a link, or no folder.
        Refused: ``file.unfinished``.
    """
    with _opened(top, private=private) as folder:
        while True:
            room = f"{os.getpid()}-{uuid4().hex[:12]}"
            with os.fdopen(_open_lock(f"{room}.lock", folder, os.O_CREAT | os.O_EXCL), "wb") as held:
                wait_for_lock(held)
                if not _is_there(f"{room}.lock", folder):
                    continue  # a sweep removed it between creation and locking
                os.mkdir(room, 0o700, dir_fd=folder)
                try:
                    yield top / room
                finally:
                    _clear(room, folder)
                return


def sweep(top: Path, *, private: bool = False) -> int:
    """Remove rooms that ended processes of this account left in *top*; safe beside running ones.

    Args:
        top: a folder.
        private: create *top* if missing; it must belong to this account or to root.  Write permission of others is
            removed, if the file system has permissions.

    Returns:
        Number of rooms removed.

    Raises:
        LinkFound: ``store.link``; *top* is a link, or no folder.
        Refused: ``file.unfinished``; *top* belongs to another account.
    """
    swept = 0
    with _opened(top, private=private) as folder:
        owners = {os.geteuid(), os.fstat(folder).st_uid}
        rooms = [match[1] for name in _names(folder) if (match := _LOCK.fullmatch(name))]
        for room in rooms:
            with suppress(FileNotFoundError, BlockingIOError, PermissionError):
                swept += _swept(room, folder, owners)
    return swept


@contextmanager
def _opened(top: Path, *, private: bool) -> Iterator[int]:
    if private:
        with suppress(FileExistsError):
            top.mkdir(0o700)
    try:
        folder = os.open(top, _FOLDER)
    except OSError:
        if top.is_symlink():
            raise LinkFound(top) from None
        if top.exists() and not top.is_dir():
            raise LinkFound(top, "no folder") from None
        raise
    try:
        if private:
            _own(top, folder)
        yield folder
    finally:
        os.close(folder)


def _own(top: Path, folder: int) -> None:
    found = os.fstat(folder)
    if found.st_uid not in {os.geteuid(), _ROOT}:
        raise Refused(
            "file.unfinished",
            f"{top} belongs to another account (user id {found.st_uid}): work under way is not put there",
            next="have it removed, or name another folder",
            owner=found.st_uid,
        )
    if found.st_uid == os.geteuid() and found.st_mode & 0o077:
        with suppress(OSError):  # on a file system without permissions anyone who reaches it may write
            os.fchmod(folder, 0o700)


def _swept(room: str, folder: int, owners: set[int]) -> bool:
    """Remove *room* if this account made it and its process has ended.  Raises: BlockingIOError; the process lives."""
    try:
        descriptor = _open_lock(f"{room}.lock", folder)
    except OSError:  # a link, a pipe, or another account's file
        return False
    with os.fdopen(descriptor, "wb") as held:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid not in owners:
            return False
        lock_at_once(held)
        with suppress(FileNotFoundError):
            made = os.stat(room, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISDIR(made.st_mode) or made.st_uid not in owners:
                return False
        _clear(room, folder)
    return True


def _clear(room: str, folder: int) -> None:
    # The lock is removed last, so that the next sweep finds what could not be removed now.
    with suppress(FileNotFoundError):
        shutil.rmtree(room, dir_fd=folder)
    with suppress(FileNotFoundError):
        os.unlink(f"{room}.lock", dir_fd=folder)


def _open_lock(name: str, folder: int, flags: int = 0) -> int:
    return os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | flags, mode=0o600, dir_fd=folder)


def _names(folder: int) -> list[str]:
    return sorted(os.listdir(folder))


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
