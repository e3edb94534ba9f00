import numpy as np
import pytest

from tests.dsp.tone.tone_cases import RATE, level_db, noise, processed, sine, tone

SHARP = {"threshold_db": -30, "ratio": 4, "hz": 6000, "range_db": 10, "attack_ms": 1, "release_ms": 60}


def test_dull_sounds_pass_to_the_bit() -> None:
    signal = sine(200, -6, channels=2)
    assert np.array_equal(processed(tone(deesser=SHARP), signal), signal)


def test_a_sharp_sound_is_turned_down_by_its_range_at_most() -> None:
    out = processed(tone(deesser={**SHARP, "split": False}), sine(13_001, -6))[:, RATE // 2 :]
    assert level_db(out) == pytest.approx(-16, abs=0.1)


def test_a_sharp_sound_a_little_above_the_threshold_is_turned_down_by_the_ratio() -> None:
    out = processed(tone(deesser={**SHARP, "range_db": 40, "split": False}), sine(13_001, -18))[:, RATE // 2 :]
    assert level_db(out) == pytest.approx(-18 - 12 * 0.75, abs=0.3)


def test_split_it_leaves_what_lies_below_and_whole_it_takes_it_along() -> None:
    low, sharp = sine(300, -20), sine(13_001, -6)
    left = {
        split: level_of(300, processed(tone(deesser={**SHARP, "split": split}), low + sharp)) for split in (True, False)
    }
    assert left[True] == pytest.approx(-20, abs=0.05)
    assert left[False] == pytest.approx(-30, abs=0.2)


def level_of(hz: int, signal: np.ndarray) -> float:
    """The level of one sine in the last second, in dB."""
    return float(20 * np.log10(np.abs(np.fft.rfft(signal[0, -RATE:].astype(np.float64))[hz]) / (RATE / 2)))


def test_both_sides_are_turned_down_when_one_is_sharp() -> None:
    both = np.concatenate([sine(13_001, -6), sine(9001, -50)])
    out = processed(tone(deesser={**SHARP, "split": False}), both)[:, RATE // 2 :]
    gains_db = 20 * np.log10(np.abs(out) / np.maximum(np.abs(both[:, RATE // 2 :]), 1e-9))
    clear = np.abs(both[:, RATE // 2 :]).min(axis=0) > 1e-4
    assert gains_db[0, clear] == pytest.approx(gains_db[1, clear], abs=0.01)
    assert gains_db[0, clear].max() < -9


@pytest.mark.parametrize("hz", [1000, 4000, 6000, 9000, 20_000])
def test_its_moving_shelf_has_the_response_of_a_shelf(hz: int) -> None:
    """While sibilance holds it down by 10 dB, a weak sound is turned down as by a shelf, without a bump."""
    out = processed(tone(deesser=SHARP), sine(13_001, -6) + sine(hz, -60))
    g, w = 10 ** (-10 / 20), np.tan(np.pi * hz / RATE) / np.tan(np.pi * 6000 / RATE)
    assert level_of(hz, out) == pytest.approx(-60 + 10 * np.log10((1 + g**2 * w**4) / (1 + w**4)), abs=0.3)


def test_noise_is_finite() -> None:
    assert np.isfinite(processed(tone(deesser={**SHARP, "threshold_db": -80, "ratio": 100}), noise(2, RATE))).all()
