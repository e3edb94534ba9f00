"""A record in mastering: all its songs with one gain, under one ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dsp.audio import STEREO
from dsp.blocks.scratch import Scratch
from dsp.kernels.maths import amplitude
from dsp.limit.ceiling import MARGIN_DB, limited, limiter, mended, mender, overshoots
from dsp.meter.loudness import Energies, LoudnessMeter, integrated

ABOUT_OVERSAMPLING = 8
"""Oversampling for loudness, which hundredths of a dB at single samples do not change; prints are measured exactly."""

FAR_TOO_SOFT_LUFS = -200.0
"""Loudness reported for a record below the gate."""


@dataclass(frozen=True, slots=True)
class AlbumSong:
    """A song with its tone, at the target's rate, before gain and limiter."""

    rate: int
    toned: Scratch
    limited: Scratch
    """Scratch file of the last limiter output."""
    energies: Energies
    true_peak: float


@dataclass(frozen=True, slots=True)
class MeasuredSong:
    """A limited song: its energies, and the lowest gain applied, as a factor."""

    energies: Energies
    lowest_gain: float


class Album:
    """The songs of a record under one ceiling, with any gain.

    Args:
        songs: the songs in any order.
        ceiling_db: dBTP.
    """

    def __init__(self, songs: Sequence[AlbumSong], ceiling_db: float) -> None:
        self._songs, self._ceiling_db = songs, ceiling_db
        self._limited: dict[int, tuple[Decimal, MeasuredSong]] = {}
        """By song index, the gain of the last limiter pass and its result."""
        self._finished: dict[Decimal, list[MeasuredSong]] = {}

    def about(self, gain_db: Decimal) -> float:
        """Loudness in LUFS after the limiter, without the overshoots' attenuation: fast, and usually exact."""
        return _lufs([self._behind_limiter(number, gain_db).energies for number in range(len(self._songs))])

    def loudness(self, gain_db: Decimal) -> float:
        """Loudness of the whole record as printed, in LUFS."""
        return _lufs([one.energies for one in self.finished(gain_db)])

    def finished(self, gain_db: Decimal) -> list[MeasuredSong]:
        """Each song with its overshoots attenuated; computed once for each gain."""
        if gain_db not in self._finished:
            self._finished[gain_db] = [self._mended(number, gain_db) for number in range(len(self._songs))]
        return self._finished[gain_db]

    def _behind_limiter(self, number: int, gain_db: Decimal) -> MeasuredSong:
        """Measure a song after the limiter; a song below the ceiling is scaled without reading it again."""
        song, factor = self._songs[number], amplitude(float(gain_db))
        if song.true_peak * factor <= amplitude(self._ceiling_db - MARGIN_DB):
            return MeasuredSong(Energies(song.rate, song.energies.sums * (factor * factor)), 1.0)
        return self._through_limiter(number, gain_db)

    def _through_limiter(self, number: int, gain_db: Decimal) -> MeasuredSong:
        if self._limited.get(number, (None,))[0] != gain_db:
            song = self._songs[number]
            gauge, stage = self._meter(song), limiter(song.rate, STEREO, self._ceiling_db)
            for block in song.limited.keep(limited(stage, song.toned.blocks(), gain_db)):
                gauge.add(block)
            self._limited[number] = gain_db, MeasuredSong(gauge.energies(), stage.lowest_gain)
        return self._limited[number][1]

    def _mended(self, number: int, gain_db: Decimal) -> MeasuredSong:
        """Measure a song whose overshoots are attenuated once; further passes of its print are inaudible."""
        song, heard = self._songs[number], self._through_limiter(number, gain_db)
        found = overshoots(song.limited.blocks(), song.limited.frames, self._ceiling_db, ABOUT_OVERSAMPLING)
        if not found:
            return heard
        gauge, stage = self._meter(song), mender(song.rate, STEREO, self._ceiling_db, found)
        for block in mended([stage], song.limited.blocks()):
            gauge.add(block)
        return MeasuredSong(gauge.energies(), min(heard.lowest_gain, stage.lowest_gain))

    def _meter(self, song: AlbumSong) -> LoudnessMeter:
        return LoudnessMeter(song.rate, STEREO, true_peak=False)


def _lufs(songs: Sequence[Energies]) -> float:
    loudness = integrated(songs)
    return FAR_TOO_SOFT_LUFS if loudness is None else loudness
