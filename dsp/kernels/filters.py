"""Second-order filter sections in series, in place."""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel

Samples = NDArray[np.float64]

SILENT_STATE = 1e-30
"""State below this becomes zero at the end of a block, before it decays into denormals, a hundred times slower."""


@kernel("void(f8[:,::1], f8[:,::1], f8[:,:,::1])")
def filter_sections(work: Samples, sections: Samples, state: Samples) -> None:
    """Run the *sections* over each channel of *work*, transposed direct form II.

    Args:
        work: shape (channels, frames), changed in place.
        sections: shape (sections, 5): b0, b1, b2, a1, a2 of each, with a0 = 1.
        state: shape (channels, sections, 2), carried from block to block.
    """
    for channel in range(work.shape[0]):
        line = work[channel]
        for number in range(sections.shape[0]):
            b0, b1, b2, a1, a2 = sections[number]
            s1, s2 = state[channel, number]
            for n in range(line.shape[0]):
                x = line[n]
                y = b0 * x + s1
                s1 = b1 * x - a1 * y + s2
                s2 = b2 * x - a2 * y
                line[n] = y
            state[channel, number, 0] = s1
            state[channel, number, 1] = s2


@kernel("void(f8[:,:,::1])")
def settle(state: Samples) -> None:
    """End a block: let what has died away be zero."""
    for channel in range(state.shape[0]):
        for number in range(state.shape[1]):
            for k in range(2):
                if abs(state[channel, number, k]) < SILENT_STATE:
                    state[channel, number, k] = 0.0
