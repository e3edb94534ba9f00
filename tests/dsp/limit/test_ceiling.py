"""The ceiling: overshoots found by exact measurement, and mended at those places alone."""

from decimal import Decimal

import numpy as np
import pytest
import soxr

from dsp.audio import Audio, Unsound
from dsp.kernels.maths import amplitude
from dsp.limit.ceiling import Mender, Overshoots, hold, limited, limiter, mended, mender, overshoots
from dsp.limit.exact import ExactReading

RATE = 48_000
NOWHERE = Overshoots(np.zeros(0, np.int64), np.zeros(0))


def hidden_peak(level: float) -> Audio:
    """A burst at a quarter of the rate whose samples are all 3 dB below its peak; silence around it."""
    at = np.arange(RATE)
    window = np.where((at >= 20_000) & (at < 20_400), np.hanning(RATE // 120)[(at - 20_000) % 400], 0)
    return np.asarray((level * window * np.sin(np.pi / 2 * at + np.pi / 4))[None], np.float32)


def hiss(seconds: float = 2, seed: int = 1) -> Audio:
    """Noise up to half the rate, in bursts, which a short filter measures too low."""
    noise = np.random.default_rng(seed).standard_normal((2, round(seconds * RATE)))
    return np.asarray(0.3 * np.diff(noise, 1, prepend=0) * np.exp(-np.arange(noise.shape[1]) % 9600 / 2400), np.float32)


def read_db(signal: Audio) -> float:
    return 20 * float(np.log10(max(np.abs(soxr.resample(line, 1, 16, quality="VHQ")).max() for line in signal)))


def finished(signal: Audio, ceiling_db: float = -1, gain: str = "0") -> Audio:
    def make(found: tuple[Overshoots, ...]) -> tuple[Audio, Overshoots]:
        menders = [mender(RATE, len(signal), ceiling_db, one) for one in found]
        behind = limited(limiter(RATE, len(signal), ceiling_db), [signal], Decimal(gain))
        made = np.concatenate(list(mended(menders, behind)), axis=1)
        return made, overshoots([made], made.shape[1], ceiling_db)

    return hold(make, ceiling_db)


def test_an_overshoot_between_the_samples_is_found_where_it_is() -> None:
    over = overshoots([hidden_peak(1.2)], RATE, -1)
    assert 20_100 < over.frames[0] < over.frames[-1] < 20_300
    assert over.highest_db == pytest.approx(20 * np.log10(1.2), abs=0.02)
    assert not overshoots([hidden_peak(0.8)], RATE, -1)


@pytest.mark.parametrize("step", [999, 4096])
def test_how_a_signal_is_cut_moves_no_overshoot(step: int) -> None:
    signal = hiss()
    whole = overshoots([signal], signal.shape[1], -6)
    cut = overshoots((signal[:, at : at + step] for at in range(0, signal.shape[1], step)), signal.shape[1], -6)
    np.testing.assert_array_equal(cut.frames, whole.frames)
    np.testing.assert_array_equal(cut.peaks, whole.peaks)


@pytest.mark.parametrize("gain", ["-6", "0", "12"])
def test_the_ceiling_holds_up_to_half_the_rate_and_nothing_is_given_away(gain: str) -> None:
    made = finished(hiss(), gain=gain)
    assert made.shape == hiss().shape
    assert -1.1 < read_db(made) <= -1


def test_mending_touches_the_neighbourhood_of_an_overshoot_and_nothing_else() -> None:
    signal = np.full((2, RATE), 0.5, np.float32)
    mender = Mender(RATE, 2, amplitude(-1.03), Overshoots(np.array([30_000]), np.array([1.0])))
    out = np.concatenate(
        [mender.process(signal[:, :11_000]), mender.process(signal[:, 11_000:]), mender.flush()], axis=1
    )
    assert out.shape == signal.shape
    assert 20 * np.log10(out[0, 30_000] / 0.5) == pytest.approx(-1.03, abs=0.001)
    np.testing.assert_array_equal(out[:, :29_700], signal[:, :29_700])
    np.testing.assert_allclose(out[:, -1000:], signal[:, -1000:], rtol=0.0006)  # 0.005 dB after a third of a second


def test_a_ceiling_that_never_holds_is_refused_with_the_numbers() -> None:
    over = Overshoots(np.array([5]), np.array([1.0]))
    with pytest.raises(Unsound, match=r"ceiling of -1 dBTP cannot be held: 0\.000 dBTP after 5 passes"):
        hold(lambda _: (None, over), -1)
    assert hold(lambda mended: (len(mended), over if len(mended) < 3 else NOWHERE), -1) == 3


def test_a_second_reading_finds_what_changed_and_still_knows_the_rest() -> None:
    signal, reading = np.concatenate([hiss(), hiss(seed=2)], axis=1), ExactReading(-6)

    def read_again() -> Overshoots:
        return reading.overshoots(lambda start, length: at(signal, start, length), signal.shape[1])

    first = read_again()
    assert len(first.frames) > 10
    signal[:, 30_000:70_000] *= 0.7
    signal[:, :5] = signal[:, -5:] = 0.9
    second, anew = read_again(), ExactReading(-6).overshoots(lambda *place: at(signal, *place), signal.shape[1])
    assert len(second.frames) != len(first.frames)
    np.testing.assert_array_equal(second.frames, anew.frames)
    np.testing.assert_array_equal(second.peaks, anew.peaks)


def at(signal: Audio, start: int, length: int) -> Audio:
    """*signal* at frame *start* of *length* frames of silence."""
    around = np.pad(signal, ((0, 0), (8192, 8192)))
    return around[:, start + 8192 : start + 8192 + length]
