"""Extras of the compressor: side-chain, look-ahead and mix."""

import numpy as np
import pytest

from dsp.audio import BLOCK_FRAMES, Audio, Unsound
from dsp.tone.chain import ToneChain, simple, steps
from tests.dsp.tone.tone_cases import PROCESSORS, RATE, level_db, noise, processed, sine, tone

pytestmark = pytest.mark.slow

PUMP = {"threshold_db": -20, "ratio": 4, "knee_db": 0, "attack_ms": 1, "release_ms": 50}


def constant(level: float, channels: int = 1) -> Audio:
    return np.full((channels, RATE), 10 ** (level / 20), np.float32)


@pytest.mark.parametrize("channels", [1, 2])
def test_it_ducks_by_its_curve_when_another_strip_sounds(channels: int) -> None:
    pad, kick = constant(-30, 2), np.concatenate([constant(-80, channels), constant(-8, channels)], axis=1)
    pad = np.concatenate([pad, pad], axis=1)
    out = processed(tone(compressor={**PUMP, "side_chain": "kick"}), pad, {"kick": kick})
    gains_db = 20 * np.log10(out / pad)
    assert gains_db[:, :RATE] == pytest.approx(0, abs=1e-9)
    assert gains_db[:, -1] == pytest.approx(-9, abs=1e-3)  # 12 dB over, at 4:1


def test_of_two_sides_of_a_key_the_louder_decides() -> None:
    key = np.concatenate([constant(-60), constant(-8)])
    out = processed(tone(compressor={**PUMP, "side_chain": "kick"}), constant(-30), {"kick": key})
    assert 20 * np.log10(out[0, -1]) == pytest.approx(-39, abs=1e-3)


def test_a_strip_that_cannot_be_heard_is_named() -> None:
    words = tone(compressor={**PUMP, "side_chain": "kick"})
    assert words.side_chains == ("kick",)
    with pytest.raises(Unsound, match="listens to the strip kick, which cannot be heard here"):
        ToneChain(words, RATE, 2).process(noise(2, 100))


def test_every_strip_that_is_listened_to_is_named_once() -> None:
    listening = {"threshold_db": -10, "side_chain": "kick"}
    assert tone(gate=listening, compressor=listening).side_chains == ("kick",)
    assert tone(gate=listening, compressor={**listening, "side_chain": "bass"}).side_chains == ("bass", "kick")
    assert tone(**PROCESSORS["gate"]).side_chains == ()


def test_lows_that_are_not_listened_to_do_not_pump() -> None:
    words = tone(compressor={**PUMP, "side_chain_high_pass_hz": 1000})
    assert level_db(processed(words, sine(50, 0))) == pytest.approx(0, abs=0.01)
    assert level_db(processed(words, sine(7919, 0))[:, RATE // 2 :]) == pytest.approx(-15, abs=0.3)


@pytest.mark.parametrize("mix", [0.25, 0.5, 0.8])
def test_beside_the_sound_the_compressed_one_stands_at_its_share(mix: float) -> None:
    signal = noise(2, RATE)
    wet = processed(tone(compressor={**PUMP, "makeup_db": 6}), signal)
    expected = (1 - mix) * signal.astype(np.float64) + mix * wet
    out = processed(tone(compressor={**PUMP, "makeup_db": 6, "mix": str(mix)}), signal)
    assert out == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("lookahead_ms", [1, 5, 20])
def test_looking_ahead_the_same_gain_comes_earlier_by_exactly_as_much(lookahead_ms: int) -> None:
    frames = lookahead_ms * RATE // 1000
    signal = noise(2, RATE)
    signal[:, : RATE // 2] *= np.float32(1e-3)
    plain = processed(tone(compressor=PUMP), signal)
    ahead = processed(tone(compressor={**PUMP, "lookahead_ms": lookahead_ms}), signal)
    gain = plain[0, frames:].astype(np.float64) / signal[0, frames:]
    assert ahead[0, frames:] == pytest.approx(gain * signal[0, : RATE - frames], abs=1e-6)
    assert not ahead[:, :frames].any()


def test_looking_ahead_as_long_as_the_attack_catches_a_hit() -> None:
    hit = np.concatenate([constant(-60), constant(0)], axis=1)
    peaks = {
        lookahead: np.abs(processed(tone(compressor={**PUMP, "attack_ms": 5, "lookahead_ms": lookahead}), hit)).max()
        for lookahead in (0, 20)
    }
    assert 20 * np.log10(peaks[0]) > -1
    assert 20 * np.log10(peaks[20]) < -14.5


def test_without_extras_the_loop_that_is_one_and_the_steps_agree_to_the_bit() -> None:
    signal = noise(2, BLOCK_FRAMES)
    words = tone(high_pass_hz=90, eq=[{"hz": 900, "gain_db": 3}], compressor={**PUMP, "makeup_db": 2})
    assert simple(words)
    work = signal.astype(np.float64)
    for step in steps(words, RATE, 2):
        step.process(work, {})
    assert np.array_equal(work.astype(np.float32), processed(words, signal))
