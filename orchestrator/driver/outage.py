"""Outages: a resource that every job needs is unavailable.  The driver pauses; bugs, damage and moves end it."""

import errno
import os
from typing import Final

from domain.core.refusal import Refusal
from domain.render.engine import OUTAGES, Cause
from flows.run.failure import FULL, PASSING, chain_of, reason_of
from flows.vault.vault import user_cache
from flows.vault.vault_faults import VaultCorrupt, VaultFault, VaultMissing
from orchestrator.engine.embedded import EngineFault
from orchestrator.engine.prefect_server.server import ServerFault
from orchestrator.log.refusals import StoreBusy, StoreFull, StoreUncertain, StoreUnreachable
from orchestrator.store.config import Settings

LEAST_BYTES: Final = 1 << 20
"""A file system with less free space takes neither a block of audio nor a database transaction."""


class Outage(Exception):
    """A resource that every job needs is unavailable: *cause* names it, *reason* is one sentence."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause, self.reason = cause, reason

    def __str__(self) -> str:
        return f"{OUTAGES[self.cause]} ({self.reason})"


class Unavailable(Refusal):
    """An outage outlasted the patience of the command (exit 3; 1 if Prefect failed); finished renders are kept."""

    def __init__(self, outage: Outage, waited_s: float) -> None:
        room = "free disk space, then " if outage.cause == "disk" else ""
        super().__init__(
            f"outage.{outage.cause}",
            f"{outage}; tried for {waited_s:.0f} s; what was rendered so far is kept",
            next=f"{room}the same command again",
            cause=outage.cause,
        )


def outage_behind(error: Exception, config: Settings) -> Outage | None:
    """Return the outage that caused *error*; None for bugs, damage, and all errors that a person must repair."""
    if isinstance(error, Outage):
        return error
    cause = _cause(error, config)
    return Outage(cause, _reason(error)) if cause else None


def _cause(error: Exception, config: Settings) -> Cause | None:
    chain = list(chain_of(error))
    if any(isinstance(one, StoreFull) or _number(one) in FULL for one in chain):
        return "disk"
    vault = any(isinstance(one, VaultFault) and not isinstance(one, VaultMissing | VaultCorrupt) for one in chain)
    match error:
        case StoreUncertain() | StoreUnreachable() | StoreBusy():
            return "disk" if _is_full(config) else "database"
        case EngineFault() | ServerFault():
            return "vault" if vault else "disk" if _is_full(config) else "prefect"
        case VaultFault() if vault:
            return "vault"
        case OSError(errno=number) if number in PASSING - {errno.EPIPE}:  # EPIPE, nobody reads our output: end
            return "prefect"
        case _:
            return None


def _number(error: BaseException) -> int | None:
    return error.number if isinstance(error, VaultFault) else error.errno if isinstance(error, OSError) else None


def _reason(error: Exception) -> str:
    if isinstance(error, EngineFault | ServerFault):
        return error.reason
    return error.detail if isinstance(error, Refusal) else reason_of(error)


def _is_full(config: Settings) -> bool:
    """True if a file system that holds the store, its vault or its caches is full."""
    places = [str(config.folder), *([] if "://" in config.vault else [config.vault]), str(user_cache())]
    return any(_free_bytes(place) < LEAST_BYTES for place in places)


def _free_bytes(place: str) -> int:
    try:
        stand = os.statvfs(place)
    except OSError:
        return LEAST_BYTES
    return stand.f_bavail * stand.f_frsize
