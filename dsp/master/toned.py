"""A song before the album gain: its tone, the matching to a reference, and the target's rate."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from domain.recipe import MasterRecipe, Target, Tone
from dsp.audio import STEREO, Audio, Source, Unsound
from dsp.files.resample import resample, resampled_frames
from dsp.files.sound import SoundReader
from dsp.master.reference import Curve, ReferenceSpectrum, difference, equaliser
from dsp.meter.thirds import CENTRES_HZ, Energies, band_energies
from dsp.tone.chain import ToneChain


def shape(reader: SoundReader, target: Target) -> tuple[int, int]:
    """Rate in Hz and length in frames of the finished song."""
    rate = target.rate or reader.rate
    return rate, resampled_frames(reader.frames, reader.rate, rate)


def toned(recipe: MasterRecipe, reader: SoundReader, rate: int, curve: Curve) -> Iterator[Audio]:
    """The song with its tone and the matching *curve*, in stereo, at *rate*; length and timing are unchanged."""
    nearer = ToneChain(Tone(eq=equaliser(curve, reader.rate)), reader.rate, STEREO)
    blocks = (nearer.process(block) for block in _shaped(recipe, reader))
    return resample(blocks, reader.frames, reader.rate, rate)


def _shaped(recipe: MasterRecipe, reader: SoundReader) -> Iterator[Audio]:
    """The song with its tone, in stereo, at its own rate.  Raises: Unsound; it has more than two channels."""
    if reader.channels > STEREO:
        raise Unsound(f"a mix of {reader.channels} channels cannot be mastered: give a stereo one")
    tone = ToneChain(recipe.chain, reader.rate, STEREO)
    return _in_time(tone, (_stereo(block) for block in reader.blocks()))


def _in_time(tone: ToneChain, blocks: Iterable[Audio]) -> Iterator[Audio]:
    early = tone.latency_frames
    for block in blocks:
        out = tone.process(block)
        yield out[:, early:]
        early -= min(early, out.shape[1])
    if tone.latency_frames:
        yield tone.process(np.zeros((STEREO, tone.latency_frames), np.float32))[:, early:]


def _stereo(block: Audio) -> Audio:
    return np.repeat(block, STEREO, axis=0) if len(block) == 1 else block


def towards(reference: ReferenceSpectrum, recipe: MasterRecipe, mixes: Sequence[Source]) -> Curve:
    """The curve that matches the record to *reference*, measured after the tone of the master."""
    own = np.zeros(len(CENTRES_HZ))
    for mix in mixes:
        with SoundReader(mix) as reader:
            own += band_energies(_shaped(recipe, reader), reader.rate)
    return difference(own, _thirds(reference.source), reference.amount)


def _thirds(source: Source) -> Energies:
    with SoundReader(source) as reader:
        return band_energies(reader.blocks(), reader.rate)
