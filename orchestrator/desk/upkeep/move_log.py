"""Where a store keeps its log: in a file, or in PostgreSQL; and moving it from one to the other."""

import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from domain.core.refusal import Clash, Misused, Refused
from orchestrator.log.append_condition import Head
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.move import move
from orchestrator.log.sqlite.filesystem import refuse_network
from orchestrator.store import config as settings
from orchestrator.store import trust
from orchestrator.store.driver_lock import DriverLock
from orchestrator.store.trust_refusals import Untrusted
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class MoveResult:
    """A log that lies elsewhere now."""

    was: str
    now: str
    head: Head


def address(word: str) -> str:
    """Where a log shall lie, as a command line says it: a path, a URL, or ``-`` for a line of standard input.

    Raises:
        Misused: ``store.url``, ``store.secret``; nothing of a password is repeated.
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


def move_log(studio: Studio, to: str) -> MoveResult:
    """Move the log of a store to *to*, while nobody drives and nobody can append; ``config.toml`` names it only then.

    Args:
        studio: open on the store as it is.
        to: the address of a PostgreSQL database, or a path: absolute, or within the store's folder.

    Raises:
        Clash: ``store.driven``; somebody drives this store.
        StoreExists: something else is there, or a log that was moved away.
        StoreMoved: it was moved away before, to another place than *to*.
        StoreBusy: it is moved, and somebody's reading keeps contact data in the old place; the same again.
        StoreDamaged: the log, or its copy, is not sound; nothing was changed.
        Refused: ``store.network``, ``store.here``.
        Untrusted: ``store.trust``; moving would trust what is not trusted in it, too.
    """
    config = studio.config
    if config.withheld:
        raise Untrusted(config.folder, [f"{name} is not trusted" for name in sorted(config.withheld)])
    target = settings.place(config.folder, to)
    _refuse_place(config, target)
    with DriverLock(config.folder, config.log) as lock:
        if not lock.acquire():
            raise Clash(
                "store.driven", f"process {lock.holder() or 'of another machine'} drives this store", next="end it"
            )
        head = move(studio.log, target, actor=studio.who.actor, via=studio.who.via)
        settings.move_log(config.folder, to)
        with suppress(OSError):  # where nothing can be recorded, the next command says what it needs
            trust.record(replace(config, log=target))  # what stood there, and not what others wrote there meanwhile
    return MoveResult(studio.log.database.place, _told(target), head)


def _refuse_place(config: settings.Settings, target: Place) -> None:
    if _told(target) == _told(config.log):
        raise Refused("store.here", f"the log lies in {_told(target)} already")
    if isinstance(target, Path):
        refuse_network(target.parent)


def _told(place: Place) -> str:
    return str(place)
