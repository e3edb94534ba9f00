"""A step of a tone: one processor on a stream of blocks, in double precision.

The first channels of a block may be *leaders*: level-dependent processors detect the level of these alone, and apply
the same gain to all channels.  By default all channels are leaders.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.recipe import SideChained
from dsp.audio import Audio, Unsound
from dsp.kernels.filters import filter_sections, settle
from dsp.tone.filters import butterworth, cascade

Samples = NDArray[np.float64]
Keys = Mapping[str, Audio]
"""Side-chain blocks by strip, after the fader of that strip."""

SIDE_CHAIN_SLOPE_DB = 12


class Step(Protocol):
    """A processor; one instance per render."""

    @property
    def latency_frames(self) -> int:
        """Latency in frames."""

    @property
    def tail_frames(self) -> int:
        """Length of the tail beyond the latency, in frames, without the ringing of filters."""

    def process(self, work: Samples, keys: Keys) -> None:
        """Process the next block, shape (channels, frames), in place."""


class Filters:
    """Sections in series, with equal coefficients for every channel."""

    latency_frames = tail_frames = 0

    def __init__(self, sections: Samples, channels: int) -> None:
        self._sections = sections
        self._state = np.zeros((channels, len(sections), 2))

    def process(self, work: Samples, _: Keys) -> None:
        """Filter the next block in place."""
        filter_sections(work, self._sections, self._state)
        settle(self._state)


class DetectorInput:
    """The detector input of a side-chained processor: another strip or the block's own leaders, optionally high-passed.

    Raises:
        Unsound: the filter lies above half the rate.
    """

    def __init__(self, words: SideChained, rate: int, leaders: int | None = None) -> None:
        self._strip, self._leaders = words.side_chain, leaders
        hz = words.side_chain_high_pass_hz
        self._sections = cascade(list(butterworth("high", float(hz), SIDE_CHAIN_SLOPE_DB, rate)) if hz else [])
        self._filters: Filters | None = None

    def next_block(self, work: Samples, keys: Keys) -> Samples:
        """The next block of the detector input, shape (channels of the detector input, frames); read-only.

        Raises:
            Unsound: the side-chain strip is not among *keys*.
        """
        if self._strip is None:
            heard = work[: self._leaders]
            heard = heard.copy() if len(self._sections) else heard
        elif self._strip in keys:
            heard = np.array(keys[self._strip], np.float64, order="C")
        else:
            raise Unsound(f"A side-chain listens to the strip {self._strip}, which cannot be heard here.")
        if len(self._sections):
            self._filters = self._filters or Filters(self._sections, len(heard))
            self._filters.process(heard, keys)
        return heard
