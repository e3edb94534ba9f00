"""Checkpoints: what a log was at one position, said so that it can be kept where the log cannot be reached.

What is signed, and hashed where nobody signs, is one fixed row of bytes:

    "takesheet-checkpoint-1" | log id, 16 bytes | position, signed 64-bit big-endian | hash of the event there, 32 bytes
    | time of the checkpoint, microseconds since 1970 UTC, signed 64-bit big-endian
    | the signer's public key, 32 bytes; nothing where nobody signs

The file is a small JSON object with the same values as text.  The store keeps a *stamp* of each checkpoint beside its
position and hash, which proves itself alone: time (8 bytes), then key (32) and Ed25519 signature (64), or the SHA-256
(32) of the row of bytes where nobody signed.  A stamp shows tampering with the checkpoints in the store; only the file
outside shows that a tail was cut off, or that all of it was written anew.
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
    """What a log was at *position*; *key* and *signature* are both there or both not."""

    log: UUID
    position: int
    hash: bytes
    at: datetime
    """In UTC."""
    key: bytes | None = None
    """The signer's public key, raw."""
    signature: bytes | None = None

    @property
    def message(self) -> bytes:
        """The row of bytes that is signed."""
        numbers = _number.pack(self.position), _number.pack(microseconds(self.at))
        return b"".join((FORMAT.encode(), self.log.bytes, numbers[0], self.hash, numbers[1], self.key or b""))

    @property
    def stamp(self) -> bytes:
        """What the store keeps of it."""
        proof = sha256(self.message).digest() if self.key is None else self.key + (self.signature or b"")
        return _number.pack(microseconds(self.at)) + proof

    def signed(self, key: bytes, sign: Signs) -> "Checkpoint":
        """The same, signed by whoever holds the private half of *key*."""
        unsigned = replace(self, key=key)
        return replace(unsigned, signature=sign(unsigned.message))

    def text(self) -> str:
        """The file's text."""
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
    """The checkpoint in a file's *text*; whether its signature is good is not looked at here.

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
    """The checkpoint that the store keeps a *stamp* of; None where the stamp is none."""
    if len(stamp) == _number.size + HASH_BYTES:
        key, signature = None, None
    elif len(stamp) == _number.size + KEY_BYTES + SIGNATURE_BYTES:
        key, signature = stamp[_number.size :][:KEY_BYTES], stamp[-SIGNATURE_BYTES:]
    else:
        return None
    try:
        at = EPOCH + _number.unpack(stamp[: _number.size])[0] * MICROSECOND
        checkpoint = Checkpoint(log, position, hash, at, key, signature)
    except OverflowError:  # no time that a calendar has
        return None
    return checkpoint if checkpoint.stamp == stamp else None


def _parsed(given: dict[str, Any]) -> Checkpoint:
    at = datetime.fromisoformat(given["at"])
    pair = tuple(None if given[word] is None else bytes.fromhex(given[word]) for word in ("key", "signature"))
    # Reckoned from the epoch, so that a time without offset, or of another one, is found out.
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
