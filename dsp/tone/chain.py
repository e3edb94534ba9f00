"""The tone of a strip, bus or master: the processors that a recipe asks for, in series.

Filters and a compressor without extras are one compiled loop, the usual case; any other tone runs step by step in
double precision.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Compressor, Tone
from dsp.audio import Audio
from dsp.kernels.tone import PIECE_FRAMES, shape_block
from dsp.tone.dynamics import CompressorProcessor, DeEsserProcessor, GateProcessor, law_of
from dsp.tone.filters import Coefficients, bands, butterworth, cascade, tilt
from dsp.tone.multiband import MultibandProcessor
from dsp.tone.multiband import idle as undivided
from dsp.tone.saturation import SaturationProcessor
from dsp.tone.step import Filters, Step
from dsp.tone.stereo import StereoProcessor
from dsp.tone.stereo import idle as as_wide_as_it_is

Samples = NDArray[np.float64]

NO_KEYS: Mapping[str, Audio] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Design:
    """A simple tone as numbers for the kernels.

    Attributes:
        sections: shape (sections, 5), see :data:`dsp.tone.filters.Coefficients`.
        law: law of the compressor, see :func:`dsp.kernels.level.dynamics.compress`; empty for none.
    """

    sections: Samples
    law: Samples

    @property
    def neutral(self) -> bool:
        """True if the sound is unchanged, bit for bit."""
        return not len(self.sections) and not len(self.law)


def simple(tone: Tone) -> bool:
    """True if *tone* has only filters and a compressor without extras, so that a :class:`Design` covers it."""
    compressor = tone.compressor
    plain = not compressor or _idle(compressor) or _without_extras(compressor)
    return plain and not any(_works(tone).values())


def design(tone: Tone, rate: int) -> Design:
    """Compute the filters and the compressor of a :func:`simple` tone for *rate* (Hz).

    A band of 0 dB is left out; so is a compressor with ratio 1 and no make-up.

    Raises:
        Unsound: a filter at or above half the rate.
        ValueError: the tone is not simple.
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
    """For each processor that a :class:`Design` does not cover, by name: True if it changes the sound."""
    gate, deesser, saturation = tone.gate, tone.deesser, tone.saturation
    return {
        "gate": gate is not None and gate.ratio != 1 and bool(gate.range_db),
        "deesser": deesser is not None and deesser.ratio != 1 and bool(deesser.range_db),
        "multiband": tone.multiband is not None and not undivided(tone.multiband),
        "saturation": saturation is not None and bool(saturation.drive_db and saturation.mix),
        "stereo": tone.stereo is not None and not as_wide_as_it_is(tone.stereo),
    }


def steps(tone: Tone, rate: int, channels: int, leaders: int | None = None) -> Iterator[Step]:
    """The processors of *tone* that change the sound, in order; see :mod:`dsp.tone.step`.

    Raises:
        Unsound: a filter at or above half the rate.
    """
    works = _works(tone)
    if tone.gate and works["gate"]:
        yield GateProcessor(tone.gate, rate, leaders)
    if sections := list(_sections(tone, rate)):
        yield Filters(cascade(sections), channels)
    if tone.deesser and works["deesser"]:
        yield DeEsserProcessor(tone.deesser, rate, channels, leaders)
    if tone.compressor and not _idle(tone.compressor):
        yield CompressorProcessor(tone.compressor, rate, channels, leaders)
    if tone.multiband and works["multiband"]:
        yield MultibandProcessor(tone.multiband, rate, channels, leaders)
    if tone.saturation and works["saturation"]:
        yield SaturationProcessor(tone.saturation, rate, channels, leaders)
    if tone.stereo and works["stereo"]:
        yield StereoProcessor(tone.stereo, rate, channels)


class ToneChain:
    """A tone, simple or not, on a stream of blocks; one instance per render.

    The result depends on the block boundaries only at a level of -600 dB, where state is set to zero at the end of each
    block; on the grid (:data:`dsp.audio.BLOCK_FRAMES`) it is equal bit for bit.

    Args:
        tone: tone recipe.
        rate: Hz.
        channels: channels of every block.
        leaders: number of leading channels (:mod:`dsp.tone.step`); None for all.

    Attributes:
        latency_frames: latency of the tone.
        tail_frames: length of the tail beyond the latency, without the ringing of filters.

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
        """The processed *block*, (channels, frames); *block* is not changed, and is returned itself if neutral.

        Args:
            block: float32.
            keys: the same block of its side-chain strips (``Tone.side_chains``), of one or more channels each.

        Raises:
            Unsound: a side-chain strip is not among *keys*.
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
    """Steps in series, in pieces that fit the processor's cache even at eight times their rate."""

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
