"""Balance of the draft mix: measurements of each track, and fader and pan by its role."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.check.take import HIGHEST_DBFS
from dsp.draft.first_tone import tone_of
from dsp.draft.roles import Role, role_of, side_of
from dsp.files.sound import SoundReader
from dsp.kernels.maths import amplitude
from dsp.meter.loudness import Loudness, LoudnessMeter, decibels
from dsp.tone.chain import ToneChain

VOCAL_LUFS = -20.0
"""Level of the lead vocal before the whole mix is moved."""
MIX_LUFS, SOFTEST_LUFS = -17.0, -18.0
"""Target loudness of the draft, and the lowest that it may have in favour of headroom."""
PEAK_DBFS, HIGHEST_PEAK_DBFS = -6.0, -1.0
"""Target peak of the draft, and the highest that it may have in favour of :data:`SOFTEST_LUFS`."""
LOUDEST_BOOST_DB, DEEPEST_CUT_DB = 24.0, -40.0
"""Range of the fader; beyond it noise would come up, or a recording fault be hidden."""
WINDOWS_PER_S, WINDOWS_AT_A_TIME = 10, 64
TASTE_S = 15
"""Seconds of a track, at its loudest, over which the effect of its tone is measured."""


@dataclass(frozen=True, slots=True)
class DraftTrack:
    """A track to mix: names of its part and its own, and the part's instrument, if known."""

    part: str
    track: str
    instrument: str
    source: Source
    tracks_in_part: int


@dataclass(frozen=True, slots=True)
class MeasuredTrack:
    """Measurements of a track or of a part.

    Attributes:
        rate: Hz.
        channels: channels of the file; 2 for a part.
        lufs: gated loudness; None for silence or less than 0.4 s.
        shaped_lufs: loudness after the tone of its role.
        peaks: sample peak of each tenth of a second; tracks count as beginning with the song.
    """

    rate: int
    channels: int
    lufs: float | None
    shaped_lufs: float | None
    peaks: NDArray[np.float64]

    @property
    def peak_db(self) -> float | None:
        """Highest peak in dBFS; None for silence."""
        return decibels(float(self.peaks.max(initial=0.0)))


@dataclass(frozen=True, slots=True)
class Drafted:
    """A strip of the draft; ``group`` marks the strip of a whole part with several tracks, ``muted`` one not mixed."""

    name: str
    part: str
    role: Role
    heard: MeasuredTrack
    gain_db: float
    pan: float
    group: bool = False
    muted: bool = False


def listen(track: DraftTrack) -> MeasuredTrack:
    """Measure one track, streamed.

    Raises:
        Unsound: the file cannot be read.
    """
    with SoundReader(track.source) as reader:
        meter = LoudnessMeter(reader.rate, reader.channels, true_peak=False)
        window = reader.rate // WINDOWS_PER_S
        peaks = [np.zeros(0)]
        for start in range(0, reader.frames, window * WINDOWS_AT_A_TIME):
            block = reader.read(start, min(window * WINDOWS_AT_A_TIME, reader.frames - start))
            meter.add(block)
            loudest = np.abs(block).max(axis=0)
            peaks.append(np.maximum.reduceat(loudest, np.arange(0, len(loudest), window)).astype(np.float64))
        lufs = meter.result().integrated_lufs
        heard = MeasuredTrack(reader.rate, reader.channels, lufs, lufs, np.concatenate(peaks))
        return replace(heard, shaped_lufs=_shaped(reader, role_of_track(track), heard))


def _shaped(reader: SoundReader, role: Role, heard: MeasuredTrack) -> float | None:
    """Loudness after the tone: the loudness before it plus the tone's effect where the track is loudest."""
    if heard.lufs is None or heard.peak_db is None:
        return heard.lufs
    chain = ToneChain(tone_of(role, peak_db=heard.peak_db, rate=reader.rate), reader.rate, reader.channels)
    before, behind = (LoudnessMeter(reader.rate, reader.channels, true_peak=False) for _ in range(2))
    start = _loudest_stretch(heard.peaks) * (reader.rate // WINDOWS_PER_S)
    for at in range(start, min(start + TASTE_S * reader.rate, reader.frames), BLOCK_FRAMES):
        block = reader.read(at, min(BLOCK_FRAMES, reader.frames - at))
        before.add(block)
        behind.add(chain.process(block))
    dry, wet = before.result().integrated_lufs, behind.result().integrated_lufs
    return heard.lufs if dry is None or wet is None else heard.lufs + wet - dry


def _loudest_stretch(peaks: NDArray[np.float64]) -> int:
    """Index of the window at which the loudest :data:`TASTE_S` seconds begin."""
    energy = np.concatenate([[0.0], np.cumsum(peaks**2)])
    length = min(TASTE_S * WINDOWS_PER_S, len(peaks))
    return int((energy[length:] - energy[: len(energy) - length]).argmax())


def balanced(tracks: Sequence[DraftTrack], heard: Sequence[MeasuredTrack]) -> list[Drafted]:
    """A strip for each track at the level of its role; tracks of equal role in one part share that level."""
    roles = [role_of_track(track) for track in tracks]
    alike = Counter((track.part, role.name) for track, role in zip(tracks, roles, strict=True))
    turns: Counter[str] = Counter()
    strips = []
    for track, role, one in zip(tracks, roles, heard, strict=True):
        name = f"{track.part}.{track.track}" if track.tracks_in_part > 1 else track.part
        if not role.mixed or (one.peak_db or 0.0) > HIGHEST_DBFS:
            strips.append(Drafted(name, track.part, role, one, 0.0, 0.0, muted=True))
            continue
        target = VOCAL_LUFS + role.level_lu - 10 * math.log10(alike[track.part, role.name])
        gain_db = 0.0 if one.shaped_lufs is None else _fader(target - one.shaped_lufs)
        strips.append(Drafted(name, track.part, role, one, gain_db, _pan(track, role, one, turns)))
    return strips


def role_of_track(track: DraftTrack) -> Role:
    """Role of a track; the names of a part with one track count before that of the track."""
    part = (track.part, track.instrument)
    return role_of(track.track, *part) if track.tracks_in_part > 1 else role_of(*part, track.track)


def _pan(track: DraftTrack, role: Role, heard: MeasuredTrack, turns: Counter[str]) -> float:
    if heard.channels > 1 or heard.peak_db is None:
        return 0.0
    if side := side_of(track.track):
        return side * max(role.pan, 0.8)
    turns[role.name] += 1
    return role.pan if turns[role.name] % 2 == 0 else -role.pan


def _fader(gain_db: float) -> float:
    return round(min(max(gain_db, DEEPEST_CUT_DB), LOUDEST_BOOST_DB), 1)


def levelled(strips: Sequence[Drafted]) -> list[Drafted]:
    """The strips moved together until their summed power equals :data:`MIX_LUFS`."""
    power = sum(
        10 ** ((strip.heard.shaped_lufs + strip.gain_db) / 10)
        for strip in strips
        if strip.heard.shaped_lufs is not None and not strip.muted
    )
    rise = MIX_LUFS - 10 * math.log10(power) if power else 0.0
    return [
        strip if strip.muted or strip.heard.peak_db is None else replace(strip, gain_db=_fader(strip.gain_db + rise))
        for strip in strips
    ]


def headroom(mix: Loudness) -> float:
    """Gain in dB that brings a mix measured as *mix* to its target loudness, as far as its peaks allow."""
    if mix.integrated_lufs is None or mix.sample_peak_dbfs is None:
        return 0.0
    softest = min(SOFTEST_LUFS - mix.integrated_lufs, HIGHEST_PEAK_DBFS - mix.sample_peak_dbfs)
    return min(MIX_LUFS - mix.integrated_lufs, max(PEAK_DBFS - mix.sample_peak_dbfs, softest))


def _part_peaks(tracks: Sequence[Drafted]) -> NDArray[np.float64]:
    """Peaks of a part after its tracks' faders, summed for the worst case."""
    total = np.zeros(max(len(track.heard.peaks) for track in tracks))
    for track in (track for track in tracks if not track.muted):
        total[: len(track.heard.peaks)] += track.heard.peaks * amplitude(track.gain_db)
    return total


def with_groups(strips: Sequence[Drafted]) -> Iterator[Drafted]:
    """The strips, each part with several tracks preceded by a strip of its own."""
    for part, members in groupby(strips, key=lambda strip: strip.part):
        tracks = list(members)
        if tracks[0].name != part:
            heard = MeasuredTrack(tracks[0].heard.rate, 2, None, None, _part_peaks(tracks))
            yield Drafted(part, part, role_of(part), heard, gain_db=0.0, pan=0.0, group=True)
        yield from tracks
