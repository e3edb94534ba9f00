"""Prints made elsewhere: their peaks and their ends."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.check.prints import look

RATE = 48_000
Signal = NDArray[np.float64]


def written(path: Path, signal: Signal) -> Source:
    soundfile.write(path, np.column_stack([signal, signal]), RATE, subtype="PCM_24")
    return Source(path)


def test_a_print_is_read_through_to_its_ends(tmp_path: Path) -> None:
    signal = np.zeros(3 * RATE)
    signal[RATE : 2 * RATE] = 0.25
    found = look(written(tmp_path / "p.wav", signal))
    assert (found.first, found.last, found.frames, found.clipped) == (RATE, 2 * RATE, 3 * RATE, 0)
    assert found.peak == pytest.approx(0.25)
    assert look(written(tmp_path / "s.wav", np.zeros(RATE))).silent


@pytest.mark.parametrize("start", [500, BLOCK_FRAMES - 2, BLOCK_FRAMES - 1])
def test_a_flat_top_is_counted_once_a_channel_also_across_the_edge_of_a_block(tmp_path: Path, start: int) -> None:
    signal = 0.5 * np.sin(np.arange(2 * RATE) / 20)
    signal[start : start + 4] = 1.0
    found = look(written(tmp_path / "p.wav", signal))
    assert found.clipped == 2
