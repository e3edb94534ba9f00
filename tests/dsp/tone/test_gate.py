import numpy as np
import pytest

from dsp.audio import Audio
from dsp.tone.chain import NO_KEYS
from dsp.tone.step import Keys
from tests.dsp.tone.tone_cases import RATE, noise, processed, sine, tone

FAST = {"attack_ms": "0.1", "release_ms": 5, "hold_ms": 0, "hysteresis_db": 0}


def gated_db(signal: Audio, keys: Keys = NO_KEYS, **words: object) -> np.ndarray:
    """The gain of each frame in dB."""
    out = processed(tone(gate={"threshold_db": -30, **words}), signal, keys)
    return np.asarray(20 * np.log10(np.abs(out[0]) / np.abs(signal[0])))


def constant(level_db: float, seconds: float = 1) -> Audio:
    return np.full((1, round(seconds * RATE)), 10 ** (level_db / 20), np.float32)


@pytest.mark.parametrize("level_db", [-90.0, -60, -42, -36, -31, -29.9, -20, 0])
@pytest.mark.parametrize(("ratio", "range_db"), [(2, 60), (4, 20), (100, 80)])
def test_it_settles_on_its_static_curve(level_db: float, ratio: int, range_db: int) -> None:
    expected = min(max(0.0, (ratio - 1) * (-30 - level_db)), range_db)
    gains = gated_db(constant(level_db), ratio=ratio, range_db=range_db, **FAST)
    assert gains[-1] == pytest.approx(-expected, abs=1e-3)


def test_open_it_passes_to_the_bit() -> None:
    signal = sine(100, -6, channels=2)
    words = tone(gate={"threshold_db": -30, "attack_ms": "0.02"})
    assert np.array_equal(processed(words, signal)[:, RATE // 2 :], signal[:, RATE // 2 :])


def test_it_opens_by_63_percent_in_its_attack_and_closes_by_63_percent_in_its_release() -> None:
    steps = np.concatenate([constant(-60), constant(-10), constant(-60)], axis=1)
    gains = gated_db(steps, ratio=100, range_db=40, attack_ms=20, release_ms=200, hold_ms=0)
    left = np.exp(-1) * 40
    assert gains[RATE - 1] == pytest.approx(-40, abs=1e-3)
    assert gains[RATE + round(0.020 * RATE) - 1] == pytest.approx(-left, abs=0.01)
    closing = gains[2 * RATE :]
    begins = int(np.argmax(closing < 0))  # the level has fallen through the lower threshold
    # A level with a time constant of 10 ms falls from -10 to -33 dB in 26.5 ms.
    assert begins == pytest.approx(np.log(10 ** (23 / 20)) * 0.010 * RATE, abs=2)
    assert closing[begins + round(0.200 * RATE) - 1] == pytest.approx(-40 + left, abs=0.01)


def test_it_is_held_open_as_long_as_it_was_asked() -> None:
    steps = np.concatenate([constant(-10), constant(-60)], axis=1)
    begins = [int(np.argmax(gated_db(steps, hold_ms=hold)[RATE:] < 0)) for hold in (0, 100)]
    assert begins[1] - begins[0] == round(0.100 * RATE)


def test_between_its_two_thresholds_it_stays_as_it_was() -> None:
    steps = np.concatenate([constant(-34), constant(-20), constant(-34), constant(-60), constant(-34)], axis=1)
    gains = gated_db(steps, ratio=10, range_db=60, **FAST | {"hysteresis_db": 6})
    at_the_end_of = {number: gains[(number + 1) * RATE - 1] for number in range(5)}
    assert at_the_end_of[0] == pytest.approx(-36, abs=1e-3)
    assert at_the_end_of[2] == 0
    assert at_the_end_of[3] == pytest.approx(-60, abs=1e-3)
    assert at_the_end_of[4] == pytest.approx(-36, abs=1e-3)


def test_it_opens_for_the_strip_it_listens_to_and_for_no_sound_of_its_own() -> None:
    own, key = constant(-10, 2), np.concatenate([constant(-90), constant(-10)], axis=1)
    gains = gated_db(own, {"kick": key}, side_chain="kick", range_db=50, ratio=100)
    assert gains[RATE - 1] == pytest.approx(-50, abs=1e-3)
    assert gains[-1] == pytest.approx(0, abs=1e-3)


def test_a_hum_does_not_open_it_where_its_lows_are_not_listened_to() -> None:
    hum = sine(50, -20)
    quiet, loud = (
        processed(tone(gate={"threshold_db": -30, "range_db": 40, "ratio": 50, **words}), hum)[0, RATE // 2 :].std()
        for words in ({"side_chain_high_pass_hz": 500}, {})
    )
    assert 20 * np.log10(quiet / loud) == pytest.approx(-40, abs=0.1)


def test_noise_and_silence_in_turn_are_finite_and_silence_stays_silent() -> None:
    burst = noise(2, RATE)
    burst[:, RATE // 2 :] = 0
    out = processed(tone(gate={"threshold_db": -100, "range_db": 120, "release_ms": 1, "attack_ms": "0.02"}), burst)
    assert np.isfinite(out).all()
    assert not out[:, RATE // 2 :].any()
