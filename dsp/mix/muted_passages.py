"""A track with muted passages."""

from collections.abc import Sequence

import numpy as np

from dsp.audio import Audio
from dsp.files.sound import SoundReader

FADE_S = 0.005
"""Fade at both ends of a passage, within it."""


class MutedPassages:
    """Reads a track like :class:`dsp.files.sound.SoundReader`, with silence in some passages.

    Args:
        track: the open file.
        passages: start and end in frames of the track; may touch and overlap.
    """

    def __init__(self, track: SoundReader, passages: Sequence[tuple[int, int]]) -> None:
        self._track, self._passages = track, passages
        self._fade = round(FADE_S * track.rate)
        self.frames, self.channels, self.rate = track.frames, track.channels, track.rate

    def read(self, start: int, frames: int) -> Audio:
        """*frames* samples from *start* on, shape (channels, frames), with the passages muted."""
        block = self._track.read(start, frames)
        for first, last in self._passages:
            if first < start + frames and start < last:
                at = np.arange(start, start + frames)
                inside = np.minimum(at - first + 1, last - at)
                block *= (1.0 - np.clip(inside / self._fade, 0.0, 1.0)).astype(np.float32)
        return block
