"""Checkpoints: records of the state of a log at one position, to be kept outside the store.

The message that is signed (or hashed, if nobody signs) is a fixed sequence of bytes:

    "takesheet-checkpoint-2" | log id, 16 bytes | position, signed 64-bit big-endian | hash of the event there, 32 bytes
    | Merkle root over the hashes of the events from 1 to the position, 32 bytes (``merkle_tree``)
    | time of the checkpoint, microseconds since 1970 UTC, signed 64-bit big-endian
    | the signer's public key, 32 bytes; absent if nobody signs

Checkpoints of version 1, which release 0.1.0 made, begin with "takesheet-checkpoint-1" and have no root; they stay
valid, and no receipt can be given by them.

The file is a small JSON object with the same values as text.  The store keeps a *stamp* of each checkpoint beside its
position and hash, which suffices to check it: time (8 bytes), root (32; absent in version 1), then key (32) and Ed25519
signature (64), or the SHA-256 (32) of the message if nobody signed.  A stamp reveals tampering with the checkpoints in
the store; only the file outside reveals that a tail was cut off, or that all of it was rewritten.
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

FORMATS = ("takesheet-checkpoint-1", "takesheet-checkpoint-2")
HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES = 32, 32, 64

_number = Struct(">q")
_STAMPS = {
    _number.size + root + proof: (root, proof)
    for root in (0, HASH_BYTES)
    for proof in (HASH_BYTES, KEY_BYTES + SIGNATURE_BYTES)
}
"""Bytes of the root and of the proof in a stamp, by its length: 40 and 104 in version 1, 72 and 136 in version 2."""

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
    root: bytes | None = None
    """Merkle root over the hashes of the events up to *position*; None in version 1."""

    @property
    def format(self) -> str:
        """Name of the version."""
        return FORMATS[0 if self.root is None else 1]

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        position, at = _number.pack(self.position), _number.pack(microseconds(self.at))
        parts = self.format.encode(), self.log.bytes, position, self.hash, self.root or b"", at, self.key or b""
        return b"".join(parts)

    @property
    def stamp(self) -> bytes:
        """The bytes that the store keeps: time and root, then key and signature or the hash."""
        proof = sha256(self.message).digest() if self.key is None else self.key + (self.signature or b"")
        return _number.pack(microseconds(self.at)) + (self.root or b"") + proof

    def signed(self, key: bytes, sign: Signs) -> "Checkpoint":
        """Return a copy signed by *sign*, the private half of *key*."""
        unsigned = replace(self, key=key)
        return replace(unsigned, signature=sign(unsigned.message))

    def fields(self) -> dict[str, object]:
        """Return the values of the checkpoint's file by name; bytes are hexadecimal."""
        return {
            "format": self.format,
            "log": self.log.hex,
            "position": self.position,
            "hash": self.hash.hex(),
            **({} if self.root is None else {"root": self.root.hex()}),
            "at": self.at.isoformat(timespec="microseconds"),
            "key": None if self.key is None else self.key.hex(),
            "signature": None if self.signature is None else self.signature.hex(),
        }

    def text(self) -> str:
        """Return the text of the checkpoint's file."""
        return json.dumps(self.fields(), indent=2) + "\n"


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
    """Return the checkpoint with *stamp*, as the store keeps it; None if the stamp is malformed."""
    if len(stamp) not in _STAMPS:
        return None
    root_bytes, proof_bytes = _STAMPS[len(stamp)]
    root, proof = stamp[_number.size :][:root_bytes], stamp[-proof_bytes:]
    key, signature = (None, None) if proof_bytes == HASH_BYTES else (proof[:KEY_BYTES], proof[KEY_BYTES:])
    try:
        at = EPOCH + _number.unpack(stamp[: _number.size])[0] * MICROSECOND
        checkpoint = Checkpoint(log, position, hash, at, key, signature, root or None)
    except OverflowError:  # outside the range of datetime
        return None
    return checkpoint if checkpoint.stamp == stamp else None


def _parsed(given: dict[str, Any]) -> Checkpoint:
    at = datetime.fromisoformat(given["at"])
    key, signature = (None if given[word] is None else bytes.fromhex(given[word]) for word in ("key", "signature"))
    root = bytes.fromhex(given["root"]) if given["format"] == FORMATS[1] else None
    # Computed from the epoch, which rejects a time without offset and normalises the offset.
    moment = EPOCH + (at - EPOCH)
    log, hash_ = UUID(hex=given["log"]), bytes.fromhex(given["hash"])
    return Checkpoint(log, given["position"], hash_, moment, key, signature, root)


def _refuse_sizes(checkpoint: Checkpoint) -> None:
    hashes = [(checkpoint.hash, HASH_BYTES), (checkpoint.root, HASH_BYTES)]
    sizes = [*hashes, (checkpoint.key, KEY_BYTES), (checkpoint.signature, SIGNATURE_BYTES)]
    if any(raw is not None and len(raw) != size for raw, size in sizes):
        raise ValueError("a hash, a key or a signature has not its length")
    if (checkpoint.key is None) is not (checkpoint.signature is None):
        raise ValueError("a key and a signature go together")
    if type(checkpoint.position) is not int or not 0 <= checkpoint.position < 1 << 63:
        raise ValueError("its position is none")
