"""The hash chain: each event's hash covers every stored byte of it and the hash before it.

    hash = SHA-256( "takesheet-log-1"
                  | fourteen signed 64-bit big-endian integers, one a column, in column order:
                    position, id, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause,
                    correlation, prev_hash
                  | the bytes of the text and raw columns, in the same order )

An integer column (position, schema, recorded_at) gives its value; any other gives the length of its bytes as stored
(text as UTF-8), and -1 for NULL.  The ``prev_hash`` of position 1, and the head of an empty log, is the *genesis*:

    genesis = SHA-256( "takesheet-log-1" | log id, 16 bytes )

so that the log's identity is under the proof too.  ``tests/orchestrator/log/test_seal.py`` holds a test vector.
"""

from hashlib import sha256
from struct import Struct
from uuid import UUID

VERSION = b"takesheet-log-1"

_numbers = Struct(">14q").pack


def genesis(log: UUID) -> bytes:
    """The hash before the first event."""
    return sha256(VERSION + log.bytes).digest()


Columns = tuple[
    int, bytes, str, int, str, str, str, str, str | None, str | None, int, bytes | None, bytes | None, bytes
]
"""All columns of an event but its hash, in order, as stored."""


def seal(columns: Columns) -> bytes:
    """The hash of one event.

    Raises:
        AttributeError, TypeError, struct.error: a column holds a value of another type than it should.
    """
    (
        position,
        id_,
        kind,
        schema,
        data,
        tags,
        actor,
        via,
        why,
        occurred_at,
        recorded_at,
        cause,
        correlation,
        prev_hash,
    ) = columns
    kind_, data_, tags_, actor_, via_ = kind.encode(), data.encode(), tags.encode(), actor.encode(), via.encode()
    why_ = b"" if why is None else why.encode()
    occurred_ = b"" if occurred_at is None else occurred_at.encode()
    numbers = _numbers(
        position,
        len(id_),
        len(kind_),
        schema,
        len(data_),
        len(tags_),
        len(actor_),
        len(via_),
        -1 if why is None else len(why_),
        -1 if occurred_at is None else len(occurred_),
        recorded_at,
        -1 if cause is None else len(cause),
        -1 if correlation is None else len(correlation),
        len(prev_hash),
    )
    texts = (id_, kind_, data_, tags_, actor_, via_, why_, occurred_, cause or b"", correlation or b"", prev_hash)
    return sha256(b"".join((VERSION, numbers, *texts))).digest()
