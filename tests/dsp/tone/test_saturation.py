import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.tone.oversampling import TAPS, Oversampling, half_band
from tests.dsp.tone.tone_cases import RATE, in_time, noise, sine, tone

pytestmark = pytest.mark.slow


def spectrum_db(signal: NDArray[np.float32]) -> NDArray[np.float64]:
    """Spectrum of the second from half a second on, one bin a Hz, in dB relative to a full-scale sine."""
    return np.asarray(
        20 * np.log10(np.abs(np.fft.rfft(signal[0, RATE // 2 :][:RATE].astype(np.float64))) / (RATE / 2) + 1e-12)
    )


@pytest.mark.parametrize(
    ("drive_db", "oversampling", "least_db"), [(12, 4, -120), (18, 4, -70), (18, 8, -120), (24, 8, -80)]
)
def test_a_full_scale_sine_folds_back_no_more_than_stated(drive_db: int, oversampling: int, least_db: int) -> None:
    """Below 20 kHz; a prime number of Hz, so that no alias falls on a harmonic."""
    hz = 4999
    levels = spectrum_db(
        in_time(tone(saturation={"drive_db": drive_db, "oversampling": oversampling}), sine(hz, 0, seconds=2))
    )
    fundamental = levels[hz]
    harmonics = np.arange(hz, 20_000, hz)
    assert levels[harmonics[2]] > fundamental - 40, "it must distort to mean anything"
    levels[harmonics] = -240
    assert levels[10:20_000].max() - fundamental < least_db


@pytest.mark.parametrize("kind", ["tanh", "soft"])
@pytest.mark.parametrize("drive_db", [3, 12, 24])
def test_a_low_sine_takes_the_shape_of_the_curve(kind: str, drive_db: int) -> None:
    wave = sine(100, -1, seconds=2)
    k = 10 ** (drive_db / 20) - 1
    x = wave.astype(np.float64)
    curve = np.tanh(k * x) / k if kind == "tanh" else x / np.sqrt(1 + (k * x) ** 2)
    out = in_time(tone(saturation={"drive_db": drive_db, "kind": kind}), wave)
    same = slice(RATE, 2 * RATE - 2000)
    error = out[0, same] - curve[0, same]
    # The fundamental of the added signal passes a first-order high-pass of 5 Hz: at 100 Hz it turns by 2.9 degrees.
    assert np.abs(error).max() < 0.06 * np.abs(curve - x).max()


def test_a_quiet_sound_passes_as_it_was() -> None:
    quiet = noise(2, RATE, 1e-4)
    assert in_time(tone(saturation={"drive_db": 12}), quiet) == pytest.approx(quiet, abs=1e-9)


def test_mixed_by_a_half_what_is_added_is_half() -> None:
    signal = noise(2, 20_000)
    whole = in_time(tone(saturation={"drive_db": 18}), signal) - signal
    half = in_time(tone(saturation={"drive_db": 18, "mix": "0.5"}), signal) - signal
    assert half == pytest.approx(whole / 2, abs=1e-6)
    assert np.abs(whole).max() > 0.1


def test_an_uneven_wave_brings_no_direct_current() -> None:
    """Narrow pulses up, wide ones down: their mean is 0, and that of their tanh is not."""
    frames = np.arange(4 * RATE)
    wave = np.asarray(np.where(frames % 480 < 48, 0.9, -0.1), np.float32)[np.newaxis]
    assert np.tanh(3 * wave.astype(np.float64)).mean() < -0.1
    out = in_time(tone(saturation={"drive_db": 12}), wave)
    assert abs(out[0, -2 * RATE : -480].astype(np.float64).mean()) < 1e-4


@pytest.mark.parametrize("taps", TAPS)
def test_a_half_band_filter_keeps_a_constant_and_rejects_what_it_must(taps: int) -> None:
    side = half_band(taps)
    whole = np.zeros(4 * taps - 1)
    whole[2 * taps - 1] = 0.5
    whole[2 * taps :: 2] = side / 2
    whole[: 2 * taps - 1 : 2] = side[::-1] / 2
    assert whole.sum() == pytest.approx(1, abs=1e-11)
    rejected = 20 * np.log10(np.abs(np.fft.rfft(whole, 65_536)) + 1e-12)
    edge = {TAPS[0]: 0.5465, TAPS[1]: 2 - 0.4535, TAPS[2]: 4 - 0.4535}[taps] / {TAPS[0]: 2, TAPS[1]: 4, TAPS[2]: 8}[
        taps
    ]
    assert rejected[round(edge * 65_536) :].max() < (-98 if taps == TAPS[0] else -92)


@pytest.mark.parametrize("factor", [4, 8])
def test_up_and_down_again_a_sound_is_itself_to_20_khz(factor: int) -> None:
    signal = sine(1000, -6) + sine(19_999, -12)
    rates = Oversampling(factor, 1)
    longer = np.concatenate([signal, np.zeros((1, rates.latency_frames), np.float32)], axis=1).astype(np.float64)
    back = rates.down(rates.up(longer))[:, rates.latency_frames :]
    inner = slice(1000, RATE - 1000)
    assert back[:, inner] == pytest.approx(signal[:, inner].astype(np.float64), abs=2e-5)
