"""Second-order filter sections in series, in place."""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel

Samples = NDArray[np.float64]

SILENT_STATE = 1e-30
"""State below this becomes zero at the end of a block, before it decays into denormals, which are 100 times slower."""


# The state is held in registers and the coefficients stay in memory: the other way round, the compiler spills the
# state, and each frame waits for it.  Several sections at a time overlap; more than four are no faster.


@kernel("void(f8[::1], f8[:,::1], f8[:,::1])")
def two_sections(line: Samples, c: Samples, state: Samples) -> None:
    """Two sections in series; *c* holds their coefficients, a row each."""
    s1, s2 = state[0]
    t1, t2 = state[1]
    for n in range(line.shape[0]):
        x = line[n]
        y = c[0, 0] * x + s1
        s1 = (c[0, 1] * x + s2) - c[0, 3] * y
        s2 = c[0, 2] * x - c[0, 4] * y
        x = c[1, 0] * y + t1
        t1 = (c[1, 1] * y + t2) - c[1, 3] * x
        t2 = c[1, 2] * y - c[1, 4] * x
        line[n] = x
    state[0, 0], state[0, 1] = s1, s2
    state[1, 0], state[1, 1] = t1, t2


@kernel("void(f8[::1], f8[:,::1], f8[:,::1])")
def four_sections(line: Samples, c: Samples, state: Samples) -> None:
    """Four sections in series; *c* holds their coefficients, a row each."""
    s1, s2 = state[0]
    t1, t2 = state[1]
    u1, u2 = state[2]
    v1, v2 = state[3]
    for n in range(line.shape[0]):
        x = line[n]
        y = c[0, 0] * x + s1
        s1 = (c[0, 1] * x + s2) - c[0, 3] * y
        s2 = c[0, 2] * x - c[0, 4] * y
        x = c[1, 0] * y + t1
        t1 = (c[1, 1] * y + t2) - c[1, 3] * x
        t2 = c[1, 2] * y - c[1, 4] * x
        y = c[2, 0] * x + u1
        u1 = (c[2, 1] * x + u2) - c[2, 3] * y
        u2 = c[2, 2] * x - c[2, 4] * y
        x = c[3, 0] * y + v1
        v1 = (c[3, 1] * y + v2) - c[3, 3] * x
        v2 = c[3, 2] * y - c[3, 4] * x
        line[n] = x
    state[0, 0], state[0, 1] = s1, s2
    state[1, 0], state[1, 1] = t1, t2
    state[2, 0], state[2, 1] = u1, u2
    state[3, 0], state[3, 1] = v1, v2


@kernel("void(f8[:,::1], f8[:,::1], f8[:,:,::1])")
def filter_sections(work: Samples, sections: Samples, state: Samples) -> None:
    """Run the *sections* over each channel of *work*, transposed direct form II.

    Args:
        work: shape (channels, frames), changed in place.
        sections: shape (an even number, 5): b0, b1, b2, a1, a2 of each, with a0 = 1.
        state: shape (channels, sections, 2), carried from block to block.
    """
    for channel in range(work.shape[0]):
        done = 0
        while done + 4 <= sections.shape[0]:
            four_sections(work[channel], sections[done : done + 4], state[channel, done : done + 4])
            done += 4
        if done < sections.shape[0]:
            two_sections(work[channel], sections[done:], state[channel, done:])


@kernel("void(f8[:,:,::1])")
def settle(state: Samples) -> None:
    """End a block: set tiny state values to zero."""
    for channel in range(state.shape[0]):
        for number in range(state.shape[1]):
            for k in range(2):
                if abs(state[channel, number, k]) < SILENT_STATE:
                    state[channel, number, k] = 0.0
