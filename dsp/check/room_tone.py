"""What lies under a whole recording: the hum of the mains, and noise; told from the softest its spectrum ever is.

Hum and noise never pause and music does, so of every frequency the softest of all moments is kept (minimum
statistics; R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics",
IEEE Transactions on Speech and Audio Processing 9, 2001).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SPAN_S: Final = 1.0
"""Of a moment; lines of the mains are then told apart from notes beside them: bins of about a hertz."""
FEWEST_MOMENTS: Final = 6
"""Of fewer nothing is said: what sounds for two seconds may well be meant."""
MAINS_HZ: Final = (50.0, 60.0)
HARMONICS: Final = 8
LINES: Final = 4
"""So many of the first eight harmonics stand out where it is hum: a note would have to be tuned to the mains."""
DRIFT: Final = 0.004
"""How far the mains stray from their frequency."""
STANDS_OUT: Final = 10 ** (12 / 10)
SOFTEST_HUM: Final = 10 ** (-84 / 10)
NOISE_HZ: Final = (2_000.0, 6_000.0)
NOISE_DBFS: Final = -70.0
"""In that band; above it noise is heard between the words."""
FLAT: Final = 0.5
"""Of noise the geometric mean over neighbouring frequencies is near the arithmetic one; of a tone far below."""
INSTANT_S: Final = 0.05
FEWEST_INSTANTS: Final = 60
STEADY_DB: Final = 1.2
"""Between the 2nd and the 10th percentile of its level over time: a floor is lain upon, a decay is passed through."""
FINE_DB: Final = 0.25
LOWEST_DB: Final = -140.0
ROW: Final = 64
"""Neighbouring frequencies over which flatness is told."""


@dataclass(frozen=True, slots=True)
class RoomTone:
    """What was found, as levels in dB of full scale; None where there is none of it."""

    mains_hz: float | None
    hum_dbfs: float | None
    lines: int
    """How many harmonics of the mains stand out."""
    noise_dbfs: float | None


class Softest:
    """Keeps the softest power of each frequency over a stream of one channel.

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
        """How many instants had which level in the band of noise."""

    def add(self, line: NDArray[np.float64]) -> None:
        """Take the next samples, shape (frames,)."""
        joined = np.concatenate([self._rest, line])
        whole = len(joined) // self._span * self._span
        for start in range(0, whole, self._span):
            self._moment(joined[start : start + self._span])
        self._rest = joined[whole:]

    def _moment(self, samples: NDArray[np.float64]) -> None:
        if not samples.any():
            return  # digital silence tells nothing about the room
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
        """What lies under all that was heard."""
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
        """Frequency, lines that stand out, and their power together."""
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
        """The level of steady noise in the band; None where what sounds there is none, or too soft to matter."""
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
