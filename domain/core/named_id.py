"""Event ids derived from names: equal names give equal ids."""

from hashlib import sha256
from uuid import UUID

UUID_BYTES = 16


def named_id(*names: str) -> UUID:
    """A UUID of version 8 (RFC 9562, section 5.8): the first 16 bytes of SHA-256 over *names*, a line each.

    Unlike the ids that the log makes (version 7), these ids contain no time.

    Args:
        names: the kind of thing, then the values that identify it; none may contain a line end.
    """
    assert not any("\n" in name for name in names), "a name is one line"
    made = bytearray(sha256("".join(f"{name}\n" for name in names).encode()).digest()[:UUID_BYTES])
    made[6] = made[6] & 0x0F | 0x80  # version 8
    made[8] = made[8] & 0x3F | 0x80  # RFC 9562 variant
    return UUID(bytes=bytes(made))
