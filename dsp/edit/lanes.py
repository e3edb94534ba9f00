"""One track of all takes as the source of clips, with gain and ramps but without clip fades.

A mono take beside a stereo one sounds on both sides at :data:`WIDENED`, so that its level in a mix does not depend on
the other take.  If all takes are mono, the result is mono, and the mix pans it at constant power: -3.01 dB on each side
in the centre (:func:`dsp.mix.fader.constant_power`).  If one take is stereo, the result is stereo, and the mix balances
it: 0 dB on each side in the centre.  At full level on both sides the mono take would be 3.01 dB louder than alone; at
-3.01 dB it is as loud as alone, and as a stereo recording of the same panned sound.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio, Unsound
from dsp.edit.clips import Clip
from dsp.edit.fades import ramp_gain
from dsp.edit.tapes import Key, Tapes
from dsp.files.sound import SoundReader

WIDENED: Final = math.sqrt(0.5)
"""Factor of a mono take on each side of a stereo result: constant power in the centre."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """One track in every take that has it."""

    readers: Mapping[Key, SoundReader]
    channels: int
    """Channels of the result."""

    def has(self, clip: Clip) -> bool:
        """True if the clip's take has this track."""
        return _key(clip) in self.readers

    def read(self, clip: Clip, start: int, frames: int) -> Audio | NDArray[np.float64]:
        """The source of *clip* from frame *start* of song time on; silence where nothing was recorded.

        Returns:
            Shape (1 or ``channels``, frames); one channel is the same sound for each of ``channels``.
        """
        block = self._recorded(clip, start - clip.begins, frames)
        widened = self.readers[_key(clip)].channels < self.channels
        if not (widened or clip.gain_db or clip.ramps):
            return block
        gain = np.full(frames, _amplitude(clip) * (WIDENED if widened else 1.0))
        for ramp in clip.ramps:
            gain *= ramp_gain(ramp, start, start + frames)
        shaped: NDArray[np.float64] = block * gain
        return shaped

    def _recorded(self, clip: Clip, first: int, frames: int) -> Audio:
        reader = self.readers[_key(clip)]
        if clip.treated and clip.treated.reverse:
            return reader.read(reader.frames - first - frames, frames)[:, ::-1]
        return reader.read(first, frames)


def _key(clip: Clip) -> Key:
    return clip.take, clip.treated if clip.treated and clip.treated.resounds else None


def _amplitude(clip: Clip) -> float:
    if not clip.gain_db:
        return 1.0
    from dsp.kernels.maths import amplitude  # an edit without a gain needs no numba

    return amplitude(float(clip.gain_db))


@contextmanager
def opened(name: str, tapes: Tapes) -> Iterator[Lanes]:
    """Open track *name*, which at least one of the takes has.

    Raises:
        Unsound: two takes have different channel counts, neither of them 1.
    """
    with ExitStack() as files:
        readers = {key: files.enter_context(SoundReader(source)) for key, source in tapes.track(name).items()}
        channels = max(reader.channels for reader in readers.values())
        for (take, _), reader in readers.items():
            if reader.channels not in {1, channels}:
                told = f"{reader.channels} channels where another take has {channels}"
                raise Unsound(f"take {take}, track {name} has {told}")
        yield Lanes(readers, channels)
