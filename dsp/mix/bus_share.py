"""A share of a bus: what one stem sends to it, treated as the bus treats all that it hears.

Where a bus moves by what it hears, as with a compressor, the shares of several stems would each move it their own way,
and not sum to what the bus gives.  So all that it hears in the main version leads, and the share is moved as that is.
Late it is as the whole, too, for a chorus swings by the frames that it has heard.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from domain.recipe import Bus
from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.blocks.graph import Node
from dsp.blocks.sums import summed
from dsp.mix.effects import Effect
from dsp.mix.fader import Fader
from dsp.tone.chain import ToneChain
from dsp.tone.step import Keys

Sends = Sequence[tuple[Node, float]]
"""What a bus hears, each with its gain."""


class ShareAtWork:
    """A bus at work on a share; made fresh for each render.

    Attributes:
        latency_frames: as the whole bus has.
        tail_frames: as the whole bus has.
    """

    def __init__(self, bus: Bus, rate: int, effects: Sequence[Effect]) -> None:
        self._tone, self._effects = ToneChain(bus, rate, 2 * STEREO, leaders=STEREO), effects
        self._fader = Fader(bus, rate, STEREO)
        self.latency_frames, self.tail_frames = self._tone.latency_frames, self._tone.tail_frames

    def process(self, start: int, whole: Audio, share: Audio, keys: Keys) -> Audio:
        """The next block of the share, shape (2, frames); *start* is the frame of the song at which it begins."""
        block = self._tone.process(np.concatenate([whole, share]), keys)[STEREO:]
        for effect in self._effects:
            block = effect.process(block)
        return self._fader.process(start, block)


def on_share(share: Sends, whole: Sends, bus: ShareAtWork, keys: Mapping[str, Node], *, rings: int) -> Node:
    """A bus on a share of what it hears; all nodes are equally late, and in stereo.

    Args:
        share: what one stem sends.
        whole: what all send.
        bus: at work.
        keys: what its side-chains hear.
        rings: how long its effects sound on.
    """
    inputs = [node for node, _ in (*share, *whole)] + list(keys.values())
    of_share, of_whole = ([gain for _, gain in sends] for sends in (share, whole))
    latency = max(node.latency for node in inputs) + bus.latency_frames
    first, last = len(share), len(share) + len(whole)

    def make(number: int, heard: Sequence[Audio]) -> Audio:
        mine, everything = summed(heard[:first], of_share), summed(heard[first:last], of_whole)
        by_name = dict(zip(keys, heard[last:], strict=True))
        return bus.process(number * BLOCK_FRAMES - latency, everything, mine, by_name)

    ends = max(node.ends for node, _ in share) + bus.tail_frames + rings
    return Node(make, tuple(inputs), ends, latency)
