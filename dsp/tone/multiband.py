"""A multiband compressor: Linkwitz-Riley crossovers whose bands sum to an all-pass."""

import numpy as np

from domain.recipe import Multiband, MultibandBand
from dsp.kernels.level import dynamics
from dsp.kernels.maths import amplitude
from dsp.tone.dynamics import MAKEUP, law_of
from dsp.tone.filters import BUTTERWORTH_Q, all_pass, cascade, two_poles
from dsp.tone.step import Filters, Keys, Samples


class MultibandProcessor:
    """Two to four bands; each crossover splits the lower band off the rest.

    A lower band passes the all-passes of the crossovers above it, so that the phases of all bands agree
    (D'Appolito, "Active Realization of Multiway All-Pass Crossover Systems", JAES 35(4), 1987).

    Raises:
        Unsound: a crossover lies above half the rate.
    """

    latency_frames = tail_frames = 0

    def __init__(self, words: Multiband, rate: int, channels: int, leaders: int | None = None) -> None:
        crossovers = [float(hz) for hz in words.crossovers_hz]
        self._splits = []
        for number, hz in enumerate(crossovers):
            low, high = ([two_poles(way, hz, BUTTERWORTH_Q, rate)] * 2 for way in ("low", "high"))
            later = [all_pass(above, rate) for above in crossovers[number + 1 :]]
            self._splits.append((Filters(cascade(low + later), channels), Filters(cascade(high), channels)))
        self._bands = [BandProcessor(band, rate, leaders) for band in words.bands]

    def process(self, work: Samples, keys: Keys) -> None:
        """Compress the next block in place."""
        rest, total = work.copy(), np.zeros_like(work)
        for band, (low, high) in zip(self._bands, self._splits, strict=False):  # the highest band is the rest
            split = rest.copy()
            low.process(split, keys)
            high.process(rest, keys)
            total += band.process(split)
        work[:] = total + self._bands[-1].process(rest)


class BandProcessor:
    """One band of a multiband."""

    def __init__(self, words: MultibandBand, rate: int, leaders: int | None) -> None:
        self._leaders = leaders
        self._law = np.array(law_of(words.compressor, rate) if words.compressor else ())
        self._gain = amplitude(float(words.gain_db))
        self._detector = np.zeros(2)

    def process(self, band: Samples) -> Samples:
        """Process the next block in place and return it."""
        if len(self._law):
            factor = np.empty(band.shape[1])
            dynamics.listen(band[: self._leaders], self._law, np.inf, self._detector, factor)
            dynamics.factors(factor, self._law[MAKEUP], 1.0)
            dynamics.ride(band, factor)
        band *= self._gain
        return band


def idle(words: Multiband) -> bool:
    """True if no band changes the sound, so that the crossovers' all-passes can be left out, too."""
    return not any(band.gain_db or (band.compressor and _works(band)) for band in words.bands)


def _works(band: MultibandBand) -> bool:
    return band.compressor is not None and (band.compressor.ratio != 1 or bool(band.compressor.makeup_db))
