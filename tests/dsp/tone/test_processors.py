"""Properties of every processor of a tone."""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from dsp.audio import BLOCK_FRAMES
from dsp.tone.chain import ToneChain
from tests.dsp.tone.tone_cases import PROCESSORS, RATE, noise, processed, tone

pytestmark = pytest.mark.slow

BAND = {"hz": 1000, "gain_db": 0}
NEUTRAL: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "gate of ratio 1": {"gate": {"threshold_db": 0, "ratio": 1}},
    "gate without range": {"gate": {"threshold_db": 0, "range_db": 0}},
    "bands of 0 dB": {"eq": [BAND, {"hz": 9000, "gain_db": 0, "type": "low_shelf"}]},
    "level tilt": {"tilt": {"gain_db": 0}},
    "de-esser without range": {"deesser": {"threshold_db": -80, "range_db": 0}},
    "de-esser of ratio 1": {"deesser": {"threshold_db": -80, "ratio": 1}},
    "compressor of ratio 1": {"compressor": {"threshold_db": -80, "ratio": 1, "lookahead_ms": 5}},
    "compressor beside the sound": {"compressor": {"threshold_db": -80, "mix": 0, "makeup_db": 3}},
    "multiband of idle bands": {"multiband": {"crossovers_hz": [100], "bands": [{}, {}]}},
    "undriven saturation": {"saturation": {"drive_db": 0}},
    "saturation beside the sound": {"saturation": {"drive_db": 24, "mix": 0}},
    "stereo as it was": {"stereo": {"width": 1, "mid_eq": [BAND], "side_eq": [BAND]}},
}
EVERYTHING = {key: value for words in PROCESSORS.values() for key, value in words.items()}


@pytest.mark.parametrize("words", NEUTRAL.values(), ids=NEUTRAL)
def test_at_neutral_settings_the_very_block_comes_back(words: Mapping[str, Any]) -> None:
    chain, block = ToneChain(tone(**words), RATE, 2), noise(2, 1000)
    assert chain.process(block) is block
    assert (chain.latency_frames, chain.tail_frames) == (0, 0)


@pytest.mark.parametrize("words", [*PROCESSORS.values(), EVERYTHING], ids=[*PROCESSORS, "everything"])
@pytest.mark.parametrize("pieces", [1, 777, 8192])
def test_where_the_blocks_begin_makes_no_difference(words: Mapping[str, Any], pieces: int) -> None:
    frames = 3000 if pieces == 1 else 30_000
    signal = noise(2, frames) * np.geomspace(1, 1e-6, frames, dtype=np.float32)
    at_once, in_pieces = processed(tone(**words), signal), processed(tone(**words), signal, pieces=pieces)
    assert np.abs(at_once - in_pieces).max() < 1e-28  # smaller state is set to zero at the end of each block


@pytest.mark.parametrize("words", [*PROCESSORS.values(), EVERYTHING], ids=[*PROCESSORS, "everything"])
def test_the_block_itself_is_untouched_and_may_lie_in_memory_as_it_likes(words: Mapping[str, Any]) -> None:
    interleaved = np.ascontiguousarray(noise(2, 5000).T)
    interleaved.flags.writeable = False
    plain = processed(tone(**words), np.ascontiguousarray(interleaved.T))
    assert np.array_equal(processed(tone(**words), interleaved.T), plain)
    assert plain.dtype == np.float32


@pytest.mark.parametrize("words", [*PROCESSORS.values(), EVERYTHING], ids=[*PROCESSORS, "everything"])
def test_what_dies_away_ends_in_silence_and_silence_is_no_slower_than_sound(words: Mapping[str, Any]) -> None:
    chain = ToneChain(tone(**words), RATE, 2)
    loud = noise(2, BLOCK_FRAMES)
    took = processor_time(chain, loud)
    dying = np.asarray(loud * np.geomspace(1, 1e-38, BLOCK_FRAMES), dtype=np.float32)
    assert np.isfinite(chain.process(dying)).all()
    silence = np.zeros_like(loud)
    heard_at_last = [chain.process(silence) for _ in range(8)][-1]
    assert not heard_at_last.any()
    assert processor_time(chain, silence) < 3 * took + 0.002


def processor_time(chain: ToneChain, block: Any) -> float:
    """Least of five times, in seconds of this thread."""
    took = []
    for _ in range(5):
        began = time.thread_time()
        chain.process(block)
        took.append(time.thread_time() - began)
    return min(took)


LINKED = ["gate", "compressor with extras", "whole de-esser"]


@pytest.mark.parametrize("name", LINKED)
def test_one_gain_moves_both_channels_to_a_hundredth_of_a_db(name: str) -> None:
    loud = noise(1, RATE) * np.geomspace(1, 1e-2, RATE, dtype=np.float32)
    both = np.concatenate([loud, loud * np.float32(0.25)])
    words = tone(**PROCESSORS[name])
    out, late = processed(words, both), ToneChain(words, RATE, 2).latency_frames
    before, after = both[:, : RATE - late], out[:, late:]
    clear = np.abs(before[1]) > 1e-5
    gains_db = 20 * np.log10(np.abs(after[:, clear] / before[:, clear]))
    assert np.ptp(gains_db[0]) > 3
    assert gains_db[0] == pytest.approx(gains_db[1], abs=0.01)


LATE: Mapping[str, tuple[Mapping[str, Any], int]] = {
    "looking 5 ms ahead": ({"compressor": {"threshold_db": -20, "lookahead_ms": 5}}, 240),
    "looking 0.01 ms ahead": ({"compressor": {"threshold_db": -20, "lookahead_ms": "0.01"}}, 0),
    "saturation at four times the rate": ({"saturation": {"drive_db": 6, "oversampling": 4}}, 79),
    "saturation at eight times the rate": ({"saturation": {"drive_db": 6}}, 82),
}


@pytest.mark.parametrize(("words", "frames"), LATE.values(), ids=LATE)
def test_a_quiet_sound_comes_out_as_it_was_and_exactly_as_late_as_declared(
    words: Mapping[str, Any], frames: int
) -> None:
    quiet = noise(2, 10_000, 1e-5)
    assert ToneChain(tone(**words), RATE, 2).latency_frames == frames
    out = processed(tone(**words), quiet)
    assert np.abs(out[:, :frames]).max(initial=0) < 1e-11
    assert out[:, frames:] == pytest.approx(quiet[:, : 10_000 - frames], abs=1e-11)
