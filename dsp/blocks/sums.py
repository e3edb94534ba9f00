"""The sum of blocks, each at its gain: in double precision, in the order given, rounded once."""

from collections.abc import Sequence

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.kernels.sums import add, round_into

PIECE_FRAMES = 8192
"""Frames at a time: their total stays near the processor."""


def summed(blocks: Sequence[Audio], gains: Sequence[float]) -> Audio:
    """Shape (2, :data:`dsp.audio.BLOCK_FRAMES`), as each of *blocks* is.

    A single block at a gain of exactly 1 is the answer itself; no block at all is silence.
    """
    if len(blocks) == 1 and gains[0] == 1.0:
        return blocks[0]
    out: Audio = np.zeros((STEREO, BLOCK_FRAMES), np.float32)
    for start in range(0, BLOCK_FRAMES if blocks else 0, PIECE_FRAMES):
        piece = slice(start, start + PIECE_FRAMES)
        total = np.zeros((STEREO, PIECE_FRAMES))
        for block, gain in zip(blocks, gains, strict=True):
            add(total, block[:, piece], gain)
        round_into(total, out[:, piece])
    return out
