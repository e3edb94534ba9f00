"""Mastering of a record: tone and glue for every song, one gain for all songs, a strict ceiling, and quantisation.

Order of processing: tone at the rate of the mix, equaliser that matches the reference (if any), conversion to the
target's rate, gain, limiter, dither.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from domain.recipe import MasterRecipe, Target
from dsp.audio import STEREO, Audio, Printed, Source, Unsound
from dsp.blocks.scratch import Scratch
from dsp.files.deliverable import PcmWriter
from dsp.files.dither import Shaped, quantise
from dsp.files.sound import SoundReader
from dsp.limit.ceiling import Overshoots, hold, limited, limiter, mended, mender
from dsp.limit.exact import ExactReading
from dsp.master.album import Album, AlbumSong
from dsp.master.album_gain import search
from dsp.master.reference import Curve, ReferenceSpectrum
from dsp.master.toned import shape, toned, towards
from dsp.meter.loudness import Loudness, LoudnessMeter, decibels, integrated, measure

KEPT_LU = 0.05
"""Largest deviation from the target of a song that is a whole record, in LU."""

AS_IT_IS: Curve = MappingProxyType({})

Measures = dict[str, str | None]
"""Decimals as text; None for silence."""


@dataclass(frozen=True, slots=True)
class FoundGain:
    """The gain of a record for a target, and the measures of the record with it."""

    gain_db: Decimal
    measures: Measures
    notes: tuple[str, ...] = ()
    curve: Curve = field(default_factory=dict)
    """Curve that matches the record to its reference, dB by Hz; empty for none."""


@dataclass(frozen=True, slots=True)
class Mastered:
    """A finished song: the file, the measures of its decoded samples, and notes."""

    printed: Printed
    measures: Measures
    notes: tuple[str, ...] = ()


def find_gain(
    recipe: MasterRecipe,
    target: str,
    mixes: Sequence[Source],
    scratch: Path,
    reference: ReferenceSpectrum | None = None,
) -> FoundGain:
    """Find the gain that brings the whole record, limited, to the target's loudness.

    All songs are gated together as one programme (EBU R 128), so that they keep their relative levels.  A target
    without a loudness, and a record of silence, have a gain of 0.

    Args:
        recipe: master recipe.
        target: the name of one of its targets.
        mixes: main print of every song, in the order of the record.
        scratch: folder for a temporary float copy of each song.
        reference: recording whose spectrum the record is matched to; one curve for all songs.

    Raises:
        Unsound: a mix or the reference cannot be read, or the loudness cannot be reached under the ceiling.
    """
    wanted = _target(recipe, target)
    curve = towards(reference, recipe, mixes) if reference else {}
    with ExitStack() as kept:
        songs = [
            _prepare(recipe, wanted, mix, curve, path=scratch / f"song-{n}", kept=kept)
            for n, mix in enumerate(mixes, start=1)
        ]
        album = Album(songs, float(wanted.ceiling_dbtp))
        unlimited = integrated([song.energies for song in songs])
        if wanted.integrated_lufs is None or unlimited is None:
            gain, note = Decimal(0), "left as loud as it was mixed" if unlimited is not None else "silence"
        else:
            nearly = search(album.about, wanted.integrated_lufs, float(wanted.integrated_lufs) - unlimited)
            gain = search(album.loudness, wanted.integrated_lufs, float(nearly))
            note = f"{unlimited:.2f} LUFS before"
        return FoundGain(gain, _of_album(album, gain), (note,), curve)


def render_master(
    recipe: MasterRecipe, target: str, mix: Source, gain_db: Decimal, out: Path, *, alone: bool = False,
    curve: Curve = AS_IT_IS,
) -> Mastered:  # fmt: skip
    """Finish one song for one target.

    Args:
        recipe: master recipe.
        target: the name of one of its targets.
        mix: stereo or mono; mono sounds on both sides.
        gain_db: the gain from :func:`find_gain`.
        out: an existing folder; ``TARGET.wav`` is written.
        alone: True if the song is the whole record, so that it must meet the target's loudness.
        curve: the curve from :func:`find_gain`.

    Returns:
        The file, and the measures of its decoded samples; its true peak, measured at sixteen times its rate through
        soxr VHQ, is below the ceiling.

    Raises:
        Unsound: the mix cannot be read, the ceiling cannot be held, or a song alone is not as loud as its target says.
    """
    wanted = _target(recipe, target)
    path, ceiling_db = out / f"{target}.wav", float(wanted.ceiling_dbtp)

    with SoundReader(mix) as reader:
        rate, frames = shape(reader, wanted)
        stage = limiter(rate, STEREO, ceiling_db)
        with Scratch(out / f"{target}.limited", STEREO) as behind:
            for _ in behind.keep(limited(stage, toned(recipe, reader, rate, curve), gain_db)):
                pass
            reading = ExactReading(ceiling_db)

            def make(found: tuple[Overshoots, ...]) -> tuple[tuple[Printed, float], Overshoots]:
                menders = [mender(rate, STEREO, ceiling_db, one) for one in found]
                integers = _Integers(wanted, rate)
                with PcmWriter(path, rate, STEREO, wanted.bits, frames, name=path.stem) as writer:
                    for block in mended(menders, behind.blocks()):
                        writer.write(integers.of(block))
                with SoundReader(Source(path)) as finished:
                    left = reading.overshoots(finished.read, frames)
                return (writer.printed, min(one.lowest_gain for one in (stage, *menders))), left

            printed, lowest_gain = hold(make, ceiling_db)
    read = measure(Source(path))
    if alone:
        _as_loud_as_asked(read, wanted, gain_db)
    return Mastered(printed, _measures(read, gain_db, lowest_gain), _notes(lowest_gain))


def _as_loud_as_asked(read: Loudness, target: Target, gain_db: Decimal) -> None:
    """Check the loudness.  Raises: Unsound; it differs from the target by more than :data:`KEPT_LU`."""
    if target.integrated_lufs is None or read.integrated_lufs is None:
        return
    if abs(read.integrated_lufs - float(target.integrated_lufs)) > KEPT_LU:
        raise Unsound(
            f"it was to be {target.integrated_lufs} LUFS and is {read.integrated_lufs:.2f} LUFS: "
            f"the gain of {gain_db} dB was found for another mix, or by another release, and must be found anew"
        )


def _target(recipe: MasterRecipe, name: str) -> Target:
    if name not in recipe.targets:
        raise Unsound(f"the master has no target {name!r}, only {', '.join(sorted(recipe.targets))}")
    return recipe.targets[name]


def _prepare(
    recipe: MasterRecipe, target: Target, mix: Source, curve: Curve, *, path: Path, kept: ExitStack
) -> AlbumSong:
    before, behind = (
        kept.enter_context(Scratch(path.with_suffix(f".{what}"), STEREO)) for what in ("toned", "limited")
    )
    with SoundReader(mix) as reader:
        rate, _ = shape(reader, target)
        gauge = LoudnessMeter(rate, STEREO)
        for block in before.keep(toned(recipe, reader, rate, curve)):
            gauge.add(block)
    return AlbumSong(rate, before, behind, gauge.energies(), gauge.peak())


class _Integers:
    """Quantises a stream of blocks; digital silence before the first sound stays silent."""

    def __init__(self, target: Target, rate: int) -> None:
        self._bits = target.bits
        self._seed = None if target.dither == "none" else target.seed
        self._shaped = Shaped(rate, STEREO, target.bits, target.seed) if target.dither == "shaped" else None
        self._frames, self._begun = 0, False

    def of(self, block: Audio) -> NDArray[np.int32]:
        """The next block as integers."""
        first = 0 if self._begun else _first_sound(block)
        self._begun = self._begun or first < block.shape[1]
        out = np.zeros(block.shape, np.int32)
        out[:, first:] = self._rounded(block[:, first:], self._frames + first)
        self._frames += block.shape[1]
        return out

    def _rounded(self, block: Audio, start: int) -> NDArray[np.int32]:
        if self._shaped:
            return self._shaped.quantise(block, start)
        return quantise(block, self._bits, start=start, seed=self._seed)


def _first_sound(block: Audio) -> int:
    """The first frame that is not silent; the length of the block if there is none."""
    heard = block.any(axis=0)
    return int(heard.argmax()) if heard.any() else block.shape[1]


def _of_album(album: Album, gain_db: Decimal) -> Measures:
    finished = album.finished(gain_db)
    return {
        "integrated_lufs": text(integrated([song.energies for song in finished])),
        "gain_db": str(gain_db),
        "max_gain_reduction_db": _reduction(min((song.lowest_gain for song in finished), default=1.0)),
    }


def _measures(read: Loudness, gain_db: Decimal, lowest_gain: float) -> Measures:
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
    """*value* with two decimals, never -0.00."""
    return None if value is None else f"{round(value, 2) + 0.0:.2f}"


HEAVY_DB = 6.0


def _notes(lowest_gain: float) -> tuple[str, ...]:
    reduction = -(decibels(lowest_gain) or 0.0)
    return (f"the limiter takes up to {reduction:.1f} dB away",) if reduction > HEAVY_DB else ()
