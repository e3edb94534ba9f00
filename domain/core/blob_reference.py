"""References from events to files in the vault."""

from dataclasses import dataclass
from typing import Literal

BlobRole = Literal[
    "audio", "original", "MIDI", "SoundFont", "impulse", "lyrics", "master", "reference", "rough", "evidence"
]
"""``audio`` is a take's track, a render's output, or a comp or mix that was made outside."""


@dataclass(frozen=True, slots=True)
class BlobReference:
    """A blob, the address it belongs to, and its role there."""

    address: str
    """Followed by a space and words where an address has several blobs: ``night-bus@master1 reference``."""
    blob: str
    """SHA-256 of its bytes, hexadecimal."""
    size: int | None
    """Bytes; None where the log does not record it: of an original that was converted."""
    role: BlobRole
