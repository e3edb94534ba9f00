"""A fader: automation, gain and pan, each exact at every frame."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Channel, PanPoint, Point, Send
from dsp.audio import STEREO, Audio
from dsp.kernels.fader import fade_block
from dsp.kernels.maths import amplitude, forty_bits

MONO = 1

Frames = NDArray[np.int64]
Values = NDArray[np.float64]


def constant_power(pan: float) -> tuple[float, float]:
    """Left and right factor of a mono sound at *pan* (-1 to 1).

    cos and sin of (pan + 1) pi/4: constant total power, -3.01 dB each in the centre.
    """
    if abs(pan) == 1.0:
        return (1.0, 0.0) if pan < 0 else (0.0, 1.0)  # the C library's cosine is not exactly 0 there
    angle = (pan + 1.0) * math.pi / 4.0
    return forty_bits(math.cos(angle)), forty_bits(math.sin(angle))


def balance(pan: float) -> tuple[float, float]:
    """Left and right factor of a stereo sound at *pan* (-1 to 1).

    The nearer side is unchanged, the farther one falls from 1 in the centre to 0: sqrt(2) times its factor of
    :func:`constant_power`, so that a balanced stereo sound moves as a panned mono one does.
    """
    if pan == 0.0:
        return 1.0, 1.0
    left, right = (min(1.0, forty_bits(math.sqrt(2.0) * factor)) for factor in constant_power(pan))
    return left, right


def breakpoints(points: Sequence[Point | PanPoint], rate: int) -> tuple[Frames, Values]:
    """Frames and values of an automation; each point at its nearest frame, the later of two at one frame."""
    values = (float(point.gain_db if isinstance(point, Point) else point.pan) for point in points)
    at = dict(zip((round(point.at_s * rate) for point in points), values, strict=True))
    return np.array(list(at), dtype=np.int64), np.array(list(at.values()), dtype=np.float64)


class Fader:
    """A channel's fader over a stream of blocks.

    Args:
        channel: the channel's recipe; its tone is not applied here.
        rate: Hz.
        channels: input channels: 1 is panned at constant power, 2 are balanced.

    Attributes:
        frames: frames of the gain's breakpoints.
        gains_db: gains at these frames.
        gains: left and right factor; without the pan if it is automated.
        pan_moves: True if the pan is automated.
    """

    def __init__(self, channel: Channel, rate: int, channels: int) -> None:
        self.frames, self.gains_db = breakpoints(channel.automation, rate)
        self._pan_frames, self._pans = breakpoints(channel.pan_automation, rate)
        self.pan_moves = bool(len(self._pans))
        pan = float(channel.pan)
        fixed = constant_power(pan) if channels == MONO else balance(pan)
        sides = (1.0, 1.0) if self.pan_moves else fixed
        gain = amplitude(float(channel.gain_db))
        self.gains = np.array([gain * side for side in sides])

    @property
    def neutral(self) -> bool:
        """True if a stereo sound is unchanged."""
        return not len(self.frames) and not self.pan_moves and bool((self.gains == 1.0).all())

    def process(self, start: int, block: Audio) -> Audio:
        """*block*, whose first frame is *start* of the song, in stereo; *block* itself if neutral."""
        if self.neutral:
            return block
        out = np.empty((STEREO, block.shape[1]), np.float32)
        fade_block(block, start, self.frames, self.gains_db, self._pan_frames, self._pans, self.gains, out)
        return out


def fader_of(send: Send, rate: int) -> Fader:
    """The fader of a send, for a stereo sound."""
    return Fader(Channel(gain_db=send.gain_db, automation=send.automation), rate, STEREO)
