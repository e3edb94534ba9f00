"""The current address of a user's terminal session, from which the end of an address is enough.

The address is kept in the user's state folder, one file for each store and terminal session: each terminal, and each
user of a shared store, has a current address of its own.  ``TAKESHEET_AT`` in the environment replaces it.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.core.address import parse_address
from domain.core.refusal import Misused, suggest
from flows.vault.regular_file import read_regular
from orchestrator.engine.process_identity import start_of
from orchestrator.new_file import replace

if TYPE_CHECKING:
    from orchestrator.store.config import Settings
    from orchestrator.studio import Studio

VARIABLE: Final = "TAKESHEET_AT"
LONGEST: Final = 4096
"""Largest size, in bytes, of the file that remembers an address."""
MOST: Final = 1000
"""Most files examined when the files of ended sessions are removed."""


def current_path(studio: "Studio") -> tuple[str, ...]:
    """Slugs of the current record, song or part; empty if none is set.  Raises: as :func:`path_in`."""
    return path_in(studio.config)


def path_in(config: "Settings") -> tuple[str, ...]:
    """Slugs of the current record, song or part in the store with *config*; empty if none is set.

    Raises:
        Misused: ``address``; ``TAKESHEET_AT``, or the remembered address, does not parse.
    """
    named = os.environ.get(VARIABLE)
    if named is None:
        try:
            named = read_regular(_file(config), at_most=LONGEST).decode().strip()
        except FileNotFoundError:
            return ()
        except UnicodeDecodeError:
            raise Misused("address", f"{_file(config)} is no text", next=suggest("at", "RECORD")) from None
    return parse_address(named).path if named else ()


def set_current_path(studio: "Studio", path: tuple[str, ...]) -> None:
    """Remember the current address of this terminal session; an empty *path* forgets it."""
    file = _file(studio.config)
    if not path:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_ended(file.parent)
    replace(file, "/".join(path).encode() + b"\n")


def _file(config: "Settings") -> Path:
    from platformdirs import user_state_path

    store = sha256(f"{config.id} {config.folder}".encode()).hexdigest()[:16]
    session = os.getsid(0)
    return user_state_path("takesheet") / "at" / f"{store}.{session}.{_start(session)}"


def _start(session: int) -> str:
    """Start time of a session's first process, since session ids are reused; 0 if the process has ended."""
    with suppress(OSError):
        return start_of(session)
    return "0"


def _remove_ended(folder: Path) -> None:
    """Remove the files of terminal sessions that have ended."""
    for file, session, start in _sessions(folder):
        if start != "0" and _start(session) != start:
            file.unlink(missing_ok=True)


def _sessions(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for number, file in enumerate(folder.iterdir()):
        if number == MOST:
            return
        _, _, session = file.name.partition(".")
        id_, dot, start = session.partition(".")
        if dot and id_.isdecimal():
            yield file, int(id_), start
