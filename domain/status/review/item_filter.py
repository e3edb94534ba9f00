"""Filter of the review queue: words that an item's kind, address or title must hold.

Tests: ``tests/domain/status/review/test_item_filter.py``.
"""

from domain.status.review_items import QueueItem


def fits(item: QueueItem, title: str, words: str) -> bool:
    """True if every one of *words*, in any case, stands in the kind, the address or the *title* of *item*.

    The title names record, song, part, take, pass and player; so a part, a player, a kind or a song can be asked for.
    No words fit every item.
    """
    text = f"{item.kind} {item.address} {title}".casefold()
    return all(word in text for word in words.casefold().split())
