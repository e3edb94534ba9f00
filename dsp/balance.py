"""The first balance of a song: what each track measures, and where its fader and pan would stand by its role."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Source
from dsp.files import Reader
from dsp.loudness import Meter, decibels
from dsp.maths import amplitude
from dsp.roles import Role, role_of, side_of

VOCAL_LUFS = -20.0
"""Where the lead vocal lies before the whole is moved to its headroom."""
PEAK_DBFS = -8.0
"""Where the sum is estimated to peak: two decibels below -6, for what room and bands add."""
LOUDEST_BOOST_DB, DEEPEST_CUT_DB = 24.0, -40.0
"""A fader beyond these would bring up noise, or hide that a track was recorded wrong."""
WINDOWS_PER_S, WINDOWS_AT_A_TIME = 10, 64


@dataclass(frozen=True, slots=True)
class DraftTrack:
    """A track to be mixed: its part's and its own name, and the part's instrument as far as anyone said."""

    part: str
    track: str
    instrument: str
    source: Source
    tracks_in_part: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a track, or a part, measures.

    Attributes:
        rate: Hz.
        channels: of the file; 2 of a part.
        lufs: gated loudness; None where there is nothing to hear, or less than 0.4 s.
        peaks: the sample peak of each tenth of a second, as if every track began with the song.
    """

    rate: int
    channels: int
    lufs: float | None
    peaks: NDArray[np.float64]

    @property
    def peak_db(self) -> float | None:
        """dBFS; None for silence."""
        return decibels(float(self.peaks.max(initial=0.0)))


@dataclass(frozen=True, slots=True)
class Drafted:
    """A strip of the draft; a part's own strip over several tracks has ``group``."""

    name: str
    part: str
    role: Role
    heard: Heard
    gain_db: float
    pan: float
    group: bool = False


def listen(source: Source) -> Heard:
    """Measure one track, streamed."""
    with Reader(source) as reader:
        meter = Meter(reader.rate, reader.channels, true_peak=False)
        window = reader.rate // WINDOWS_PER_S
        peaks = [np.zeros(0)]
        for start in range(0, reader.frames, window * WINDOWS_AT_A_TIME):
            block = reader.read(start, min(window * WINDOWS_AT_A_TIME, reader.frames - start))
            meter.add(block)
            loudest = np.abs(block).max(axis=0)
            peaks.append(np.maximum.reduceat(loudest, np.arange(0, len(loudest), window)).astype(np.float64))
        return Heard(reader.rate, reader.channels, meter.result().integrated_lufs, np.concatenate(peaks))


def balanced(tracks: Sequence[DraftTrack], heard: Sequence[Heard]) -> list[Drafted]:
    """A strip for each track at the level of its role; of several alike in one part, each has its share."""
    roles = [_role(track) for track in tracks]
    alike = Counter((track.part, role.name) for track, role in zip(tracks, roles, strict=True))
    turns: Counter[str] = Counter()
    strips = []
    for track, role, one in zip(tracks, roles, heard, strict=True):
        name = f"{track.part}.{track.track}" if track.tracks_in_part > 1 else track.part
        target = VOCAL_LUFS + role.level_lu - 10 * math.log10(alike[track.part, role.name])
        gain_db = 0.0 if one.lufs is None else _fader(target - one.lufs)
        strips.append(Drafted(name, track.part, role, one, gain_db, _pan(track, role, one, turns)))
    return strips


def _role(track: DraftTrack) -> Role:
    """A part's only track may be called anything; of several, each has its own say."""
    part = (track.part, track.instrument)
    return role_of(track.track, *part) if track.tracks_in_part > 1 else role_of(*part, track.track)


def _pan(track: DraftTrack, role: Role, heard: Heard, turns: Counter[str]) -> float:
    if heard.channels > 1 or heard.peak_db is None:
        return 0.0
    if side := side_of(track.track):
        return side * max(role.pan, 0.8)
    turns[role.name] += 1
    return role.pan if turns[role.name] % 2 == 0 else -role.pan


def _fader(gain_db: float) -> float:
    return round(min(max(gain_db, DEEPEST_CUT_DB), LOUDEST_BOOST_DB), 1)


def with_headroom(strips: Sequence[Drafted]) -> list[Drafted]:
    """The strips, moved together until the sum is estimated to peak at :data:`PEAK_DBFS`."""
    peak_db = decibels(_sum_peak(strips))
    rise = 0.0 if peak_db is None else PEAK_DBFS - peak_db
    return [
        strip if strip.heard.peak_db is None else replace(strip, gain_db=_fader(strip.gain_db + rise))
        for strip in strips
    ]


def _sum_peak(strips: Sequence[Drafted]) -> float:
    """About where all strips together peak: within a part the peaks coincide, between parts they seldom do.

    Between parts the geometric mean of the sum of the peaks and of the root of their squares.
    """
    parts = [_part_peaks(list(tracks)) for _, tracks in groupby(strips, key=lambda strip: strip.part)]
    if not parts:
        return 0.0
    together = np.zeros((len(parts), max(len(part) for part in parts)))
    for row, part in zip(together, parts, strict=True):
        row[: len(part)] = part
    at_worst, unrelated = together.sum(axis=0), np.sqrt((together**2).sum(axis=0))
    return math.sqrt(float((at_worst * unrelated).max(initial=0.0)))


def _part_peaks(tracks: Sequence[Drafted]) -> NDArray[np.float64]:
    """The peaks of a part behind its tracks' faders, as they would add up at worst."""
    total = np.zeros(max(len(track.heard.peaks) for track in tracks))
    for track in tracks:
        total[: len(track.heard.peaks)] += track.heard.peaks * amplitude(track.gain_db)
    return total


def with_groups(strips: Sequence[Drafted]) -> Iterator[Drafted]:
    """The strips, and before those of a part with several tracks the part's own."""
    for part, members in groupby(strips, key=lambda strip: strip.part):
        tracks = list(members)
        if tracks[0].name != part:
            heard = Heard(tracks[0].heard.rate, 2, None, _part_peaks(tracks))
            yield Drafted(part, part, role_of(part), heard, gain_db=0.0, pan=0.0, group=True)
        yield from tracks
