"""A stem's share of a bus: the sends of one stem, processed as the bus processes all of its sends.

If a bus reacts to its level, as a compressor does, the shares of several stems would drive it differently, and their
outputs would not sum to that of the bus.  So the whole input of the bus in the main version drives the processing, and
the share gets the same gains.  A share has the latency of the whole bus, so that modulation has the same phase.
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
"""Nodes sent to a bus, each with its gain."""


class ShareProcessor:
    """Processing of a share of a bus; one instance per render.

    Attributes:
        latency_frames: latency of the whole bus.
        tail_frames: tail of the whole bus.
    """

    def __init__(self, bus: Bus, rate: int, effects: Sequence[Effect]) -> None:
        self._tone, self._effects = ToneChain(bus, rate, 2 * STEREO, leaders=STEREO), effects
        self._fader = Fader(bus, rate, STEREO)
        self.latency_frames, self.tail_frames = self._tone.latency_frames, self._tone.tail_frames

    def process(self, start: int, whole: Audio, share: Audio, keys: Keys) -> Audio:
        """The next block of the share, shape (2, frames); *start* is the block's first frame of the song."""
        block = self._tone.process(np.concatenate([whole, share]), keys)[STEREO:]
        for effect in self._effects:
            block = effect.process(block)
        return self._fader.process(start, block)


def on_share(share: Sends, whole: Sends, bus: ShareProcessor, keys: Mapping[str, Node], *, rings: int) -> Node:
    """A node for a share of a bus; all input nodes have equal latency and are stereo.

    Args:
        share: sends of one stem.
        whole: sends of all stems.
        bus: the processing of the bus.
        keys: side-chain inputs by name.
        rings: tail of its effects, in frames.
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
