"""The pcm hash: one sound, one hash."""

import struct
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.files.pcm import PcmHash
from dsp.files.sound import inspect

VECTOR = np.array([[0.0, -0.0], [0.5, -0.5], [1.0, -1.0], [2.0**-23, -(2.0**-15)]])
"""Four frames of two channels at 48 kHz."""
NARROW = "63a60e5ee4702c11b249f973ab2b7c4e8794e64ab42fda0e370a0f8cdee5fe56"
WIDE = "43845cb904db866ed7673647b39955cd5a406adcfe2e2b7ce0a387e4043c7751"


def test_the_hash_of_four_known_frames_never_changes() -> None:
    narrow, wide = PcmHash(48_000, 2, 4), PcmHash(48_000, 2, 4, wide=True)
    narrow.add(VECTOR.astype(np.float32))
    wide.add(VECTOR)
    assert narrow.hexdigest() == NARROW
    assert wide.hexdigest() == WIDE


def test_the_hash_can_be_computed_from_its_description_alone() -> None:
    samples = struct.pack("<8f", 0, 0, 0.5, -0.5, 1, -1, 2.0**-23, -(2.0**-15))
    described = b"takesheet-pcm-1" + struct.pack(">IIQ", 48_000, 2, 4) + samples
    assert sha256(described).hexdigest() == NARROW


def test_how_a_signal_is_cut_into_blocks_does_not_matter() -> None:
    whole, pieces = PcmHash(48_000, 2, 4), PcmHash(48_000, 2, 4)
    whole.add(VECTOR)
    for frame in VECTOR:
        pieces.add(frame[None])
    assert whole.hexdigest() == pieces.hexdigest()


@pytest.mark.parametrize(("rate", "channels", "frames"), [(44_100, 2, 4), (48_000, 4, 2), (48_000, 1, 8)])
def test_another_rate_or_shape_of_the_same_samples_is_another_sound(rate: int, channels: int, frames: int) -> None:
    other = PcmHash(rate, channels, frames)
    other.add(VECTOR.reshape(frames, channels))
    assert other.hexdigest() != NARROW


@pytest.mark.parametrize(
    ("container", "subtype"),
    [
        ("WAV", "PCM_24"),
        ("RF64", "FLOAT"),
        ("W64", "PCM_24"),
        ("AIFF", "PCM_24"),
        ("FLAC", "PCM_24"),
        ("CAF", "PCM_24"),
    ],
)
def test_the_same_samples_have_one_hash_in_every_format(tmp_path: Path, container: str, subtype: str) -> None:
    samples = np.round(np.random.default_rng(3).uniform(-1, 1, (5000, 2)) * (2**23 - 1)) / 2**23
    file = tmp_path / "sound"
    soundfile.write(file, samples, 48_000, format=container, subtype=subtype)
    direct = PcmHash(48_000, 2, 5000)
    direct.add(samples)
    facts = inspect(file)
    assert (facts.format, facts.subtype, facts.pcm) == (container, subtype, direct.hexdigest())


@pytest.mark.parametrize("subtype", ["PCM_32", "DOUBLE"])
def test_samples_that_float32_cannot_hold_are_hashed_as_float64(tmp_path: Path, subtype: str) -> None:
    samples = np.array([[1.0 - 2.0**-31, 2.0**-31]])
    file = tmp_path / "sound.wav"
    soundfile.write(file, samples, 48_000, subtype=subtype)
    wide = PcmHash(48_000, 2, 1, wide=True)
    wide.add(samples)
    assert inspect(file).pcm == wide.hexdigest()
