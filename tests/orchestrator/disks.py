"""Disks that fill up: a small tmpfs if one may be mounted, and a limit on the size of files anywhere."""

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = 1 << 16


class SmallDisk:
    """A file system of its own, filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self, *, but: int = 0) -> Iterator[None]:
        """In the block, the disk has *but* free bytes."""
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            for size in (CHUNK, 1):
                while _written(file.fileno(), size) == size:
                    pass
            file.truncate(max(0, file.tell() - but))
        try:
            yield
        finally:
            filler.unlink()


class LimitedFiles:
    """Any folder; in a block, files of this process cannot grow beyond a size (``RLIMIT_FSIZE``)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self, *, but: int = 0) -> Iterator[None]:
        """In the block, a file grows to *but* bytes at most."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (but, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _written(descriptor: int, size: int) -> int:
    try:
        return os.write(descriptor, b"\0" * size)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return 0
        raise


Disk = SmallDisk | LimitedFiles


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[SmallDisk | None]:
    """A tmpfs in *folder*; None if this user may not mount one."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "takesheet-test", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
