"""Leaders: the first channels are detected on, and all channels get the same gain."""

from collections.abc import Mapping

import numpy as np
import pytest

from dsp.tone.chain import ToneChain
from tests.dsp.tone.tone_cases import PROCESSORS, RATE, noise, tone


@pytest.mark.parametrize("words", PROCESSORS.values(), ids=PROCESSORS.keys())
def test_the_followers_are_moved_as_their_leaders_are_and_never_move_them(words: Mapping[str, object]) -> None:
    lead, share = noise(2, 20_000), 0.3 * noise(2, 20_000)[::-1].copy()
    alone = ToneChain(tone(**words), RATE, 2).process(lead)
    chain = ToneChain(tone(**words), RATE, 6, leaders=2)
    out = chain.process(np.concatenate([lead, share, lead - share]))
    assert np.array_equal(out[:2], alone)
    assert np.abs(out[2:4] + out[4:] - alone).max() < 1e-6
    assert not np.array_equal(out[2:4], share)


def test_a_curve_gives_a_follower_its_gain_and_nothing_where_the_leader_is_silent() -> None:
    lead = np.zeros((2, 4000), np.float32)
    share = noise(2, 4000)
    chain = ToneChain(tone(saturation={"drive_db": 24}), RATE, 4, leaders=2)
    out, late = chain.process(np.concatenate([lead, share])), chain.latency_frames
    assert np.array_equal(out[2:, late:], share[:, :-late])
