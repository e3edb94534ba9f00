import numpy as np
import pytest

from tests.dsp.tone.tone_cases import RATE, level_db, noise, processed, response_db, sine, tone

PLACES = np.unique(np.geomspace(20, 22_000, 200).astype(int)).astype(float)
NEVER = {"compressor": {"threshold_db": 0, "knee_db": 0}}
"""An active band that an impulse does not trigger."""


@pytest.mark.parametrize(
    "crossovers", [[200], [10], [20_000], [120, 2500], [100, 120], [120, 1000, 6000], [40, 50, 60]]
)
def test_bands_that_do_nothing_sum_to_a_flat_response(crossovers: list[int]) -> None:
    words = tone(multiband={"crossovers_hz": crossovers, "bands": [NEVER] * (len(crossovers) + 1)})
    assert response_db(words, PLACES) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("crossovers", [[200], [120, 2500], [120, 1000, 6000]])
def test_a_band_is_minus_6_db_at_its_crossovers_and_falls_by_24_db_an_octave(crossovers: list[int]) -> None:
    """All bands but one are silent (-40 dB, and so ignored)."""
    for alone in range(len(crossovers) + 1):
        bands = [{"gain_db": 0 if band == alone else -40} for band in range(len(crossovers) + 1)]
        measured = response_db(tone(multiband={"crossovers_hz": crossovers, "bands": bands}), np.array(crossovers))
        for number, level in enumerate(measured):
            if number in {alone - 1, alone}:
                assert level == pytest.approx(-6.02, abs=0.1)
            else:
                assert level < -30


def test_each_band_is_compressed_for_itself() -> None:
    words = tone(
        multiband={
            "crossovers_hz": [200, 3000],
            "bands": [
                {"compressor": {"threshold_db": -20, "ratio": 4, "knee_db": 0, "release_ms": 500}},
                {},
                {"gain_db": 3},
            ],
        }
    )
    quiet, loud = (processed(words, sine(40, level)) for level in (-30, 0))
    assert level_db(quiet[:, RATE // 2 :]) == pytest.approx(-30, abs=0.1)
    assert level_db(loud[:, RATE // 2 :]) == pytest.approx(-15, abs=0.3)
    assert level_db(processed(words, sine(800, 0))[:, RATE // 2 :]) == pytest.approx(0, abs=0.1)
    assert level_db(processed(words, sine(12_000, -10))[:, RATE // 2 :]) == pytest.approx(-7, abs=0.05)


def test_a_band_moves_both_sides_by_one_gain() -> None:
    one = noise(1, RATE)
    both = np.concatenate([one, one * np.float32(0.125)])
    words = tone(multiband={"crossovers_hz": [500], "bands": [{"compressor": {"threshold_db": -40, "ratio": 8}}] * 2})
    out = processed(words, both).astype(np.float64)
    clear = np.abs(out[1]) > 1e-5
    assert 20 * np.log10(np.abs(out[0, clear] / out[1, clear])) == pytest.approx(20 * np.log10(8), abs=0.01)
