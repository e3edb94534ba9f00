"""The weighted sum of blocks: in double precision, in the order given, rounded once."""

from collections.abc import Sequence

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.kernels.sums import add, add_four, round_into

PIECE_FRAMES = 8192
"""Frames summed at a time, so that the total stays in cache."""
AT_ONCE = 4


def summed(blocks: Sequence[Audio], gains: Sequence[float]) -> Audio:
    """The sum of *blocks* times *gains*, shape (2, :data:`dsp.audio.BLOCK_FRAMES`) as each block.

    A single block at gain 1 is returned itself; no blocks give silence.
    """
    if len(blocks) == 1 and gains[0] == 1.0:
        return blocks[0]
    if not blocks:
        return np.zeros((STEREO, BLOCK_FRAMES), np.float32)
    blocks = [np.ascontiguousarray(block) for block in blocks]
    out: Audio = np.empty((STEREO, BLOCK_FRAMES), np.float32)
    together = len(blocks) - len(blocks) % AT_ONCE
    for start in range(0, BLOCK_FRAMES, PIECE_FRAMES):
        total = np.zeros((STEREO, PIECE_FRAMES))
        for k in range(0, together, AT_ONCE):
            a, b, c, d = blocks[k : k + AT_ONCE]
            add_four(total, start, a, b, c, d, *gains[k : k + AT_ONCE])
        for block, gain in zip(blocks[together:], gains[together:], strict=True):
            add(total, start, block, gain)
        round_into(total, start, out)
    return out
