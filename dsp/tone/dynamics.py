"""Gate, compressor and de-esser: their kernel parameters from the recipe, and one gain for all channels."""

import math

import numpy as np

from domain.recipe import Compression, Compressor, DeEsser, Gate
from dsp.blocks.delay_line import frames_of
from dsp.blocks.tail_memory import TailMemory
from dsp.kernels.level import dynamics
from dsp.kernels.level.gate import gate
from dsp.kernels.maths import DB_TO_LOG2, amplitude, forty_bits
from dsp.tone.filters import butterworth, cascade, middle
from dsp.tone.step import DetectorInput, Filters, Keys, Samples

LEVEL_MS = 10.0
"""Decay time of the level that a gate detects; it drops by 11 dB at most within a wave of 40 Hz."""
DE_ESSER_KNEE_DB = 6.0
DE_ESSER_SLOPE_DB = 12
MAKEUP = 3
"""Index of the make-up in a law."""


def law_of(compression: Compression, rate: int) -> tuple[float, ...]:
    """The parameters of :func:`dsp.kernels.level.dynamics.compress`; empty if the compressor does nothing."""
    makeup = float(compression.makeup_db)
    if compression.ratio == 1 and not makeup:
        return ()
    times = compression.attack_ms, compression.release_ms
    attack, release = (kept(float(ms), rate) for ms in times)
    curve = _curve(float(compression.threshold_db), float(compression.ratio), float(compression.knee_db))
    threshold, knee, slope, least = curve
    return threshold, knee, slope, forty_bits(makeup * DB_TO_LOG2), attack, release, least


def _curve(threshold_db: float, ratio: float, knee_db: float) -> tuple[float, float, float, float]:
    """Threshold and knee in doublings, the slope, and the least amplitude that is reduced."""
    threshold, knee = (forty_bits(db * DB_TO_LOG2) for db in (threshold_db, knee_db))
    return threshold, knee, 1.0 - 1.0 / ratio, forty_bits(amplitude(threshold_db - knee_db / 2))


def kept(ms: float, rate: int) -> float:
    """Share of the old value kept each frame, so that 1 - 1/e (63 %) of a step is reached after *ms*."""
    return forty_bits(math.exp(-1000.0 / (ms * rate)))


class CompressorProcessor:
    """A compressor with side-chain, look-ahead and dry/wet mix.

    Raises:
        Unsound: the filter of its side-chain lies above half the rate.
    """

    tail_frames = 0

    def __init__(self, words: Compressor, rate: int, channels: int, leaders: int | None = None) -> None:
        self._law = np.array(law_of(words, rate))
        self._mix = forty_bits(float(words.mix))
        self._detector_input = DetectorInput(words, rate, leaders)
        self._detector = np.zeros(2)
        self.latency_frames = frames_of(words.lookahead_ms, rate)
        self._late = TailMemory(self.latency_frames, channels)

    def process(self, work: Samples, keys: Keys) -> None:
        """Compress the next block in place, delayed by the look-ahead."""
        heard = self._detector_input.next_block(work, keys)
        factor = np.empty(work.shape[1])
        dynamics.listen(heard, self._law, np.inf, self._detector, factor)
        dynamics.factors(factor, self._law[MAKEUP], self._mix)
        if self.latency_frames:
            work[:] = self._late.before(work)[:, : work.shape[1]]
        dynamics.ride(work, factor)


class GateProcessor:
    """A gate or expander; initially closed.

    Raises:
        Unsound: the filter of its side-chain lies above half the rate.
    """

    latency_frames = tail_frames = 0

    def __init__(self, words: Gate, rate: int, leaders: int | None = None) -> None:
        opens_db, closes_db = float(words.threshold_db), float(words.threshold_db - words.hysteresis_db)
        most = forty_bits(float(words.range_db) * DB_TO_LOG2)
        times = words.attack_ms, words.release_ms
        self._law = np.array(
            [
                *(forty_bits(10.0 ** (db / 20.0)) for db in (opens_db, closes_db)),
                forty_bits(opens_db * DB_TO_LOG2),
                float(words.ratio - 1),
                most,
                *(kept(float(ms), rate) for ms in times),
                kept(LEVEL_MS, rate),
                float(frames_of(words.hold_ms, rate)),
            ]
        )
        self._state = np.array([0.0, 0.0, 0.0, most])
        self._detector_input = DetectorInput(words, rate, leaders)

    def process(self, work: Samples, keys: Keys) -> None:
        """Gate the next block in place."""
        factor = np.empty(work.shape[1])
        gate(self._detector_input.next_block(work, keys), self._law, self._state, factor)
        dynamics.factors(factor, 0.0, 1.0)
        dynamics.ride(work, factor)


class DeEsserProcessor:
    """A de-esser: H is the high-pass of its detector, B the band-pass beside it, g the gain.

    ``split`` turns x into x + (g - 1) H x + (sqrt(g) - 1) B x: a high shelf of gain g, and x itself if g is 1.

    Raises:
        Unsound: its frequency lies above half the rate.
    """

    latency_frames = tail_frames = 0

    def __init__(self, words: DeEsser, rate: int, channels: int, leaders: int | None = None) -> None:
        threshold, knee, slope, least = _curve(float(words.threshold_db), float(words.ratio), DE_ESSER_KNEE_DB)
        attack, release = (kept(float(ms), rate) for ms in (words.attack_ms, words.release_ms))
        self._law = np.array([threshold, knee, slope, 0.0, attack, release, least])
        self._most = forty_bits(float(words.range_db) * DB_TO_LOG2)
        self._split, self._leaders = words.split, leaders
        self._middle = Filters(cascade([middle(float(words.hz), rate)]), channels)
        self._high_pass = Filters(
            cascade(list(butterworth("high", float(words.hz), DE_ESSER_SLOPE_DB, rate))), channels
        )
        self._detector = np.zeros(2)

    def process(self, work: Samples, keys: Keys) -> None:
        """De-ess the next block in place."""
        sharp, factor = work.copy(), np.empty(work.shape[1])
        self._high_pass.process(sharp, keys)
        dynamics.listen(sharp[: self._leaders], self._law, self._most, self._detector, factor)
        dynamics.factors(factor, 0.0, 1.0)
        if self._split:
            between = work.copy()
            self._middle.process(between, keys)
            dynamics.ride_shelf(work, sharp, between, factor)
        else:
            dynamics.ride(work, factor)
