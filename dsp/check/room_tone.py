"""Hum and steady noise beneath a recording, from the minimum of its spectrum over time.

Hum and noise never pause and music does, so the least power of each frequency over all moments is kept (minimum
statistics; R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics",
IEEE Transactions on Speech and Audio Processing 9, 2001).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SPAN_S: Final = 1.0
"""Length of a moment; its bins of about 1 Hz separate mains harmonics from neighbouring notes."""
FEWEST_MOMENTS: Final = 6
"""Least number of moments for a result: two seconds of a sound may well be intended."""
MAINS_HZ: Final = (50.0, 60.0)
HARMONICS: Final = 8
LINES: Final = 4
"""Least number of the first eight harmonics that must stand out; a note would have to be tuned to the mains."""
DRIFT: Final = 0.004
"""Relative deviation of the mains frequency."""
STANDS_OUT: Final = 10 ** (12 / 10)
SOFTEST_HUM: Final = 10 ** (-84 / 10)
NOISE_HZ: Final = (2_000.0, 6_000.0)
NOISE_DBFS: Final = -70.0
"""Highest level in that band that counts as silent; above it noise is heard between the words."""
FLAT: Final = 0.5
"""Least flatness (geometric over arithmetic mean of neighbouring bins) of noise; that of a tone is far lower."""
INSTANT_S: Final = 0.05
FEWEST_INSTANTS: Final = 60
STEADY_DB: Final = 1.2
"""Largest difference between the 2nd and 10th percentile of the level of steady noise; decaying sounds vary more."""
FINE_DB: Final = 0.25
LOWEST_DB: Final = -140.0
ROW: Final = 64
"""Number of neighbouring bins over which flatness is computed."""


@dataclass(frozen=True, slots=True)
class RoomTone:
    """Hum and noise in dB of full scale; None if absent."""

    mains_hz: float | None
    hum_dbfs: float | None
    lines: int
    """Number of mains harmonics that stand out."""
    noise_dbfs: float | None


class Softest:
    """Keeps the least power of each frequency over a stream of one channel.

    Args:
        rate: Hz.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._span = 1 << int(np.log2(SPAN_S * rate) + 0.5)
        self._window = np.hanning(self._span)
        self._rest = np.zeros(0)
        self._least: NDArray[np.float64] | None = None
        self._moments = 0
        self._instant = 1 << int(np.log2(INSTANT_S * rate) + 0.5)
        self._levels = np.zeros(int(-LOWEST_DB / FINE_DB) + 1, np.int64)
        """Histogram of the level of instants in the noise band."""

    def add(self, line: NDArray[np.float64]) -> None:
        """Add the next samples, shape (frames,)."""
        joined = np.concatenate([self._rest, line])
        whole = len(joined) // self._span * self._span
        for start in range(0, whole, self._span):
            self._moment(joined[start : start + self._span])
        self._rest = joined[whole:]

    def _moment(self, samples: NDArray[np.float64]) -> None:
        if not samples.any():
            return  # digital silence has no information about the room
        power = np.square(np.abs(np.fft.rfft(samples * self._window))) * (2 / np.square(self._window.sum()))
        self._least = power if self._least is None else np.minimum(self._least, power)
        self._moments += 1
        self._instants(samples.reshape(-1, self._instant))

    def _instants(self, rows: NDArray[np.float64]) -> None:
        rows = rows[rows.any(axis=1)]
        shape = np.hanning(self._instant)
        power = np.square(np.abs(np.fft.rfft(rows * shape, axis=1))) * (4 / 3 / np.square(shape.sum()))
        low, high = (round(hz * self._instant / self._rate) for hz in NOISE_HZ)
        levels = 10 * np.log10(power[:, low:high].sum(axis=1) + 1e-20)
        places = np.clip((levels - LOWEST_DB) / FINE_DB, 0, len(self._levels) - 1).astype(np.int64)
        self._levels += np.bincount(places, minlength=len(self._levels))

    def result(self) -> RoomTone:
        """Hum and noise of all samples added."""
        if self._least is None or self._moments < FEWEST_MOMENTS:
            return RoomTone(None, None, 0, None)
        found = max((self._hum(mains) for mains in MAINS_HZ), key=lambda hum: hum[1])
        mains, lines, power = found
        humming = lines >= LINES and power > SOFTEST_HUM
        noise = self._noise()
        return RoomTone(
            mains if humming else None,
            10 * float(np.log10(power)) if humming else None,
            lines if humming else 0,
            noise,
        )

    def _hum(self, mains: float) -> tuple[float, int, float]:
        """The mains frequency, the number of harmonics that stand out, and their total power."""
        assert self._least is not None
        hertz, lines, power = self._rate / self._span, 0, 0.0
        for harmonic in range(1, HARMONICS + 1):
            centre, reach = mains * harmonic / hertz, max(1.0, DRIFT * mains * harmonic / hertz)
            near = self._least[int(np.ceil(centre - reach)) : int(centre + reach) + 1]
            far, wide = round(12 / hertz), round(4 / hertz)
            low, high = round(centre) - far, round(centre) + far
            around = np.concatenate(
                [self._least[max(0, low) : low + far - wide], self._least[high - far + wide : high]]
            )
            if len(near) and len(around) and near.max() > STANDS_OUT * max(float(around.max()), 1e-20):
                lines, power = lines + 1, power + float(near.max())
        return mains, lines, power

    def _noise(self) -> float | None:
        """Level of steady noise in the band; None if there is none, or it is too soft to matter."""
        assert self._least is not None
        count = int(self._levels.sum())
        hertz = self._rate / self._span
        band = self._least[int(NOISE_HZ[0] / hertz) : int(NOISE_HZ[1] / hertz)]
        if count < FEWEST_INSTANTS or len(band) < ROW or band.min() <= 0:
            return None
        reached = np.cumsum(self._levels) / count
        floor, above = (LOWEST_DB + FINE_DB * float(np.searchsorted(reached, share)) for share in (0.02, 0.10))
        rows = band[: len(band) // ROW * ROW].reshape(-1, ROW)
        flatness = float(np.median(np.exp(np.log(rows).mean(axis=1)) / rows.mean(axis=1)))
        return floor if floor > NOISE_DBFS and above - floor < STEADY_DB and flatness > FLAT else None
