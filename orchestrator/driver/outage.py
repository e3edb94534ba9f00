"""Outages: what every job needs is away.  They pause the driver; bugs, damage and moves of the store end it."""

import errno
import os
from typing import Final

from domain.core.refusal import Refusal
from domain.render.engine import Cause
from flows.run.failure import FULL, PASSING, chain_of, reason_of
from flows.vault.vault import VaultCorrupt, VaultFault, VaultMissing, user_cache
from orchestrator.desk.record_state.event_text import OUTAGES
from orchestrator.engine.embedded import EngineFault
from orchestrator.engine.prefect_server.server import ServerFault
from orchestrator.log.refusals import StoreBusy, StoreFull, StoreUncertain, StoreUnreachable
from orchestrator.store.config import Settings

LEAST_BYTES: Final = 1 << 20
"""A file system with less room takes neither a block of sound nor a transaction of a database."""


class Outage(Exception):
    """What every job needs is away; *cause* is which, *reason* one sentence."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause, self.reason = cause, reason

    def __str__(self) -> str:
        return f"{OUTAGES[self.cause]} ({self.reason})"


class Unavailable(Refusal):
    """An outage that lasted longer than a command waits (exit 1); what was rendered is kept."""

    def __init__(self, outage: Outage, waited_s: float) -> None:
        room = "free disk space, then " if outage.cause == "disk" else ""
        super().__init__(
            f"outage.{outage.cause}",
            f"{outage}; tried for {waited_s:.0f} s; what was rendered so far is kept",
            next=f"{room}the same command again",
            cause=outage.cause,
        )


def outage_behind(error: Exception, config: Settings) -> Outage | None:
    """The outage that *error* comes of; None for bugs, damage, and whatever only people can mend."""
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
        case OSError(errno=number) if number in PASSING - {errno.EPIPE}:  # where nobody reads what is said, it ends
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
    """True if a file system that the store, its vault or its caches lie on has no room left."""
    places = [str(config.folder), *([] if "://" in config.vault else [config.vault]), str(user_cache())]
    return any(_free_bytes(place) < LEAST_BYTES for place in places)


def _free_bytes(place: str) -> int:
    try:
        stand = os.statvfs(place)
    except OSError:
        return LEAST_BYTES
    return stand.f_bavail * stand.f_frsize
