"""Creation of a store: both its folder and its log on a database server appear, or neither.

The log is created in one transaction, and then the draft of the folder is renamed.  If the process is killed in
between, the log exists but no folder names it; the draft's name contains the log's id, so that the same command,
repeated, completes the store.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple
from uuid import UUID, uuid4

from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.url import Place
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.refusals import StoreExists
from orchestrator.log.store import Clock, Log


class Foundation(NamedTuple):
    """The draft of a store that is being created."""

    draft: Path
    """The folder under a temporary name."""
    log: UUID
    """The id of the new log, or of the log of a killed attempt."""


@contextmanager
def foundation(folder: Path, name: str) -> Iterator[Foundation]:
    """Context of a draft that becomes the folder *name* in *folder* if the block succeeds, and is deleted otherwise."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    log = _taken_up(folder, name) or uuid4()
    draft = folder / f"{name}.new-{os.getpid()}-{log.hex}"
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        yield Foundation(draft, log)
        draft.rename(folder / name)
    except BaseException:
        rmtree(draft, ignore_errors=True)
        for place in missing:
            with suppress(OSError):  # another process put something there
                place.rmdir()
        raise


def found_log(place: Place, identity: UUID, founding: Sequence[Draft], *, clock: Clock) -> None:
    """Create the log at *place* with its first events, or accept the equal log of a killed attempt.

    Raises:
        StoreExists: *place* has another log.
    """
    try:
        Log.create(place, kinds=KINDS, clock=clock, identity=identity, founding=founding).close()
    except StoreExists:
        if isinstance(place, Path):
            raise
        if not _is_founded(place, identity, founding):
            raise


def _is_founded(place: Place, identity: UUID, founding: Sequence[Draft]) -> bool:
    """True if the log at *place* has this id and contains these events alone."""
    with Log.open(place, kinds=KINDS, readonly=True) as log, closing(log.database.connect()) as connection:
        found = identity_and_head(connection)
        recorded = [one.event for one in log.read_all(upto=len(founding) + 1)]
        return found is not None and found[0] == identity and recorded == [draft.event for draft in founding]


def _taken_up(folder: Path, name: str) -> UUID | None:
    """Return the log id in the name of a killed process's draft, and remove the draft; None without one."""
    for draft in sorted(folder.glob(f"{name}.new-*-*")):
        _, pid, log = draft.name.removeprefix(name).split("-", 2)
        ours = draft.is_dir() and not draft.is_symlink() and draft.stat().st_uid == os.getuid()
        if ours and pid.isdigit() and not _lives(int(pid)):
            with suppress(ValueError):
                identity = UUID(hex=log)
                rmtree(draft)
                return identity
    return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
