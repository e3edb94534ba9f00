"""Loudness, loudness range and true peak: ITU-R BS.1770-5, EBU R 128, Tech 3341 and Tech 3342.

Energy is kept in hops of 10 ms (8 bytes each), so that a song of any length is measured in one pass; the gates are
applied at the end.  Measures of silence, and of signals too short to be measured, are None.
"""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio, Source
from dsp.files.sound import SoundReader
from dsp.kernels.filters import settle
from dsp.kernels.level import meter
from dsp.kernels.maths import forty_bits, log2
from dsp.meter.truepeak import PeakMeter

HOPS_PER_S = 100
MOMENTARY_HOPS, SHORT_TERM_HOPS = 40, 300
GATING_STEP_HOPS = 10
"""Gating blocks of 400 ms overlap by 75 % (BS.1770-5, Annex 1); loudness range takes 3 s at the same step."""

OFFSET_LUFS = -0.691
"""A sine of 997 Hz at 0 dBFS in one channel reads -3.01 LUFS (BS.1770-5, Annex 1)."""
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU, RANGE_GATE_LU = -10.0, -20.0
RANGE_LOW, RANGE_HIGH = 0.10, 0.95

SURROUND = {5: (1.0, 1.0, 1.0, 1.41, 1.41), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}
"""Channel weights of L R C (LFE) Ls Rs; in other layouts each channel weighs 1."""

DB_PER_DOUBLING = 20 * math.log10(2)


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measurements of a sound; None for silence or signals too short."""

    integrated_lufs: float | None
    loudness_range_lu: float | None
    true_peak_dbtp: float | None
    """None also if it was not measured."""
    sample_peak_dbfs: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    duration_s: float
    sample_rate_hz: int
    channels: int


def measure(source: Source, *, true_peak: bool = True) -> Loudness:
    """Measure a file, streamed.

    Args:
        source: file and channels.
        true_peak: False skips the true peak and saves two thirds of the time.

    Raises:
        Unsound: the file cannot be read.
    """
    with SoundReader(source) as reader:
        gauge = LoudnessMeter(reader.rate, reader.channels, true_peak=true_peak)
        for block in reader.blocks():
            gauge.add(block)
        return gauge.result()


class LoudnessMeter:
    """Measures one stream of blocks; one instance per stream.

    Args:
        rate: Hz, 8000 to 384000.
        channels: channels of every block.
        true_peak: True to measure the true peak.
    """

    def __init__(self, rate: int, channels: int, *, true_peak: bool = True) -> None:
        self.rate, self.channels, self.frames = rate, channels, 0
        self._filters = k_weighting(rate)
        self._state = np.zeros((channels, 2, 2))
        self._weights = np.array(SURROUND.get(channels, (1.0,) * channels))
        self._energies = array("d")
        self._begun = 0.0
        """Energy of the current, incomplete hop."""
        self._sample_peak = 0.0
        self._true_peak = PeakMeter(channels) if true_peak else None

    def add(self, block: Audio) -> None:
        """Add the next block, shape (channels, frames)."""
        if not block.shape[1]:
            return
        ends = self._hop_ends(block.shape[1])
        sums = np.zeros(len(ends))
        sums[0] = self._begun
        meter.weigh(block, self._filters, self._state, self._weights, ends, sums)
        settle(self._state)
        self._energies.extend(sums[:-1])
        self._begun = float(sums[-1])
        self.frames += block.shape[1]
        self._sample_peak = max(self._sample_peak, float(np.abs(block).max()))
        if self._true_peak is not None:
            self._true_peak.add(block)

    def energies(self) -> "Energies":
        """Energies of the complete hops so far."""
        return Energies(self.rate, np.array(self._energies))

    def peak(self) -> float:
        """True peak so far as a magnitude, at least the sample peak; 0 if it is not measured."""
        return 0.0 if self._true_peak is None else max(self._true_peak.peak(), self._sample_peak)

    def result(self) -> Loudness:
        """Measurements so far."""
        energies = self.energies()
        return Loudness(
            integrated_lufs=integrated([energies]),
            loudness_range_lu=_range(energies),
            true_peak_dbtp=decibels(self.peak()),
            sample_peak_dbfs=decibels(self._sample_peak),
            max_momentary_lufs=_loudest(energies, MOMENTARY_HOPS),
            max_short_term_lufs=_loudest(energies, SHORT_TERM_HOPS),
            duration_s=self.frames / self.rate,
            sample_rate_hz=self.rate,
            channels=self.channels,
        )

    def _hop_ends(self, frames: int) -> NDArray[np.int64]:
        """Ends of hops within the next *frames*, then the end of the block; hop k begins at frame k * rate / 100."""
        first, last = (at * HOPS_PER_S // self.rate for at in (self.frames, self.frames + frames))
        begins = np.arange(first + 1, last + 2, dtype=np.int64)
        ends = -(-begins * self.rate // HOPS_PER_S) - self.frames
        return np.append(ends[ends <= frames], frames)


@dataclass(frozen=True, slots=True)
class Energies:
    """K-weighted energy of a signal, one value per hop of 10 ms."""

    rate: int
    sums: NDArray[np.float64]

    def powers(self, width: int, step: int) -> NDArray[np.float64]:
        """Mean power of each complete window of *width* hops, every *step* hops."""
        begins = np.arange(len(self.sums) + 1, dtype=np.int64)
        edges = -(-begins * self.rate // HOPS_PER_S)
        return meter.windows(self.sums, edges, width, step)


def integrated(signals: Sequence[Energies]) -> float | None:
    """Gated loudness of several signals as one programme, in LUFS; None if nothing passes the gate."""
    blocks = np.concatenate([signal.powers(MOMENTARY_HOPS, GATING_STEP_HOPS) for signal in signals] or [np.zeros(0)])
    return _lufs(meter.gated_mean(blocks, _gate(blocks, RELATIVE_GATE_LU)))


def _gate(powers: NDArray[np.float64], relative_lu: float) -> float:
    """Power of the gate: the absolute gate or, if higher, the mean of the powers above it plus *relative_lu*."""
    absolute = 10 ** ((ABSOLUTE_GATE_LUFS - OFFSET_LUFS) / 10)
    return max(absolute, meter.gated_mean(powers, absolute) * 10 ** (relative_lu / 10))


def _range(energies: Energies) -> float | None:
    """Loudness range (EBU Tech 3342): between the 10th and the 95th percentile of the gated short-term loudness."""
    powers = energies.powers(SHORT_TERM_HOPS, GATING_STEP_HOPS)
    heard = np.sort(powers[powers > _gate(powers, RANGE_GATE_LU)])
    if not len(heard):
        return None
    low, high = (float(heard[int((len(heard) - 1) * share + 0.5)]) for share in (RANGE_LOW, RANGE_HIGH))
    return DB_PER_DOUBLING / 2 * (log2(high) - log2(low))


def _loudest(energies: Energies, width: int) -> float | None:
    """The highest loudness of any window of *width* hops, every 10 ms."""
    return _lufs(float(energies.powers(width, 1).max(initial=0.0)))


def _lufs(power: float) -> float | None:
    return OFFSET_LUFS + DB_PER_DOUBLING / 2 * log2(power) if power > 0 else None


def decibels(amplitude: float) -> float | None:
    """The level of *amplitude* in dB of full scale; None for silence."""
    return DB_PER_DOUBLING * log2(amplitude) if amplitude > 0 else None


def k_weighting(rate: int) -> NDArray[np.float64]:
    """The K filter at *rate*: shelf and high-pass, shape (2, 5): b0, b1, b2, a1, a2.

    BS.1770 gives coefficients for 48 kHz only; these are their analogue prototypes by bilinear transform
    (B. De Man, "Evaluation of Implementations of the EBU R128 Loudness Measurement", AES 145, 2018).
    """
    k = math.tan(math.pi * 1681.974450955533 / rate)
    high = 10 ** (3.999843853973347 / 20)
    band, q = high**0.4996667741545416, 0.7071752369554196
    a0 = 1 + k / q + k * k
    shelf = (
        high + band * k / q + k * k,
        2 * (k * k - high),
        high - band * k / q + k * k,
        2 * (k * k - 1),
        1 - k / q + k * k,
    )
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    c0 = 1 + k / q + k * k
    high_pass = (c0, -2 * c0, c0, 2 * (k * k - 1), 1 - k / q + k * k)
    return np.array([[forty_bits(b / a0) for b in shelf], [forty_bits(b / c0) for b in high_pass]])
