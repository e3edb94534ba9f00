"""The second opinion."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Source, Unsound
from dsp.judge import agree, judge
from dsp.loudness import measure

RATE = 44_100


def write(path: Path, level: float, seconds: float) -> Path:
    noise = level * np.random.default_rng(1).standard_normal((round(seconds * RATE), 2))
    soundfile.write(path, noise, RATE, subtype="PCM_24")
    return path


@pytest.mark.parametrize("seconds", [0.4, 0.77, 3.14159])
def test_both_meters_agree_on_any_length(tmp_path: Path, seconds: float) -> None:
    path = write(tmp_path / "a.wav", 0.1, seconds)
    agree(path, measure(Source(path)).integrated_lufs)


def test_silence_and_too_little_have_no_loudness(tmp_path: Path) -> None:
    assert judge(write(tmp_path / "silence.wav", 0, 2)) is None
    assert judge(write(tmp_path / "hiss.wav", 1e-5, 2)) is None
    assert judge(write(tmp_path / "short.wav", 0.1, 0.39)) is None
    agree(tmp_path / "silence.wav", None)


@pytest.mark.parametrize("wrong", [-10.0, None])
def test_a_disagreement_is_an_error_with_both_numbers(tmp_path: Path, wrong: float | None) -> None:
    path = write(tmp_path / "a.wav", 0.1, 2)
    with pytest.raises(Unsound, match=rf"ours reads {wrong} LUFS, pyloudnorm -1\d\.\d+ LUFS"):
        agree(path, wrong)
