"""A step of a tone: one processor on a stream of blocks, in double precision.

Of the channels of a block the first may be *leaders*: what moves by what it hears listens to these alone, and moves all
channels alike.  Where nothing is said, all of them lead.
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
"""Block by strip, as loud as that strip leaves its fader; what side-chains listen to."""

SIDE_CHAIN_SLOPE_DB = 12


class Step(Protocol):
    """A processor, made fresh for each render."""

    @property
    def latency_frames(self) -> int:
        """How much later than it went in a sound comes out."""

    @property
    def tail_frames(self) -> int:
        """How long it sounds on behind that, when nothing more goes in; the ringing of filters is not counted."""

    def process(self, work: Samples, keys: Keys) -> None:
        """Do it to the next block, shape (channels, frames), in place."""


class Filters:
    """Sections in series, the same for every channel."""

    latency_frames = tail_frames = 0

    def __init__(self, sections: Samples, channels: int) -> None:
        self._sections = sections
        self._state = np.zeros((channels, len(sections), 2))

    def process(self, work: Samples, _: Keys) -> None:
        """Filter the next block in place."""
        filter_sections(work, self._sections, self._state)
        settle(self._state)


class Ear:
    """What a side-chained processor listens to: another strip or its own leaders, without its lows if so asked.

    Raises:
        Unsound: the filter lies above half the rate.
    """

    def __init__(self, words: SideChained, rate: int, leaders: int | None = None) -> None:
        self._strip, self._leaders = words.side_chain, leaders
        hz = words.side_chain_high_pass_hz
        self._sections = cascade(list(butterworth("high", float(hz), SIDE_CHAIN_SLOPE_DB, rate)) if hz else [])
        self._filters: Filters | None = None

    def hears(self, work: Samples, keys: Keys) -> Samples:
        """The next block of it, shape (its own channels, frames); to be read only.

        Raises:
            Unsound: the strip it listens to is not among *keys*.
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
