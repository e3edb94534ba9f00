"""Sums: in the order given, in double precision, rounded once."""

import numpy as np
import pytest

from dsp.audio import BLOCK_FRAMES, Audio
from dsp.blocks.sums import summed

LOUD = np.random.default_rng(5)


def noise(frames: int = BLOCK_FRAMES) -> Audio:
    return (LOUD.uniform(-1, 1, (2, frames)) * 10.0 ** LOUD.uniform(-6, 3)).astype(np.float32)


@pytest.mark.parametrize("count", range(11))
def test_any_number_of_blocks_is_added_one_after_the_other(count: int) -> None:
    blocks, gains = [noise() for _ in range(count)], [float(gain) for gain in LOUD.uniform(-2, 2, count)]
    total = np.zeros((2, BLOCK_FRAMES))
    for block, gain in zip(blocks, gains, strict=True):
        total += gain * block.astype(np.float64)
    np.testing.assert_array_equal(summed(blocks, gains), total.astype(np.float32))


def test_a_part_of_a_longer_block_is_added_like_any_other() -> None:
    longer, other = noise(BLOCK_FRAMES + 99), noise()
    part = longer[:, 99:]
    np.testing.assert_array_equal(summed([part, other], [1.0, 0.5]), summed([part.copy(), other], [1.0, 0.5]))


def test_one_block_as_it_is_is_its_own_sum() -> None:
    block = noise()
    assert summed([block], [1.0]) is block
