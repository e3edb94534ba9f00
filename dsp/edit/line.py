"""A time line of one track: clips cut from a source, and their sum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio
from dsp.edit.clips import Clip

Read: TypeAlias = Callable[[Clip, int, int], Audio | NDArray[np.float64]]
"""Reads the source of a clip: from a frame of the clip's time line on, a number of frames; silence outside."""


@dataclass(frozen=True, slots=True)
class TrackLine:
    """Clips in the order in which they are summed."""

    channels: int
    clips: Sequence[Clip]
    source: Read

    def read(self, start: int, frames: int) -> NDArray[np.float64]:
        """The sum from frame *start* on, shape (channels, frames); silence where no clip sounds."""
        total = np.zeros((self.channels, frames))
        for clip in self.clips:
            first, last = max(start, clip.start), min(start + frames, clip.end)
            if first < last:
                samples, gain = self.source(clip, first, last - first), clip.gain(first, last)
                total[:, first - start : last - start] += samples if gain is None else samples * gain
        return total

    def again(self, clip: Clip, start: int, frames: int) -> NDArray[np.float64]:
        """This line as the source of the clips of another line."""
        return self.read(start - clip.begins, frames)
