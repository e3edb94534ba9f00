"""Basic types of audio: arrays, the block grid, sources in files, and the error for unusable input."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.core.refusal import OperationalError

Audio: TypeAlias = NDArray[np.float32]
"""Shape (channels, frames), full scale 1.0."""

STEREO = 2
"""Channels of a mix, a bus and a master."""

BLOCK_FRAMES = 65_536
"""Block size of every render, anchored at sample 0, so that stateful effects always see the same blocks."""

MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 384_000
MAX_CHANNELS = 64


class Unsound(OperationalError, ValueError):
    """A file or a signal that cannot be processed; ``reason`` is one sentence for the person who supplied it."""

    rule = "audio.unsound"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Source:
    """Channels of a file; ``channels`` None means all from the first one on."""

    path: Path
    first_channel: int = 0
    channels: int | None = None


Take: TypeAlias = Mapping[str, Source]
"""Tracks of one take by name."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A written file: the name of its print or track, its path and its pcm hash."""

    name: str
    path: Path
    pcm: str
    """The pcm hash (:mod:`dsp.files.pcm`)."""
    rate: int
    frames: int
    channels: int


def grid(frames: int) -> Iterator[tuple[int, int]]:
    """Start and length of each block of a signal of *frames*; only the last block may be short."""
    for start in range(0, frames, BLOCK_FRAMES):
        yield start, min(BLOCK_FRAMES, frames - start)
