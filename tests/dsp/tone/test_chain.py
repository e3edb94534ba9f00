from decimal import Decimal

import numpy as np
import pytest

from domain.recipe import Compressor, Tone, ToneBand
from dsp.audio import Audio, Unsound
from dsp.tone.chain import ToneChain
from tests.dsp.tone.tone_cases import PLACES, RATE, response_db, warped


def test_the_high_pass_is_a_butterworth_of_12_db_an_octave() -> None:
    s = warped(PLACES, 80)
    expected = 20 * np.log10(np.abs(s**2 / (s**2 + np.sqrt(2) * s + 1)))
    assert response_db(Tone(high_pass_hz=Decimal(80)), PLACES) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("gain_db", ["-12", "-0.5", "3", "15"])
@pytest.mark.parametrize("kind", ["bell", "low_shelf", "high_shelf"])
@pytest.mark.parametrize(("centre", "q"), [("100", "0.7071"), ("3000", "4"), ("12000", "1")])
def test_a_band_has_the_response_of_its_analogue_prototype(kind: str, centre: str, q: str, gain_db: str) -> None:
    s, quality, a = warped(PLACES, float(centre)), float(q), 10 ** (float(gain_db) / 40)
    root = np.sqrt(a) / quality
    prototype = {
        "bell": (s**2 + s * a / quality + 1) / (s**2 + s / (a * quality) + 1),
        "low_shelf": a * (s**2 + root * s + a) / (a * s**2 + root * s + 1),
        "high_shelf": a * (a * s**2 + root * s + 1) / (s**2 + root * s + a),
    }[kind]
    tone = Tone(eq=(ToneBand.model_validate({"type": kind, "hz": centre, "gain_db": gain_db, "q": q}),))
    assert response_db(tone, PLACES) == pytest.approx(20 * np.log10(np.abs(prototype)), abs=2e-3)


def test_a_neutral_tone_gives_back_the_very_block() -> None:
    tone = Tone(
        eq=(ToneBand(hz=Decimal(1000), gain_db=Decimal(0)),), compressor=Compressor(threshold_db=Decimal(-20), ratio=1)
    )
    block = np.ones((2, 100), dtype=np.float32)
    assert ToneChain(tone, RATE, 2).process(block) is block


def test_a_filter_above_half_the_rate_is_refused_in_one_sentence() -> None:
    with pytest.raises(Unsound, match="at 24000 Hz cannot be had at 48000 Hz"):
        ToneChain(Tone(high_pass_hz=Decimal(24_000)), RATE, 1)


def compressed(signal: Audio, **settings: str) -> Audio:
    return ToneChain(Tone(compressor=Compressor.model_validate(settings)), RATE, len(signal)).process(signal)


@pytest.mark.parametrize("level_db", [-50.0, -32.0, -30.0, -27.0, -24.0, -20.0, -6.0, 0.0])
def test_the_compressor_settles_on_its_static_curve(level_db: float) -> None:
    threshold, ratio, knee = -27.0, 4.0, 6.0
    over = level_db - threshold
    reduction = (1 - 1 / ratio) * (over if over >= knee / 2 else max(over + knee / 2, 0.0) ** 2 / (2 * knee))
    level = np.full((1, RATE), 10 ** (level_db / 20), dtype=np.float32)
    heard = compressed(level, threshold_db="-27", ratio="4", knee_db="6", makeup_db="1.5")
    assert 20 * np.log10(heard[0, -1]) == pytest.approx(level_db - reduction + 1.5, abs=1e-4)


def test_the_attack_reaches_63_percent_of_a_step_in_its_time() -> None:
    step = np.ones((1, RATE), dtype=np.float32)
    heard = compressed(step, threshold_db="-20", ratio="2", knee_db="0", attack_ms="30")
    assert -20 * np.log10(heard[0, round(0.030 * RATE) - 1]) == pytest.approx(10 * (1 - np.exp(-1)), abs=0.01)


def test_the_compressor_moves_both_channels_by_the_same_gain_to_a_hundredth_of_a_db() -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, (2, RATE)).astype(np.float32)
    noise[1] *= np.float32(0.1)
    heard = compressed(noise, threshold_db="-30", ratio="6", attack_ms="1")
    clear = np.abs(noise).min(axis=0) > 1e-3
    gains_db = 20 * np.log10(np.abs(heard[:, clear] / noise[:, clear]))
    assert gains_db.min() < -6
    assert gains_db[0] == pytest.approx(gains_db[1], abs=0.01)


def test_what_lies_below_the_knee_passes_to_the_bit() -> None:
    quiet = np.random.default_rng(2).uniform(-0.01, 0.01, (2, 10_000)).astype(np.float32)
    assert np.array_equal(compressed(quiet, threshold_db="-30", ratio="8"), quiet)


def test_a_transposed_or_read_only_block_is_heard_like_any_other() -> None:
    tone = Tone(high_pass_hz=Decimal(100), compressor=Compressor(threshold_db=Decimal(-30)))
    interleaved = np.random.default_rng(3).normal(0, 0.2, (5000, 2)).astype(np.float32)
    interleaved.flags.writeable = False
    plain = ToneChain(tone, RATE, 2).process(np.ascontiguousarray(interleaved.T))
    assert np.array_equal(ToneChain(tone, RATE, 2).process(interleaved.T), plain)
