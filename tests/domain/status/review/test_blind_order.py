"""The order of a blind review, and what is left of its items for a filter."""

import pytest

from domain.core.refusal import Misused
from domain.status.review.blind_order import HIGHEST_SEED, blind_item, shuffled
from domain.status.review_items import QueueItem

ITEMS = [QueueItem("take", f"night-bus/tin-roof/drums/{number}", "new take") for number in range(1, 21)]


def test_a_seed_gives_one_order_and_another_seed_another() -> None:
    assert shuffled(ITEMS, 7) == shuffled(ITEMS[::-1], 7)
    assert shuffled(ITEMS, 7) != shuffled(ITEMS, 8)
    assert sorted(shuffled(ITEMS, 7), key=ITEMS.index) == ITEMS


def test_what_came_meanwhile_changes_no_order_of_the_others() -> None:
    left = [item for item in ITEMS if item.address[-1] != "3"]
    assert shuffled(left, 7) == [item for item in shuffled(ITEMS, 7) if item in left]


@pytest.mark.parametrize("seed", [-1, HIGHEST_SEED + 1])
def test_a_seed_is_a_number_that_an_event_can_hold(seed: int) -> None:
    with pytest.raises(Misused, match=r"review\.seed"):
        shuffled(ITEMS, seed)


@pytest.mark.parametrize(("address", "left"), [
    ("night-bus/tin-roof/drums/3", "night-bus/tin-roof/drums"), ("night-bus/tin-roof@mix2", "night-bus/tin-roof"),
    ("night-bus@master1", "night-bus"),
])  # fmt: skip
def test_no_number_and_no_verdict_is_left_of_an_item(address: str, left: str) -> None:
    assert blind_item(QueueItem("take", address, "held for later", "f" * 64)) == QueueItem("take", left, "", None)
