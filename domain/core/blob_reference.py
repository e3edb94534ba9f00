"""References from events to files in the vault."""

from dataclasses import dataclass
from typing import Literal

BlobRole = Literal[
    "audio",
    "original",
    "MIDI",
    "SoundFont",
    "impulse",
    "lyrics",
    "master",
    "reference",
    "rough",
    "evidence",
    "chart",
    "photo",
]
"""``audio`` is a track of a take, an output of a render, or a file of a comp, mix or master made outside."""


@dataclass(frozen=True, slots=True)
class BlobReference:
    """A blob, the address it belongs to, and its role there."""

    address: str
    """Followed by a space and words where an address has several blobs: ``night-bus@master1 reference``."""
    blob: str
    """SHA-256 of its bytes, hexadecimal."""
    size: int | None
    """Bytes; None for an original that was converted, whose size the log does not record."""
    role: BlobRole
