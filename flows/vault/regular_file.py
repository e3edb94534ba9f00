"""Regular files, opened without following symbolic links.

Anyone who can write into a store, a vault or a shared folder can put a link there; following it would read, overwrite
or delete a file elsewhere with the rights of the user who runs takesheet.  Every file and folder below such a place is
opened by this module.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from domain.core.refusal import Refused


class LinkFound(Refused):
    """Refusal: one of our paths is a symbolic link, or neither a regular file nor a folder."""

    def __init__(self, path: Path, found: str = "a symbolic link") -> None:
        super().__init__(
            "store.link",
            f"{path} is {found}; links are not followed there",
            next=f"look at it: ls -l {path}",
            path=path,
        )
        self.path = path


def refuse_links(path: Path, below: Path) -> None:
    """Refuse *path* if it, or a folder between *below* and it, is a symbolic link; a missing one is not refused.

    Args:
        path: a file or folder, at or below *below*.
        below: a trusted folder, which is not checked itself.

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
    """Open *path* without following a link; return a descriptor that the caller closes.

    Args:
        path: the file.
        flags: as for ``os.open``; ``O_NOFOLLOW``, ``O_CLOEXEC``, ``O_NONBLOCK`` are added (so that pipes do not block).
        mode: permissions of a file that is created.
        below: also refuse links among the folders between this one and *path*.

    Raises:
        LinkFound: ``store.link``; *path* is a link, a folder, a pipe or a device.
        OSError: *path* cannot be opened.
    """
    if below is not None:
        refuse_links(path, below)
    truncates, flags = bool(flags & os.O_TRUNC), flags & ~os.O_TRUNC
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, mode)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK} and path.is_symlink():
            raise LinkFound(path) from None
        if error.errno in {errno.ENXIO, errno.EISDIR} and not path.is_symlink():  # a pipe without reader; a folder
            raise LinkFound(path, "no regular file") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise LinkFound(path, "no regular file")
    if truncates:  # only now that it is known to be a regular file: a device would obey
        os.ftruncate(descriptor, 0)
    return descriptor


def read_regular(path: Path, *, below: Path | None = None, at_most: int | None = None) -> bytes:
    """The bytes of *path*, opened by :func:`open_regular`.

    Args:
        path: the file.
        below: as for :func:`open_regular`.
        at_most: largest size allowed; None for any.

    Raises:
        LinkFound: ``store.link``.
        Refused: ``file.size``; the file is larger than *at_most* bytes.
        OSError: the file cannot be opened or read.
    """
    with reading(path, below=below) as file:
        data = file.read() if at_most is None else file.read(at_most + 1)
    if at_most is not None and len(data) > at_most:
        raise Refused("file.size", f"{path} has more than {at_most:,} bytes")
    return data


def reading(path: Path, *, below: Path | None = None) -> BinaryIO:
    """Open *path* for reading by :func:`open_regular`; the caller closes it."""
    return os.fdopen(open_regular(path, below=below), "rb")
