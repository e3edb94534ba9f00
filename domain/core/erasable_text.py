"""Text that can be erased: an event in the log contains a commitment to the text, which is stored beside the log.

A commitment is SHA-256 over 32 random bytes, the salt, and the text: without the salt nobody can find a text by trying,
and with both anybody can check that the text is the one that was recorded.
"""

import re
from hashlib import sha256
from typing import Final, NamedTuple

REASON: Final = "why"
"""Name of the reason among an event's texts; the reason is a column of the log, not a field of the event's class."""
SALT_BYTES: Final = 32
ERASED: Final = "[erased]"
"""Shown in place of a text that was erased."""
ALTERED: Final = "[altered]"
"""Shown in place of a text that is not the one recorded; ``log verify`` names its position."""

_COMMITMENT: Final = re.compile(r"c1:[0-9a-f]{64}")


class Opening(NamedTuple):
    """A text and the salt of its commitment."""

    salt: bytes
    text: str


def commitment(opening: Opening) -> str:
    """Return the commitment to a text: ``c1:`` and the SHA-256 of salt and UTF-8 text, hexadecimal."""
    return f"c1:{sha256(opening.salt + opening.text.encode()).hexdigest()}"


def is_commitment(stored: str) -> bool:
    """True if *stored* has the form of a commitment."""
    return len(stored) == _LENGTH and _COMMITMENT.fullmatch(stored) is not None


_LENGTH: Final = len("c1:") + 64


def opened(stored: str, opening: Opening | None) -> str:
    """Return the text of the commitment *stored*; ``ERASED`` without *opening*, ``ALTERED`` if it does not match."""
    if opening is None:
        return ERASED
    return opening.text if commitment(opening) == stored else ALTERED
