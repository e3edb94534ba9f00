"""Event ids made from names: whoever makes the id of the same thing again makes the same one."""

from hashlib import sha256
from uuid import UUID

UUID_BYTES = 16


def named_id(*names: str) -> UUID:
    """A UUID of version 8 (RFC 9562, section 5.8): the first 16 bytes of SHA-256 over *names*, a line each.

    Unlike the ids that the log makes (version 7), it carries no clock.

    Args:
        names: what it is an id of, then what makes it this one; none holds a line end.
    """
    assert not any("\n" in name for name in names), "a name is one line"
    made = bytearray(sha256("".join(f"{name}\n" for name in names).encode()).digest()[:UUID_BYTES])
    made[6] = made[6] & 0x0F | 0x80  # the version, 8
    made[8] = made[8] & 0x3F | 0x80  # the variant
    return UUID(bytes=bytes(made))
