"""What goes into the log: an event with its circumstances, and the condition under which it still holds."""

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.core.event import Event
from orchestrator.log.query import Query


@dataclass(frozen=True, slots=True)
class Draft:
    """An event about to be recorded.

    Args:
        event: what was decided or happened.
        actor: who says so (a claim).
        via: the operating system's ``user@host``.
        id: the idempotency key; made by the log when absent.
        why: the reason given.
        occurred_at: the invoice's or session's own time, with its offset from UTC.
        cause: the id of the event that led to this one.
        correlation: one id for all that came of one command.
    """

    event: Event
    actor: str
    via: str
    id: UUID | None = None
    why: str | None = None
    occurred_at: datetime | None = None
    cause: UUID | None = None
    correlation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Record only if nothing that matches *query* stands after position *after*."""

    query: Query
    after: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: the last position (0 when empty) and the hash that stands for everything up to it."""

    position: int
    hash: bytes


def uuid7(unix_us: int) -> bytes:
    """A time-ordered id, 16 bytes (RFC 9562, section 5.7): 48 bits of milliseconds, the rest random."""
    made = bytearray((unix_us // 1000 & 0xFFFF_FFFF_FFFF).to_bytes(6) + os.urandom(10))
    made[6] = made[6] & 0x0F | 0x70  # the version, 7
    made[8] = made[8] & 0x3F | 0x80  # the variant
    return bytes(made)
