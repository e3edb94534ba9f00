"""Sound files for tests, made by numpy: notes, silence, and the stamps of recorders."""

import struct
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 48_000
FRAMES = 4 * RATE
"""Frames of :func:`band`."""
Signal = NDArray[np.float64]


def note(
    path: Path,
    hz: float = 220.0,
    *,
    seconds: float = 0.25,
    rate: int = RATE,
    channels: int = 1,
    subtype: str = "PCM_24",
) -> Path:
    """A note of *hz* that swells and fades, in every channel."""
    time = np.arange(round(seconds * rate)) / rate
    wave = 0.25 * np.sin(2 * np.pi * hz * time) * np.sin(np.pi * np.minimum(time / seconds, 1.0))
    return _written(path, np.repeat(wave[:, None], channels, axis=1), rate, subtype)


def band(seed: int) -> Signal:
    """Noise through a soft filter that swells and fades, like an instrument: one channel of ``FRAMES``."""
    drawn = np.random.default_rng(seed).standard_normal(FRAMES)
    return np.asarray(0.3 * np.convolve(drawn, np.ones(12) / 12, "same") * np.hanning(FRAMES))


def written(path: Path, signal: Signal, channels: int = 2) -> Path:
    """A file with *signal* in each of its *channels*."""
    return _written(path, np.repeat(signal[:, None], channels, axis=1), RATE, "PCM_24")


def silence(path: Path, *, seconds: float = 0.25, rate: int = RATE) -> Path:
    """A mono file of zeros."""
    return _written(path, np.zeros((round(seconds * rate), 1)), rate, "PCM_24")


def no_number(path: Path, value: float) -> Path:
    """A note with one sample of *value*, such as NaN."""
    samples = np.full((RATE // 10, 1), 0.1)
    samples[100] = value
    return _written(path, samples, RATE, "FLOAT")


def stamped(
    path: Path, hz: float, *, reference: int, seconds: float = 0.25, when: str = "10:21:09", day: str = "2026-12-07"
) -> Path:
    """A note in a Broadcast Wave (EBU Tech 3285): *reference* in samples since midnight of *day*."""
    note(path, hz, seconds=seconds)
    fields = struct.pack("<256s32s32s10s8sQH", b"", b"recorder", b"", day.encode(), when.encode(), reference, 1)
    chunk = fields.ljust(602, b"\0")
    riff = path.read_bytes() + b"bext" + struct.pack("<I", len(chunk)) + chunk
    path.write_bytes(riff[:4] + struct.pack("<I", len(riff) - 8) + riff[8:])
    return path


def _written(path: Path, samples: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", rate: int, subtype: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, subtype=subtype)
    return path
