"""The process that holds a lock on a file, by ``/proc/locks`` (proc(5)), which only Linux has."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_STATES: Final = {"T": ", stopped", "t": ", stopped by a debugger", "D": ", waiting for a disk"}
UNKNOWN: Final = "another process"


def holder_of(*files: Path) -> str:
    """Return a description of the process that holds a write lock on one of *files*, other than this one."""
    with suppress(OSError, ValueError):
        for pid in _holders({inode for file in files for inode in _inode(file)}):
            if pid != os.getpid():
                return f"process {pid}{_described(pid)}"
    return UNKNOWN


def _inode(file: Path) -> Iterator[str]:
    with suppress(OSError):
        about = file.stat()
        yield f"{os.major(about.st_dev):02x}:{os.minor(about.st_dev):02x}:{about.st_ino}"


def _holders(inodes: set[str]) -> Iterator[int]:
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        words = line.split()  # number, class, kind, mode, process, file, start, end; "->" second where it only waits
        if words[1] != "->" and words[3] == "WRITE" and words[5] in inodes:
            yield int(words[4])


def _described(pid: int) -> str:
    with suppress(OSError, IndexError):
        name, _, rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
        return f" ({name.partition('(')[2]}{_STATES.get(rest.split()[0], '')})"
    return ""
