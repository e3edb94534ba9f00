"""Folders for work under way, in places where others may write, too: none is reached through a link.

Everything below the folder *top* is made, found and removed relative to a descriptor of it, so that a link laid there,
or the folder exchanged for another one, leads nowhere.  The names of the rooms are random, and a private *top* cannot
be listed by others: who does not know a name cannot lay something in its way either.
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
"""A room's lock; nothing of another shape is ever removed."""
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ROOT: Final = 0


@contextmanager
def scratch_folder(top: Path, *, private: bool = False) -> Iterator[Path]:
    """A folder of its own in *top* for as long as it is used; its lock tells others that this process lives.

    The name carries the process id for people; the lock is what :func:`sweep` believes, so that neither a reused
    process id nor another container's processes deceive it.

    Args:
        top: a folder.
        private: *top* is made where it is missing, and must be this account's own (:func:`sweep`).

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
                    continue  # a sweep came between the file and its lock
                os.mkdir(room, 0o700, dir_fd=folder)
                try:
                    yield top / room
                finally:
                    _clear(room, folder)
                return


def sweep(top: Path, *, private: bool = False) -> int:
    """Remove what processes of this account that are gone left in *top*, safely beside others that live.

    Args:
        top: a folder.
        private: *top* is made where it is missing, and must belong to this account, or to root.  Where others may write
            in it they no longer may afterwards, as far as the file system knows of permissions.

    Returns:
        How many rooms it was.

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
        with suppress(OSError):  # a file system without permissions: whoever reaches it may write anywhere on it
            os.fchmod(folder, 0o700)


def _swept(room: str, folder: int, owners: set[int]) -> bool:
    """Remove *room*, if it is of our making and whoever made it is gone.  Raises: BlockingIOError; it lives."""
    try:
        descriptor = _open_lock(f"{room}.lock", folder)
    except OSError:  # a link, a pipe, another account's
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
    # The lock goes last: what could not be removed now is found by the next sweep.
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
