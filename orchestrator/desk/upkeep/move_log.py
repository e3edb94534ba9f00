"""Moving the log of a store between a file and PostgreSQL."""

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from domain.core.refusal import Clash, Misused, Refused
from orchestrator.log.append_condition import Head
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.move import check_move, move
from orchestrator.log.sqlite.filesystem import refuse_network
from orchestrator.store import config as settings
from orchestrator.store import trust
from orchestrator.store.driver_lock import DriverLock
from orchestrator.store.trust_refusals import Untrusted
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class MoveResult:
    """A log that was moved."""

    was: str
    now: str
    head: Head


def address(word: str) -> str:
    """The new place of a log as typed: a path, a URL, or ``-`` to read one from a line of standard input.

    Raises:
        Misused: ``store.url``, ``store.secret``; the message never repeats a password.
    """
    if word == "-":
        return sys.stdin.readline().strip()
    if "://" in word and DatabaseUrl.parse(word).secrets:
        raise Misused(
            "store.secret",
            "a password on a command line is seen by everybody on this machine; let ~/.pgpass or PGPASSWORD hold it,"
            " or give the whole URL as a line of standard input",
            next="takesheet store move - < FILE",
        )
    return word


def move_log(studio: Studio, to: str, *, dry_run: bool = False) -> MoveResult:
    """Move the log of a store to *to* while nobody can drive or append; ``config.toml`` is changed last.

    Args:
        studio: open on the store.
        to: the address of a PostgreSQL database, or a path: absolute, or within the store's folder.
        dry_run: check everything and change nothing; the head is the present one, before the event of the move.

    Raises:
        Clash: ``store.driven``; a driver runs on this store.
        StoreExists: *to* holds another file or log, or a log that was moved away.
        StoreMoved: the log was moved before, to another place than *to*.
        StoreBusy: the log is moved, but a reader keeps contact data in the old place; repeat the command.
        StoreDamaged: verification of the log or its copy fails; nothing was changed.
        Refused: ``store.network``, ``store.here``.
        Untrusted: ``store.trust``; moving would also trust the settings that are not trusted yet.
    """
    config = studio.config
    if config.withheld:
        raise Untrusted(config.folder, [f"{name} is not trusted" for name in sorted(config.withheld)])
    target = settings.place(config.folder, to)
    _refuse_place(config, target)
    with DriverLock(config.folder, config.log) as lock:
        if not (lock.is_free() if dry_run else lock.acquire()):
            raise Clash(
                "store.driven", f"process {lock.holder() or 'of another machine'} drives this store", next="end it"
            )
        if dry_run:
            if isinstance(target, Path) and not target.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))
            return MoveResult(studio.log.database.place, _told(target), check_move(studio.log, target))
        head = move(studio.log, target, actor=studio.who.actor, via=studio.who.via)
        settings.move_log(config.folder, to)
        with suppress(OSError):  # if trust cannot be recorded, the next command asks for it
            trust.record(replace(config, log=target))  # the settings as read, not as changed by others since
    return MoveResult(studio.log.database.place, _told(target), head)


def _refuse_place(config: settings.Settings, target: Place) -> None:
    if _told(target) == _told(config.log):
        raise Refused("store.here", f"the log lies in {_told(target)} already")
    if isinstance(target, Path):
        refuse_network(target.parent)


def _told(place: Place) -> str:
    return str(place)
