"""The tone of a strip, bus or master at work: which processors a recipe asks for, and their way through them.

Filters and a compressor without extras are one compiled loop, for that is what most strips have; whatever has more goes
from step to step in double precision.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Compressor, Tone
from dsp.audio import Audio
from dsp.kernels.tone import PIECE_FRAMES, shape_block
from dsp.tone.dynamics import CompressorAtWork, DeEsserAtWork, GateAtWork, law_of
from dsp.tone.filters import Coefficients, bands, butterworth, cascade, tilt
from dsp.tone.multiband import MultibandAtWork
from dsp.tone.multiband import idle as undivided
from dsp.tone.saturation import SaturationAtWork
from dsp.tone.step import Filters, Step
from dsp.tone.stereo import StereoAtWork
from dsp.tone.stereo import idle as as_wide_as_it_is

Samples = NDArray[np.float64]

NO_KEYS: Mapping[str, Audio] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Design:
    """A simple tone as numbers for the kernels.

    Attributes:
        sections: shape (sections, 5), see :data:`dsp.tone.filters.Coefficients`.
        law: of the compressor, see :func:`dsp.kernels.dynamics.compress`; empty where there is none.
    """

    sections: Samples
    law: Samples

    @property
    def neutral(self) -> bool:
        """Whether it changes nothing, to the bit."""
        return not len(self.sections) and not len(self.law)


def simple(tone: Tone) -> bool:
    """Whether *tone* has nothing but filters and a compressor without extras: then a :class:`Design` says it all."""
    compressor = tone.compressor
    plain = not compressor or _idle(compressor) or _without_extras(compressor)
    return plain and not any(_works(tone).values())


def design(tone: Tone, rate: int) -> Design:
    """Compute the filters and the compressor of a :func:`simple` tone for *rate* (Hz).

    A band of 0 dB is left out; so is a compressor with ratio 1 and no make-up.

    Raises:
        Unsound: a filter at or above half the rate.
        ValueError: the tone has more than that.
    """
    if not simple(tone):
        raise ValueError("a tone with more than filters and a plain compressor is a ToneChain's")
    compressor = tone.compressor
    law = law_of(compressor, rate) if compressor and not _idle(compressor) else ()
    return Design(cascade(list(_sections(tone, rate))), np.array(law, dtype=np.float64))


def _sections(tone: Tone, rate: int) -> Iterator[Coefficients]:
    if tone.high_pass_hz is not None:
        yield from butterworth("high", float(tone.high_pass_hz), tone.high_pass_slope_db, rate)
    if tone.low_pass_hz is not None:
        yield from butterworth("low", float(tone.low_pass_hz), tone.low_pass_slope_db, rate)
    yield from bands(tone.eq, rate)
    if tone.tilt and tone.tilt.gain_db:
        yield tilt(tone.tilt, rate)


def _idle(compressor: Compressor) -> bool:
    return not compressor.mix or (compressor.ratio == 1 and not compressor.makeup_db)


def _without_extras(compressor: Compressor) -> bool:
    listens = compressor.side_chain or compressor.side_chain_high_pass_hz
    return not listens and not compressor.lookahead_ms and compressor.mix == 1


def _works(tone: Tone) -> dict[str, bool]:
    """Which of the processors that a :class:`Design` has no place for do anything."""
    gate, deesser, saturation = tone.gate, tone.deesser, tone.saturation
    return {
        "gate": gate is not None and gate.ratio != 1 and bool(gate.range_db),
        "deesser": deesser is not None and deesser.ratio != 1 and bool(deesser.range_db),
        "multiband": tone.multiband is not None and not undivided(tone.multiband),
        "saturation": saturation is not None and bool(saturation.drive_db and saturation.mix),
        "stereo": tone.stereo is not None and not as_wide_as_it_is(tone.stereo),
    }


def steps(tone: Tone, rate: int, channels: int, leaders: int | None = None) -> Iterator[Step]:
    """The processors of *tone* that do anything, in the order in which they stand; see :mod:`dsp.tone.step`.

    Raises:
        Unsound: a filter at or above half the rate.
    """
    works = _works(tone)
    if tone.gate and works["gate"]:
        yield GateAtWork(tone.gate, rate, leaders)
    if sections := list(_sections(tone, rate)):
        yield Filters(cascade(sections), channels)
    if tone.deesser and works["deesser"]:
        yield DeEsserAtWork(tone.deesser, rate, channels, leaders)
    if tone.compressor and not _idle(tone.compressor):
        yield CompressorAtWork(tone.compressor, rate, channels, leaders)
    if tone.multiband and works["multiband"]:
        yield MultibandAtWork(tone.multiband, rate, channels, leaders)
    if tone.saturation and works["saturation"]:
        yield SaturationAtWork(tone.saturation, rate, channels, leaders)
    if tone.stereo and works["stereo"]:
        yield StereoAtWork(tone.stereo, rate, channels)


class ToneChain:
    """A whole tone at work on a stream of blocks, simple or not; made fresh for each render.

    The result depends on where the blocks begin in nothing but what lies 600 dB down, which is settled to zero at the
    end of each; give it the grid (:data:`dsp.audio.BLOCK_FRAMES`) and it is the same to the bit.

    Args:
        tone: what to do.
        rate: Hz.
        channels: of every block.
        leaders: how many of these, the first, are listened to (:mod:`dsp.tone.step`); all, if nothing is said.

    Attributes:
        latency_frames: how much later than it went in a sound comes out.
        tail_frames: how long it sounds on behind that when nothing more goes in; the ringing of filters is not counted.

    Raises:
        Unsound: a filter at or above half the rate.
    """

    def __init__(self, tone: Tone, rate: int, channels: int, leaders: int | None = None) -> None:
        self._work: _Simple | _Steps = (
            _Simple(design(tone, rate), channels)
            if simple(tone) and leaders is None
            else _Steps(list(steps(tone, rate, channels, leaders)))
        )
        self.latency_frames = self._work.latency_frames
        self.tail_frames = self._work.tail_frames

    def process(self, block: Audio, keys: Mapping[str, Audio] = NO_KEYS) -> Audio:
        """The next *block*, (channels, frames), shaped; *block* itself is untouched, and is the answer if neutral.

        Args:
            block: float32.
            keys: the same block of the strips it listens to (``Tone.side_chains``), of one or more channels each.

        Raises:
            Unsound: one of those is not among *keys*.
        """
        return self._work.process(block, keys)


class _Simple:
    """Filters and a compressor in one loop."""

    latency_frames = tail_frames = 0

    def __init__(self, numbers: Design, channels: int) -> None:
        self._design = numbers
        self._filters = np.zeros((channels, len(numbers.sections), 2))
        self._detector = np.zeros(2)

    def process(self, block: Audio, _: Mapping[str, Audio]) -> Audio:
        if self._design.neutral:
            return block
        out = np.empty(block.shape, dtype=np.float32)
        shape_block(block, self._design.sections, self._filters, self._design.law, self._detector, out)
        return out


class _Steps:
    """One after the other, in pieces that stay in the processor's cache, even at eight times their rate."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps
        self.latency_frames = sum(step.latency_frames for step in steps)
        self.tail_frames = sum(step.tail_frames for step in steps)

    def process(self, block: Audio, keys: Mapping[str, Audio]) -> Audio:
        out = np.empty(block.shape, np.float32)
        for start in range(0, block.shape[1], PIECE_FRAMES):
            piece = slice(start, start + PIECE_FRAMES)
            work = np.array(block[:, piece], np.float64, order="C")
            for step in self._steps:
                step.process(work, {name: key[:, piece] for name, key in keys.items()})
            out[:, piece] = work
        return out
