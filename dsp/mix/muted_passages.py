"""A track with passages that are not to be heard."""

from collections.abc import Sequence

import numpy as np

from dsp.audio import Audio
from dsp.files.sound import SoundReader

FADE_S = 0.005
"""From sound to silence and back, within the passage."""


class MutedPassages:
    """Reads a track as :class:`dsp.files.sound.Reader` does, with silence in some passages.

    Args:
        track: the open file.
        passages: from and to, in frames of it; may touch and overlap.
    """

    def __init__(self, track: SoundReader, passages: Sequence[tuple[int, int]]) -> None:
        self._track, self._passages = track, passages
        self._fade = round(FADE_S * track.rate)
        self.frames, self.channels, self.rate = track.frames, track.channels, track.rate

    def read(self, start: int, frames: int) -> Audio:
        """As the track has it, but for its passages."""
        block = self._track.read(start, frames)
        for first, last in self._passages:
            if first < start + frames and start < last:
                at = np.arange(start, start + frames)
                inside = np.minimum(at - first + 1, last - at)
                block *= (1.0 - np.clip(inside / self._fade, 0.0, 1.0)).astype(np.float32)
        return block
