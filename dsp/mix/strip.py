"""A channel's processing: polarity, tone, then automation, fader and pan, in this order.

``gain_db`` is the fader: it comes after the compressor, so that moving it changes the level alone.
"""

from collections.abc import Sequence

import numpy as np

from domain.recipe import Channel
from dsp.audio import STEREO, Audio
from dsp.kernels.strip import strip_block
from dsp.mix.effects import Effect
from dsp.mix.fader import Fader
from dsp.tone.chain import NO_KEYS, ToneChain, design, simple
from dsp.tone.step import Keys


class ChannelProcessor:
    """Processing of a channel's stream of blocks; one instance per render.

    A simple tone with a constant pan is one compiled loop, the usual case.

    Args:
        channel: the channel's recipe.
        rate: Hz.
        channels: input channels: 1 is panned at constant power, 2 are balanced.
        invert: True to invert the polarity first.

    Attributes:
        latency_frames: latency of the tone.
        tail_frames: length of its tail beyond the latency.

    Raises:
        Unsound: a filter at or above half the rate.
    """

    def __init__(self, channel: Channel, rate: int, channels: int, *, invert: bool = False) -> None:
        fader = Fader(channel, rate, channels)
        one_loop = simple(channel) and not fader.pan_moves
        self._work = (
            _OneLoop(channel, fader, rate, channels, invert=invert)
            if one_loop
            else _Steps(channel, fader, rate, channels, invert=invert)
        )
        self.latency_frames, self.tail_frames = self._work.latency_frames, self._work.tail_frames

    def process(self, start: int, block: Audio, keys: Keys = NO_KEYS) -> Audio:
        """The next block in stereo, from *block*, shape (channels, frames), which is returned itself if all is neutral.

        Args:
            start: first frame of the song in the output.
            block: input.
            keys: the same block of its side-chains, by name.
        """
        return self._work.process(start, block, keys)


class BusProcessor:
    """Processing of a bus, or of the master bus: tone, effects, fader.  Like :class:`ChannelProcessor`, in stereo."""

    def __init__(self, channel: Channel, rate: int, effects: Sequence[Effect] = ()) -> None:
        self._tone, self._effects, self._fader = ToneChain(channel, rate, STEREO), effects, Fader(channel, rate, STEREO)
        self.latency_frames, self.tail_frames = self._tone.latency_frames, self._tone.tail_frames

    def process(self, start: int, block: Audio, keys: Keys = NO_KEYS) -> Audio:
        """The next block, shape (2, frames)."""
        block = self._tone.process(block, keys)
        for effect in self._effects:
            block = effect.process(block)
        return self._fader.process(start, block)


class _OneLoop:
    latency_frames = tail_frames = 0

    def __init__(self, channel: Channel, fader: Fader, rate: int, channels: int, *, invert: bool) -> None:
        self._design, self._fader = design(channel, rate), fader
        self._filters = np.zeros((channels, len(self._design.sections), 2))
        self._detector = np.zeros(2)
        self._gains = np.array([-1.0 if invert else 1.0, *fader.gains])
        self._neutral = self._design.neutral and fader.neutral and not invert

    def process(self, start: int, block: Audio, _: Keys) -> Audio:
        if self._neutral:
            return block
        out = np.empty((STEREO, block.shape[1]), np.float32)
        tone = self._design.sections, self._filters, self._design.law, self._detector
        strip_block(block, *tone, start, self._fader.frames, self._fader.gains_db, self._gains, out)
        return out


class _Steps:
    def __init__(self, channel: Channel, fader: Fader, rate: int, channels: int, *, invert: bool) -> None:
        self._tone, self._fader, self._invert = ToneChain(channel, rate, channels), fader, invert
        self.latency_frames, self.tail_frames = self._tone.latency_frames, self._tone.tail_frames

    def process(self, start: int, block: Audio, keys: Keys) -> Audio:
        upright = np.negative(block) if self._invert else block
        return self._fader.process(start, self._tone.process(upright, keys))
