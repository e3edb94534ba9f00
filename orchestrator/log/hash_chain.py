"""The hash chain: each event's hash covers every stored byte of it and the hash before it.

    hash = SHA-256( "takesheet-log-1"
                  | fourteen signed 64-bit big-endian integers, one a column, in column order:
                    position, id, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause,
                    correlation, prev_hash
                  | the bytes of the text and raw columns, in the same order )

An integer column (position, schema, recorded_at) gives its value; any other gives the length of its bytes as stored
(text as UTF-8), and -1 for NULL.  The ``prev_hash`` of position 1, and the head of an empty log, is the *genesis*:

    genesis = SHA-256( "takesheet-log-1" | log id, 16 bytes )

so that the log's id is covered by the proof, too.  ``tests/orchestrator/log/test_hash_chain.py`` holds a test vector.
"""

from hashlib import sha256
from struct import Struct
from uuid import UUID

VERSION = b"takesheet-log-1"

_numbers = Struct(">14q").pack


def genesis(log: UUID) -> bytes:
    """Return the hash before the first event."""
    return sha256(VERSION + log.bytes).digest()


Stored = tuple[int, bytes, str, int, str, str, str, str, str | None, str | None, int, bytes | None, bytes | None, bytes]
"""All columns of an event but its hash, in order."""

Raw = tuple[
    int,
    bytes,
    bytes,
    int,
    bytes,
    bytes,
    bytes,
    bytes,
    bytes | None,
    bytes | None,
    int,
    bytes | None,
    bytes | None,
    bytes,
]
"""All columns of an event but its hash, with texts as stored UTF-8 bytes."""


def event_hash(stored: Stored) -> bytes:
    """Return the hash of one event that is about to be recorded."""
    position, id_, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause, correlation, prev = (
        stored
    )
    return digest(
        (
            position,
            id_,
            kind.encode(),
            schema,
            data.encode(),
            tags.encode(),
            actor.encode(),
            via.encode(),
            why.encode() if isinstance(why, str) else why,
            occurred_at.encode() if isinstance(occurred_at, str) else occurred_at,
            recorded_at,
            cause,
            correlation,
            prev,
        )
    )


def digest(raw: Raw) -> bytes:
    """Return the hash of one event, from the stored bytes."""
    position, id_, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause, correlation, prev = raw
    numbers = _numbers(
        position,
        len(id_),
        len(kind),
        schema,
        len(data),
        len(tags),
        len(actor),
        len(via),
        -1 if why is None else len(why),
        -1 if occurred_at is None else len(occurred_at),
        recorded_at,
        -1 if cause is None else len(cause),
        -1 if correlation is None else len(correlation),
        len(prev),
    )
    reason, time, because, together = why or b"", occurred_at or b"", cause or b"", correlation or b""
    hashed = (VERSION, numbers, id_, kind, data, tags, actor, via, reason, time, because, together, prev)
    return sha256(b"".join(hashed)).digest()
