"""Blind review: the order of its items by a seed, and what is shown of them.

Tests: ``tests/domain/status/review/test_blind_order.py``.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from domain.core.ids import IdParts
from domain.core.refusal import Misused
from domain.status.review_items import QueueItem

HIGHEST_SEED: Final = 999_999_999


def shuffled(items: Sequence[QueueItem], seed: int) -> list[QueueItem]:
    """*items* in the order of the SHA-256 of seed, address and output.

    The same seed gives the same order on every machine, and the order of two items does not depend on the others.

    Raises:
        Misused: ``review.seed``.
    """
    if not 0 <= seed <= HIGHEST_SEED:
        raise Misused("review.seed", f"{seed} is no seed: it is a number from 0 to {HIGHEST_SEED:,}")

    def place(item: QueueItem) -> bytes:
        return sha256(f"{seed}\n{item.address}\n{item.output or ''}".encode()).digest()

    return sorted(items, key=place)


def blind_item(item: QueueItem) -> QueueItem:
    """*item* as far as a blind filter may look at it: its kind and its part, song or record, but no number."""
    return QueueItem(item.kind, "/".join(IdParts.of(item.address).segments[:3]), "", None)
