"""Regular files, opened without following symbolic links.

Whoever can write into a store, a vault or a shared folder can lay a link there; following it would read, write over or
delete a file elsewhere with the rights of whoever runs takesheet.  Every file and folder below such a place is opened
through here.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from domain.core.refusal import Refused


class LinkFound(Refused):
    """A symbolic link, or something that is no regular file or folder, lies where one of ours belongs."""

    def __init__(self, path: Path, found: str = "a symbolic link") -> None:
        super().__init__(
            "store.link",
            f"{path} is {found}; links are not followed there",
            next=f"look at it: ls -l {path}",
            path=path,
        )
        self.path = path


def refuse_links(path: Path, below: Path) -> None:
    """Refuse *path* where it, or a folder between *below* and it, is a symbolic link; what is missing is no link.

    Args:
        path: a file or folder, at or below *below*.
        below: the folder that is believed; it is not looked at itself.

    Raises:
        LinkFound: ``store.link``.
        ValueError: *path* does not lie below *below*.
    """
    place, names = below, path.relative_to(below).parts
    if os.pardir in names:
        raise ValueError(f"{path} leaves {below}")
    for name in names:
        place /= name
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return
        if stat.S_ISLNK(mode):
            raise LinkFound(place)


def open_regular(path: Path, flags: int = os.O_RDONLY, mode: int = 0o600, *, below: Path | None = None) -> int:
    """Open *path* without following a link; a descriptor that the caller closes.

    Args:
        path: the file.
        flags: as for ``os.open``; ``O_NOFOLLOW``, ``O_CLOEXEC``, ``O_NONBLOCK`` are added (no pipe is waited for).
        mode: permissions of a file that is created.
        below: also refuse links among the folders between this one and *path*.

    Raises:
        LinkFound: ``store.link``; it is a link, a folder, a pipe or a device.
        OSError: it cannot be opened.
    """
    if below is not None:
        refuse_links(path, below)
    truncates, flags = bool(flags & os.O_TRUNC), flags & ~os.O_TRUNC
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, mode)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK} and path.is_symlink():
            raise LinkFound(path) from None
        if error.errno in {errno.ENXIO, errno.EISDIR} and not path.is_symlink():  # a pipe that nobody reads; a folder
            raise LinkFound(path, "no regular file") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise LinkFound(path, "no regular file")
    if truncates:  # only once it is known to be a file: a device would obey
        os.ftruncate(descriptor, 0)
    return descriptor


def read_regular(path: Path, *, below: Path | None = None, at_most: int | None = None) -> bytes:
    """The bytes of *path*, opened by :func:`open_regular`.

    Args:
        path: the file.
        below: as for :func:`open_regular`.
        at_most: the largest size that is read.

    Raises:
        LinkFound: ``store.link``.
        Refused: ``file.size``; it is larger than *at_most* bytes.
        OSError: it cannot be opened or read.
    """
    with reading(path, below=below) as file:
        data = file.read() if at_most is None else file.read(at_most + 1)
    if at_most is not None and len(data) > at_most:
        raise Refused("file.size", f"{path} has more than {at_most:,} bytes")
    return data


def reading(path: Path, *, below: Path | None = None) -> BinaryIO:
    """*path*, opened by :func:`open_regular` for reading; the caller closes it."""
    return os.fdopen(open_regular(path, below=below), "rb")
