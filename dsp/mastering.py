"""Finishing a record: tone and glue for every song, one gain for all of them, a ceiling that holds, and integers.

The order is: tone at the rate of the mix, conversion to the target's rate, gain, limiter, dither.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.recipe import STEREO, MasterRecipe, Target
from dsp.album_gain import search
from dsp.audio import Audio, Printed, Source, Unsound
from dsp.deliverable import PcmWriter
from dsp.dither import quantise
from dsp.files import Reader, Writer
from dsp.limiter import Limiter
from dsp.loudness import Energies, Meter, decibels, integrated, measure
from dsp.maths import amplitude
from dsp.resample import resample, resampled_frames
from dsp.tone import ToneChain
from dsp.truepeak import exact_peak

MARGIN_DB = 0.03
"""The limiter aims this far below the ceiling, for what its own reading between the samples may miss."""
MOST_PASSES = 5
"""The ceiling is aimed at anew at most this often; the second pass holds as a rule."""

Measures = dict[str, str | None]
"""Decimals as text; None where there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class FoundGain:
    """The one gain of a record for a target, and what the record measures with it."""

    gain_db: Decimal
    measures: Measures
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mastered:
    """A finished song: the file, what its decoded samples measure, and what there is to say about it."""

    printed: Printed
    measures: Measures
    notes: tuple[str, ...] = ()


def find_gain(recipe: MasterRecipe, target: str, mixes: Sequence[Source], scratch: Path) -> FoundGain:
    """Find the gain that brings the whole record, limited, to the target's loudness.

    All songs are gated together as one programme (EBU R 128), so that they keep their relations.  A target without a
    loudness, and a record of silence, have a gain of 0.

    Args:
        recipe: the master.
        target: the name of one of its targets.
        mixes: of every song, in the order of the record.
        scratch: a folder for a float copy of each song, removed again.

    Raises:
        Unsound: a mix cannot be read, or the loudness cannot be had under the ceiling.
    """
    wanted = _target(recipe, target)
    songs = [_prepare(recipe, wanted, mix, scratch / f"song-{n}.wav") for n, mix in enumerate(mixes, start=1)]
    try:
        album = _Album(songs, _aim(wanted))
        unlimited = integrated([song.energies for song in songs])
        if wanted.integrated_lufs is None or unlimited is None:
            gain, note = Decimal(0), "left as loud as it was mixed" if unlimited is not None else "silence"
        else:
            gain = search(album.loudness_at, wanted.integrated_lufs, float(wanted.integrated_lufs) - unlimited)
            note = f"{unlimited:.2f} LUFS before"
        return FoundGain(gain, album.measures(gain), (note,))
    finally:
        for song in songs:
            song.path.unlink()


def render_master(recipe: MasterRecipe, target: str, mix: Source, gain_db: Decimal, out: Path) -> Mastered:
    """Finish one song.

    Args:
        recipe: the master.
        target: the name of one of its targets.
        mix: stereo; a mono one sounds on both sides.
        gain_db: as :func:`find_gain` found it for the whole record.
        out: an existing folder; ``TARGET.wav`` is written.

    Returns:
        The file, and what its decoded samples measure: its true peak is below the ceiling, read at sixteen times its
        rate through soxr VHQ.

    Raises:
        Unsound: the mix cannot be read, or the ceiling cannot be held.
    """
    wanted = _target(recipe, target)
    path, ceiling_db, aim_db = out / f"{target}.wav", float(wanted.ceiling_dbtp), _aim(wanted)
    for _ in range(MOST_PASSES):
        printed, lowest_gain = _render(recipe, wanted, mix, gain_db, aim_db=aim_db, path=path)
        reached_db = decibels(exact_peak(Source(path)))
        if reached_db is None or reached_db <= ceiling_db:
            break
        aim_db -= reached_db - ceiling_db + MARGIN_DB / 3
    else:
        raise Unsound(
            f"the ceiling of {ceiling_db} dBTP cannot be held: {reached_db:.3f} dBTP after {MOST_PASSES} passes"
        )
    return Mastered(printed, _measures(path, gain_db, lowest_gain), _notes(lowest_gain))


def _target(recipe: MasterRecipe, name: str) -> Target:
    if name not in recipe.targets:
        raise Unsound(f"the master has no target {name!r}, only {', '.join(sorted(recipe.targets))}")
    return recipe.targets[name]


def _aim(target: Target) -> float:
    return float(target.ceiling_dbtp) - MARGIN_DB


@dataclass(frozen=True, slots=True)
class _Song:
    """A song with its tone, at the target's rate, before gain and limiter."""

    path: Path
    energies: Energies
    true_peak: float


def _prepare(recipe: MasterRecipe, target: Target, mix: Source, path: Path) -> _Song:
    with Reader(mix) as reader:
        rate, frames = _shape(reader, target)
        gauge = Meter(rate, STEREO)
        with Writer(path, rate, STEREO, frames) as writer:
            for block in _toned(recipe, reader, rate):
                writer.write(block)
                gauge.add(block)
    return _Song(path, gauge.energies(), gauge.peak())


def _shape(reader: Reader, target: Target) -> tuple[int, int]:
    """Rate and length of the finished song."""
    if reader.channels > STEREO:
        raise Unsound(f"a mix of {reader.channels} channels cannot be mastered: give a stereo one")
    rate = target.rate or reader.rate
    return rate, resampled_frames(reader.frames, reader.rate, rate)


def _toned(recipe: MasterRecipe, reader: Reader, rate: int) -> Iterator[Audio]:
    """The song with its tone, in stereo, at *rate*."""
    tone = ToneChain(recipe.chain, reader.rate, STEREO)
    blocks = (tone.process(_stereo(block)) for block in reader.blocks())
    return resample(blocks, reader.frames, reader.rate, rate)


def _stereo(block: Audio) -> Audio:
    return np.repeat(block, STEREO, axis=0) if len(block) == 1 else block


def _limited(blocks: Iterable[Audio], gain_db: Decimal, limiter: Limiter) -> Iterator[Audio]:
    """The blocks with their gain, under the limiter's ceiling; no frame more or less."""
    factor = np.float32(amplitude(float(gain_db)))
    for block in blocks:
        yield limiter.process(block * factor)
    yield limiter.flush()


@dataclass(frozen=True, slots=True)
class _Album:
    """The songs of a record under one ceiling, with any gain."""

    songs: Sequence[_Song]
    aim_db: float

    def loudness_at(self, gain_db: Decimal) -> float:
        """Of the whole record, in LUFS."""
        loudness = integrated([self._heard(song, gain_db)[0] for song in self.songs])
        return -200.0 if loudness is None else loudness  # below the gate: anything that says "far too soft"

    def measures(self, gain_db: Decimal) -> Measures:
        """Of the whole record."""
        heard = [self._heard(song, gain_db) for song in self.songs]
        return {
            "integrated_lufs": text(integrated([energies for energies, _ in heard])),
            "gain_db": str(gain_db),
            "max_gain_reduction_db": _reduction(min((lowest for _, lowest in heard), default=1.0)),
        }

    def _heard(self, song: _Song, gain_db: Decimal) -> tuple[Energies, float]:
        """The song's energies and the limiter's lowest gain; a song that is not limited needs no second reading."""
        factor, ceiling = amplitude(float(gain_db)), amplitude(self.aim_db)
        if song.true_peak * factor <= ceiling:
            return Energies(song.energies.rate, song.energies.sums * (factor * factor)), 1.0
        with Reader(Source(song.path)) as reader:
            gauge = Meter(reader.rate, STEREO, true_peak=False)
            limiter = Limiter(reader.rate, STEREO, ceiling)
            for block in _limited(reader.blocks(), gain_db, limiter):
                gauge.add(block)
        return gauge.energies(), limiter.lowest_gain


def _render(
    recipe: MasterRecipe, target: Target, mix: Source, gain_db: Decimal, *, aim_db: float, path: Path
) -> tuple[Printed, float]:
    """Write the file; answers with it and the limiter's lowest gain."""
    with Reader(mix) as reader:
        rate, frames = _shape(reader, target)
        limiter = Limiter(rate, STEREO, amplitude(aim_db))
        integers = _Integers(target)
        with PcmWriter(path, rate, STEREO, target.bits, frames, name=path.stem) as writer:
            for block in _limited(_toned(recipe, reader, rate), gain_db, limiter):
                writer.write(integers.of(block))
    return writer.printed, limiter.lowest_gain


class _Integers:
    """Quantises a stream of blocks; digital silence before the first sound stays silent, and so does a silent song."""

    def __init__(self, target: Target) -> None:
        self._bits = target.bits
        self._seed = target.seed if target.dither == "tpdf" else None
        self._frames, self._begun = 0, False

    def of(self, block: Audio) -> NDArray[np.int32]:
        """The next block's integers."""
        heard = block.any(axis=0)
        first = 0 if self._begun else int(heard.argmax()) if heard.any() else block.shape[1]
        self._begun = self._begun or first < block.shape[1]
        out = np.zeros(block.shape, np.int32)
        out[:, first:] = quantise(block[:, first:], self._bits, start=self._frames + first, seed=self._seed)
        self._frames += block.shape[1]
        return out


def _measures(path: Path, gain_db: Decimal, lowest_gain: float) -> Measures:
    read = measure(Source(path))
    return {
        "integrated_lufs": text(read.integrated_lufs),
        "true_peak_dbtp": text(read.true_peak_dbtp),
        "loudness_range_lu": text(read.loudness_range_lu),
        "sample_peak_dbfs": text(read.sample_peak_dbfs),
        "gain_db": str(gain_db),
        "max_gain_reduction_db": _reduction(lowest_gain),
    }


def _reduction(lowest_gain: float) -> str | None:
    return text(-(decibels(lowest_gain) or 0.0))


def text(value: float | None) -> str | None:
    """*value* with two decimals, and never -0.00."""
    return None if value is None else f"{round(value, 2) + 0.0:.2f}"


HEAVY_DB = 6.0


def _notes(lowest_gain: float) -> tuple[str, ...]:
    reduction = -(decibels(lowest_gain) or 0.0)
    return (f"the limiter takes up to {reduction:.1f} dB away",) if reduction > HEAVY_DB else ()
