"""The nodes of a console: channels on tracks, channels on sums, and the nodes between them.

Each node declares its latency.  A channel's input is aligned with its side-chains; automation refers to frames of the
song, so the latency of a node's input is subtracted.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.blocks.delay_line import DelayLine
from dsp.blocks.graph import Node
from dsp.blocks.sums import summed
from dsp.files.sound import SoundReader
from dsp.mix.fader import Fader
from dsp.mix.muted_passages import MutedPassages
from dsp.mix.strip import BusProcessor, ChannelProcessor

Processor = ChannelProcessor | BusProcessor
Keys = Mapping[str, Node]
"""Side-chain inputs of a channel by name; all of equal latency."""


def on_track(track: SoundReader | MutedPassages, channel: ChannelProcessor, keys: Keys, *, delay_frames: int) -> Node:
    """A channel on a track, which is read with the delay of the channel's side-chains."""
    waits = _latency(keys.values())
    latency = waits + channel.latency_frames

    def make(number: int, heard: Sequence[Audio]) -> Audio:
        start = number * BLOCK_FRAMES
        block = track.read(start - waits - delay_frames, BLOCK_FRAMES)
        return channel.process(start - latency, block, dict(zip(keys, heard, strict=True)))

    return Node(make, tuple(keys.values()), track.frames + delay_frames + channel.tail_frames, latency)


def on_sum(
    inputs: Sequence[Node],
    gains: Sequence[float],
    channel: Processor,
    keys: Keys,
    *,
    delay_frames: int = 0,
    rings: int = 0,
) -> Node:
    """A channel on the sum of others, each at its gain; *inputs* and *keys* have equal latency.

    Args:
        inputs: stereo nodes.
        gains: gain of each input.
        channel: a channel with stereo input.
        keys: side-chain inputs by name.
        delay_frames: additional delay.
        rings: tail of its effects, in frames.
    """
    latency = _latency([*inputs, *keys.values()]) + channel.latency_frames
    line = DelayLine(delay_frames, STEREO)

    def make(number: int, heard: Sequence[Audio]) -> Audio:
        block = line.process(summed(heard[: len(inputs)], gains))
        by_name = dict(zip(keys, heard[len(inputs) :], strict=True))
        return channel.process(number * BLOCK_FRAMES - latency, block, by_name)

    ends = _ends(inputs) + delay_frames + channel.tail_frames + rings
    return Node(make, (*inputs, *keys.values()), ends, latency)


def summing(inputs: Sequence[Node]) -> Node:
    """The sum of nodes of equal latency; silence for none."""
    gains = [1.0] * len(inputs)
    return Node(lambda _, heard: summed(heard, gains), tuple(inputs), _ends(inputs), _latency(inputs))


def through(node: Node, fader: Fader) -> Node:
    """*node* followed by a fader."""

    def make(number: int, heard: Sequence[Audio]) -> Audio:
        return fader.process(number * BLOCK_FRAMES - node.latency, heard[0])

    return Node(make, (node,), node.ends, node.latency)


def later(node: Node, latency: int) -> Node:
    """A stereo node delayed to *latency*."""
    if latency == node.latency:
        return node
    line = DelayLine(latency - node.latency, STEREO)
    return Node(lambda _, heard: line.process(heard[0]), (node,), node.ends, latency)


def silence() -> Node:
    """Silence, in stereo."""
    nothing: Audio = np.zeros((STEREO, BLOCK_FRAMES), np.float32)
    return Node(lambda _, __: nothing, (), 0)


def _latency(nodes: Iterable[Node]) -> int:
    return max((node.latency for node in nodes), default=0)


def _ends(nodes: Sequence[Node]) -> int:
    return max((node.ends for node in nodes), default=0)
