"""What sound is here: arrays, the block grid, where sound lies, and the one family of errors it can cause."""

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
"""The fixed grid of every render, anchored at sample 0: state-keeping effects then see the same blocks each time."""

MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 384_000
MAX_CHANNELS = 64


class Unsound(OperationalError, ValueError):
    """A file or a signal that cannot be worked with; ``reason`` is one sentence for the person who brought it."""

    rule = "audio.unsound"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Source:
    """Which channels of a file are meant; ``channels`` None means all from the first one on."""

    path: Path
    first_channel: int = 0
    channels: int | None = None


Take: TypeAlias = Mapping[str, Source]
"""The tracks of one take by name."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A file that was written: its name among its siblings, where it lies and what it sounds like."""

    name: str
    path: Path
    pcm: str
    """The pcm hash (:mod:`dsp.files.pcm`)."""
    rate: int
    frames: int
    channels: int


def grid(frames: int) -> Iterator[tuple[int, int]]:
    """The blocks of a signal of *frames*: start and length of each; only the last one may be short."""
    for start in range(0, frames, BLOCK_FRAMES):
        yield start, min(BLOCK_FRAMES, frames - start)
