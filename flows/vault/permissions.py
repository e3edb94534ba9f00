"""Permissions of files created in a store: for the owner only, or for the group if the folder is shared.

A folder is shared when its group may write and new files inherit that group (set-group-ID, as ``init --shared`` sets
it).  The umask has no effect.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from flows.vault.regular_file import open_regular

PRIVATE_FOLDER: Final = 0o700
SHARED_FOLDER: Final = 0o2770
PRIVATE_FILE: Final = 0o600
SHARED_FILE: Final = 0o660


def is_shared(mode: int) -> bool:
    """True if *mode*, of a folder, lets its group write and is inherited by new files (set-group-ID)."""
    return bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)


def file_mode(folder: Path) -> int:
    """Permissions of a file of ours in *folder*: 0600, or 0660 where the folder is shared."""
    return SHARED_FILE if is_shared(folder.stat().st_mode) else PRIVATE_FILE


def folder_mode(parent: Path) -> int:
    """Permissions of a folder of ours in *parent*: 0700, or 2770 where that is shared."""
    return SHARED_FOLDER if is_shared(parent.stat().st_mode) else PRIVATE_FOLDER


def open_owned(path: Path, flags: int, *, below: Path | None = None) -> int:
    """Like :func:`open_regular`; sets the permissions that the folder implies if this account owns the file."""
    mode = file_mode(path.parent)
    descriptor = open_regular(path, flags, mode, below=below)
    found = os.fstat(descriptor)
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != mode:
        os.fchmod(descriptor, mode)
    return descriptor


def create_private(path: Path) -> BinaryIO:
    """Create a file that only its owner reads, such as a backup, for writing; the caller closes it.

    Raises:
        FileExistsError: *path* exists, be it a link.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
    os.fchmod(descriptor, PRIVATE_FILE)
    return os.fdopen(descriptor, "wb")


def make_folders(path: Path) -> None:
    """Make the folder *path* and its missing parents, each with the permissions that its parent implies."""
    if path.is_dir():
        return
    make_folders(path.parent)
    try:
        path.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError:
        return
    mode = folder_mode(path.parent)
    if stat.S_IMODE(path.stat().st_mode) != mode:
        path.chmod(mode)
