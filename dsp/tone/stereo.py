"""Mid/side processing: width, an equaliser each, and mono lows."""

from domain.recipe import Stereo
from dsp.audio import STEREO
from dsp.kernels.maths import forty_bits
from dsp.tone.filters import bands, butterworth, cascade
from dsp.tone.step import Filters, Keys, Samples

MONO_SLOPE_DB = 24


class StereoProcessor:
    """M = (L + R)/2 and S = (L - R)/2, each filtered, S times the width; then L = M + S, R = M - S.

    Every two consecutive channels are left and right of one sound.

    Raises:
        Unsound: a filter at or above half the rate.
    """

    latency_frames = tail_frames = 0

    def __init__(self, words: Stereo, rate: int, channels: int) -> None:
        pairs = -(-channels // STEREO)
        lows = butterworth("high", float(words.mono_below_hz), MONO_SLOPE_DB, rate) if words.mono_below_hz else ()
        self._mid = Filters(cascade(list(bands(words.mid_eq, rate))), pairs)
        self._side = Filters(cascade([*lows, *bands(words.side_eq, rate)]), pairs)
        self._width = forty_bits(float(words.width))

    def process(self, work: Samples, keys: Keys) -> None:
        """Process the next block in place; a single channel is treated as M."""
        if len(work) == 1:
            self._mid.process(work, keys)
            return
        left, right = work[0::STEREO], work[1::STEREO]
        mid, side = 0.5 * (left + right), 0.5 * self._width * (left - right)
        self._mid.process(mid, keys)
        self._side.process(side, keys)
        left[:], right[:] = mid + side, mid - side


def idle(words: Stereo) -> bool:
    """True if the sound is unchanged."""
    eq = (*words.mid_eq, *words.side_eq)
    return words.width == 1 and words.mono_below_hz is None and not any(b.gain_db or b.type == "notch" for b in eq)
