"""The SQLite library that Python uses, and known faults of its version."""

import sqlite3
from typing import Final

Version = tuple[int, int, int]

# "Write-Ahead Logging", section "The WAL Reset Bug", of the SQLite documentation: releases 3.7.0 to 3.51.2 are
# affected; the fix is in 3.51.3, and in 3.44.6 and 3.50.7 of their own lines.
WAL_RESET_FIRST: Final[Version] = (3, 7, 0)
WAL_RESET_MENDED: Final[Version] = (3, 51, 3)
WAL_RESET_MENDED_LINES: Final[frozenset[Version]] = frozenset({(3, 44, 6), (3, 50, 7)})


def version() -> Version:
    """Return the version of the library in use."""
    return sqlite3.sqlite_version_info[0], sqlite3.sqlite_version_info[1], sqlite3.sqlite_version_info[2]


def has_the_wal_reset_bug(of: Version) -> bool:
    """True if two connections that write and checkpoint at the same instant may damage the file.

    Takesheet's own writers are safe: they write and checkpoint one at a time, in their turn at the turnstile.
    """
    mended = any(of[:2] == line[:2] and of >= line for line in WAL_RESET_MENDED_LINES)
    return WAL_RESET_FIRST <= of < WAL_RESET_MENDED and not mended


def known(of: Version) -> str:
    """Return a sentence about the known fault of a version; empty if there is none."""
    if has_the_wal_reset_bug(of):
        return (
            "has the WAL-reset bug, mended in 3.51.3: takesheets queue and cannot meet it; let no other program write"
        )
    return ""
