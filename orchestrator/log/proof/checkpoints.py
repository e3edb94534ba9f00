"""Checkpoints: the state of a log at one position, written down to be kept out of reach of the log.

The message that is signed (or hashed, if nobody signs) is a fixed sequence of bytes:

    "takesheet-checkpoint-1" | log id, 16 bytes | position, signed 64-bit big-endian | hash of the event there, 32 bytes
    | time of the checkpoint, microseconds since 1970 UTC, signed 64-bit big-endian
    | the signer's public key, 32 bytes; absent if nobody signs

The file is a small JSON object with the same values as text.  The store keeps a *stamp* of each checkpoint beside its
position and hash, which suffices to check it: time (8 bytes), then key (32) and Ed25519 signature (64), or the SHA-256
(32) of the message if nobody signed.  A stamp reveals tampering with the checkpoints in the store; only the file
outside reveals that a tail was cut off, or that all of it was rewritten.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from struct import Struct
from typing import Any
from uuid import UUID

from domain.core.event import EPOCH
from domain.core.refusal import Misused
from orchestrator.log.codec import MICROSECOND, microseconds

FORMAT = "takesheet-checkpoint-1"
HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES = 32, 32, 64
FIELDS = ("format", "log", "position", "hash", "at", "key", "signature")

_number = Struct(">q")

Signs = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log at *position*; *key* and *signature* are either both present or both None."""

    log: UUID
    position: int
    hash: bytes
    at: datetime
    """Time of the checkpoint, UTC."""
    key: bytes | None = None
    """The signer's public key, raw 32 bytes."""
    signature: bytes | None = None

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        numbers = _number.pack(self.position), _number.pack(microseconds(self.at))
        return b"".join((FORMAT.encode(), self.log.bytes, numbers[0], self.hash, numbers[1], self.key or b""))

    @property
    def stamp(self) -> bytes:
        """The bytes that the store keeps: time, then key and signature or the hash."""
        proof = sha256(self.message).digest() if self.key is None else self.key + (self.signature or b"")
        return _number.pack(microseconds(self.at)) + proof

    def signed(self, key: bytes, sign: Signs) -> "Checkpoint":
        """Return a copy signed by *sign*, the private half of *key*."""
        unsigned = replace(self, key=key)
        return replace(unsigned, signature=sign(unsigned.message))

    def text(self) -> str:
        """Return the text of the checkpoint's file."""
        fields = (
            FORMAT,
            self.log.hex,
            self.position,
            self.hash.hex(),
            self.at.isoformat(timespec="microseconds"),
            None if self.key is None else self.key.hex(),
            None if self.signature is None else self.signature.hex(),
        )
        return json.dumps(dict(zip(FIELDS, fields, strict=True)), indent=2) + "\n"


def read(text: str, *, name: str) -> Checkpoint:
    """Parse a file's *text*; the signature is not checked here.

    Raises:
        Misused: ``checkpoint.file``; *name* is no checkpoint.
    """
    try:
        checkpoint = _parsed(json.loads(text))
        _refuse_sizes(checkpoint)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError, RecursionError) as error:
        raise Misused("checkpoint.file", f"{name} is no checkpoint: {error}") from None
    if checkpoint.text() != text:
        raise Misused("checkpoint.file", f"{name} is no checkpoint: it is not as Takesheet writes it")
    return checkpoint


def from_stamp(log: UUID, position: int, hash: bytes, stamp: bytes) -> Checkpoint | None:  # noqa: A002 - the column's name
    """Return the checkpoint of which the store keeps *stamp*; None if the stamp is malformed."""
    if len(stamp) == _number.size + HASH_BYTES:
        key, signature = None, None
    elif len(stamp) == _number.size + KEY_BYTES + SIGNATURE_BYTES:
        key, signature = stamp[_number.size :][:KEY_BYTES], stamp[-SIGNATURE_BYTES:]
    else:
        return None
    try:
        at = EPOCH + _number.unpack(stamp[: _number.size])[0] * MICROSECOND
        checkpoint = Checkpoint(log, position, hash, at, key, signature)
    except OverflowError:  # outside the range of datetime
        return None
    return checkpoint if checkpoint.stamp == stamp else None


def _parsed(given: dict[str, Any]) -> Checkpoint:
    at = datetime.fromisoformat(given["at"])
    pair = tuple(None if given[word] is None else bytes.fromhex(given[word]) for word in ("key", "signature"))
    # Computed from the epoch, which rejects a time without offset and normalises the offset.
    moment = EPOCH + (at - EPOCH)
    return Checkpoint(UUID(hex=given["log"]), given["position"], bytes.fromhex(given["hash"]), moment, *pair)


def _refuse_sizes(checkpoint: Checkpoint) -> None:
    sizes = [(checkpoint.hash, HASH_BYTES), (checkpoint.key, KEY_BYTES), (checkpoint.signature, SIGNATURE_BYTES)]
    if any(raw is not None and len(raw) != size for raw, size in sizes):
        raise ValueError("a hash, a key or a signature has not its length")
    if (checkpoint.key is None) is not (checkpoint.signature is None):
        raise ValueError("a key and a signature go together")
    if type(checkpoint.position) is not int or not 0 <= checkpoint.position < 1 << 63:
        raise ValueError("its position is none")
