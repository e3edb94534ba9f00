"""A record as mastering hears it: all its songs with one gain, under one ceiling."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dsp.audio import STEREO, Audio, Source
from dsp.ceiling import MARGIN_DB, Overshoots, UnderCeiling, overshoots
from dsp.files import Reader
from dsp.loudness import Energies, Meter, integrated
from dsp.maths import amplitude

FAR_TOO_SOFT_LUFS = -200.0
"""Said of a record that lies below the gate."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song with its tone, at the target's rate, before gain and limiter."""

    path: Path
    energies: Energies
    true_peak: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A song with a gain, limited: what it is as loud as, and the deepest gain reduction as a factor."""

    energies: Energies
    lowest_gain: float


class Album:
    """The songs of a record under one ceiling, with any gain.

    Args:
        songs: in any order.
        ceiling_db: dBTP.
    """

    def __init__(self, songs: Sequence[Song], ceiling_db: float) -> None:
        self._songs, self._ceiling_db = songs, ceiling_db
        self._finished: dict[Decimal, list[Heard]] = {}

    def about(self, gain_db: Decimal) -> float:
        """The loudness behind the limiter alone, in LUFS: quickly had, and as a rule the very loudness."""
        return _lufs([self._limited(song, gain_db) for song in self._songs])

    def loudness(self, gain_db: Decimal) -> float:
        """The loudness of the whole record as it will be printed, in LUFS."""
        return _lufs([one.energies for one in self.finished(gain_db)])

    def finished(self, gain_db: Decimal) -> list[Heard]:
        """Each song with its overshoots mended; listened to once for each gain."""
        if gain_db not in self._finished:
            self._finished[gain_db] = [self._mended(song, gain_db) for song in self._songs]
        return self._finished[gain_db]

    def _limited(self, song: Song, gain_db: Decimal) -> Energies:
        """Behind the limiter; a song that it leaves alone needs no second reading."""
        factor = amplitude(float(gain_db))
        if song.true_peak * factor <= amplitude(self._ceiling_db - MARGIN_DB):
            return Energies(song.energies.rate, song.energies.sums * (factor * factor))
        with Reader(Source(song.path)) as reader:
            gauge, under = self._under(reader, ())
            for block in under.of(reader.blocks(), gain_db):
                gauge.add(block)
        return gauge.energies()

    def _mended(self, song: Song, gain_db: Decimal) -> Heard:
        """As a print will sound; what a print may have to mend a second time is too little to be heard."""
        with Reader(Source(song.path)) as reader:
            gauge, under = self._under(reader, ())
            blocks = _metered(under.of(reader.blocks(), gain_db), gauge)
            found = overshoots(blocks, reader.frames, self._ceiling_db)
            if found:
                gauge, under = self._under(reader, (found,))
                for block in under.of(reader.blocks(), gain_db):
                    gauge.add(block)
        return Heard(gauge.energies(), under.lowest_gain)

    def _under(self, reader: Reader, mended: tuple[Overshoots, ...]) -> tuple[Meter, UnderCeiling]:
        meter = Meter(reader.rate, STEREO, true_peak=False)
        return meter, UnderCeiling(reader.rate, STEREO, self._ceiling_db, mended)


def _metered(blocks: Iterable[Audio], gauge: Meter) -> Iterator[Audio]:
    for block in blocks:
        gauge.add(block)
        yield block


def _lufs(songs: Sequence[Energies]) -> float:
    loudness = integrated(songs)
    return FAR_TOO_SOFT_LUFS if loudness is None else loudness
