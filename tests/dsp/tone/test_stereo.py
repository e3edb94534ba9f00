import numpy as np
import pytest

from dsp.audio import Audio
from tests.dsp.tone.tone_cases import RATE, level_db, noise, processed, response_db, sine, tone


@pytest.mark.parametrize("width", [0, 0.3, 1, 1.5, 2])
def test_the_difference_is_multiplied_and_the_sum_stays(width: float) -> None:
    signal = noise(2, 10_000)
    mid, side = signal.astype(np.float64).sum(axis=0) / 2, (signal[0].astype(np.float64) - signal[1]) / 2
    out = processed(tone(stereo={"width": str(width)}), signal)
    assert out == pytest.approx(np.stack([mid + width * side, mid - width * side]), abs=1e-6)


def test_without_width_both_sides_are_one() -> None:
    left, right = processed(tone(stereo={"width": 0}), noise(2, 10_000))
    assert np.array_equal(left, right)


def in_phase(hz: float) -> Audio:
    return sine(hz, -10, channels=2)


def out_of_phase(hz: float) -> Audio:
    return np.asarray(in_phase(hz) * np.array([[1], [-1]]), np.float32)


def test_the_middle_and_the_sides_have_an_equaliser_each() -> None:
    words = tone(stereo={"mid_eq": [{"hz": 1000, "gain_db": 6}], "side_eq": [{"hz": 1000, "gain_db": -9}]})
    assert level_db(processed(words, in_phase(1000))[:, RATE // 2 :]) == pytest.approx(-4, abs=0.01)
    assert level_db(processed(words, out_of_phase(1000))[:, RATE // 2 :]) == pytest.approx(-19, abs=0.01)


def test_lows_are_in_the_middle() -> None:
    words = tone(stereo={"mono_below_hz": 120})
    assert level_db(processed(words, out_of_phase(120))[:, RATE // 2 :]) == pytest.approx(-13.01, abs=0.02)
    assert level_db(processed(words, out_of_phase(30))[:, RATE // 2 :]) == pytest.approx(-10 - 48.2, abs=0.3)
    assert level_db(processed(words, in_phase(30))[:, RATE // 2 :]) == pytest.approx(-10, abs=0.001)


def test_of_a_mono_strip_the_middle_alone_is_heard() -> None:
    words = tone(stereo={"width": 2, "mono_below_hz": 200, "mid_eq": [{"hz": 1000, "gain_db": 6}]})
    assert response_db(words, np.array([1000.0, 20.0])) == pytest.approx([6, 0], abs=0.01)
