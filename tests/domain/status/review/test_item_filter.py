"""Which items of the review queue fit words."""

import pytest

from domain.status.review.item_filter import fits
from domain.status.review_items import QueueItem

ITEM, TITLE = (
    QueueItem("take", "night-bus/tin-roof/lead-vocal/3", "new take"),
    "Night Bus · Tin Roof · Lead Vocal · Ann",
)


@pytest.mark.parametrize("words", ["", "  ", "VOCAL", "take ann", "tin-roof", "roof TAKE", "lead-vocal/3"])
def test_every_word_must_stand_somewhere_in_kind_address_or_title(words: str) -> None:
    assert fits(ITEM, TITLE, words)


@pytest.mark.parametrize("words", ["mix", "ann drums", "new take x", "lead  tuba"])
def test_one_word_that_stands_nowhere_leaves_the_item_out(words: str) -> None:
    assert not fits(ITEM, TITLE, words)
