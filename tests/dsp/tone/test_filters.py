import numpy as np
import pytest

from dsp.audio import Unsound
from dsp.tone.chain import ToneChain
from dsp.tone.filters import all_pass, butterworth, cascade
from tests.dsp.tone.tone_cases import PLACES, RATE, processed, response_db, sine, tone, warped

SLOPES = [6, 12, 18, 24, 36, 48]


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize(("which", "centre"), [("high", 40), ("high", 5000), ("low", 400), ("low", 15_000)])
def test_a_filter_has_the_magnitude_of_a_butterworth_of_its_order(which: str, centre: int, slope: int) -> None:
    over = np.abs(warped(PLACES, centre)) ** (1 if which == "low" else -1)
    expected = np.maximum(-10 * np.log10(1 + over ** (2 * slope / 6)), -100)
    words = tone(**{f"{which}_pass_hz": centre, f"{which}_pass_slope_db": slope})
    measured = np.maximum(response_db(words, PLACES), -100)
    assert measured == pytest.approx(expected, abs=2e-2)
    assert response_db(words, np.array([float(centre)])) == pytest.approx(-3.0103, abs=2e-3)


@pytest.mark.parametrize("slope", SLOPES)
def test_an_octave_further_a_filter_takes_its_slope_more_of_a_sine(slope: int) -> None:
    words = tone(high_pass_hz=2000, high_pass_slope_db=slope)
    places = (125, 250) if slope < 24 else (500, 1000)  # far enough below, and above the noise of float32
    one, two = (processed(words, sine(hz, 0))[0, RATE // 2 :].astype(np.float64).std() for hz in places)
    assert 20 * np.log10(two / one) == pytest.approx(slope, abs=0.5)


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("rate", [8000, 44_100, 384_000])
def test_every_pole_lies_within_the_unit_circle_at_any_rate(rate: int, slope: int) -> None:
    for hz in (10, rate * 0.4999):
        for _, _, _, a1, a2 in cascade(list(butterworth("high", hz, slope, rate))):
            assert abs(a2) < 1
            assert abs(a1) < 1 + a2


@pytest.mark.parametrize("gain_db", [-12, -1.5, 3, 12])
def test_a_tilt_is_level_at_its_pivot_and_its_gain_far_above_and_as_much_less_far_below(gain_db: float) -> None:
    s, a = warped(PLACES, 1000), 10 ** (gain_db / 20)
    words = tone(tilt={"gain_db": str(gain_db)})
    assert response_db(words, PLACES) == pytest.approx(20 * np.log10(np.abs((a * s + 1) / (s + a))), abs=2e-3)
    assert response_db(words, np.array([1000.0])) == pytest.approx(0, abs=1e-3)
    assert response_db(words, np.array([1.0, 23_999])) == pytest.approx([-gain_db, gain_db], abs=0.01)


def test_a_notch_takes_its_frequency_away_and_leaves_the_octaves_around_it() -> None:
    words = tone(eq=[{"type": "notch", "hz": 50, "q": 10}])
    assert response_db(words, np.array([50.0]))[0] < -60
    assert response_db(words, np.array([25.0, 100.0, 5000.0])) == pytest.approx([0, 0, 0], abs=0.05)


def test_an_all_pass_passes_all() -> None:
    z = np.exp(-2j * np.pi * PLACES / RATE)
    b0, b1, b2, a1, a2 = all_pass(1000, RATE)
    assert np.abs((b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    "words",
    [
        {"low_pass_hz": 24_000, "low_pass_slope_db": 6},
        {"tilt": {"pivot_hz": 30_000, "gain_db": 1}},
        {"eq": [{"type": "notch", "hz": 25_000}]},
        {"stereo": {"mono_below_hz": 24_000}},
        {"multiband": {"crossovers_hz": [100, 24_000], "bands": [{}, {}, {"gain_db": 1}]}},
        {"compressor": {"threshold_db": -10, "side_chain_high_pass_hz": 40_000}},
        {"gate": {"threshold_db": -10, "side_chain_high_pass_hz": 24_000}},
    ],
)
def test_wherever_a_filter_stands_it_is_refused_above_half_the_rate(words: dict[str, object]) -> None:
    with pytest.raises(Unsound, match="cannot be had at 48000 Hz: it must lie below 24000 Hz"):
        ToneChain(tone(**words), RATE, 2)
