"""Reels: the moments of a session's day in one sound file, each with a few seconds around it.

A moment sounds from the recording that was made at its time: by the recorder's stamp, or else by the slate of its pass.
Moments of which nothing was recorded are listed.

Tests: ``tests/orchestrator/cli/commands/session/test_session_reel.py``.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from domain.core.address import clock
from domain.core.ids import song_of
from domain.core.refusal import Misused, Refused, suggest
from domain.render.jobs import Sound
from domain.session.day_events import MomentMarked
from domain.session.recorder_stamps import stamped_wall_time
from domain.takes.takes import TakeIngested
from dsp.audio import Source
from dsp.edit.reel import write_reel
from dsp.files.excerpt import Layer, write_excerpt
from flows.vault.vault import Vault
from orchestrator import new_file
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.recorder.recorder_day import RecorderDay, read_recorder_day
from orchestrator.studio import Studio

BEFORE: Final = timedelta(seconds=8)
"""Time before a moment that sounds: it is marked when it is over."""
AFTER: Final = timedelta(seconds=4)
SHORTEST: Final = timedelta(seconds=1)
"""Least of a recording that must lie around a moment."""
TOGETHER: Final = timedelta(seconds=2)
"""Takes that begin within this time of each other are of one roll."""
MOST_MOMENTS: Final = 60
MOST_LAYERS: Final = 64
"""Tracks of one moment that sound together at most."""


@dataclass(frozen=True, slots=True)
class ReelMoment:
    """A moment in a reel."""

    at: datetime
    text: str
    place: str
    """Place in the reel at which it begins, such as ``0:11``."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A written reel."""

    file: Path
    moments: tuple[ReelMoment, ...]
    without: tuple[MomentMarked, ...]
    """Moments of which nothing was recorded, or beyond the most that a reel holds."""


@dataclass(frozen=True, slots=True)
class _DatedTake:
    """A sound of the day and when it began, by the house's clock."""

    start: datetime
    sounds: tuple[Sound, ...]

    @property
    def end(self) -> datetime:
        """The time at which it ends."""
        return self.start + timedelta(seconds=self.sounds[0].frames / self.sounds[0].rate)


def make_reel(studio: Studio, record: str, session: str, file: Path) -> Reel:
    """Write the moments of *session* into the new file *file*, a WAV.

    Raises:
        Misused: ``session.reel``; *file* is named as no WAV.
        Refused: ``session.moments``, none of its moments was recorded; ``file.exists``.
        NotFound: ``file.folder``.
        Unsound: a recording cannot be read.
        VaultFault: a recording is missing from the vault.
        OSError: the file cannot be written.
    """
    if file.suffix.lower() != ".wav":
        raise Misused(
            "session.reel", f"a reel is a WAV, {file.name} is named as none",
            next=suggest("session wrap", session, reel="reel.wav"),
        )  # fmt: skip
    day = read_recorder_day(studio, record, session)
    dated, vault = [*_dated(studio, day)], Vault(studio.config.vault)
    found = [(moment, takes) for moment in day.day.moments if (takes := _around(moment.at, dated))][:MOST_MOMENTS]
    if not found:
        raise Refused(
            "session.moments", f"none of the {len(day.day.moments)} moments of {session} was recorded",
            next=suggest("take import", "SONG", "FOLDER", session=session),
        )  # fmt: skip
    with new_file.new_file(file) as draft, tempfile.TemporaryDirectory(prefix="takesheet-reel-") as folder:
        clips = [
            _clip(vault, moment.at, takes, Path(folder) / f"{number}.wav")
            for number, (moment, takes) in enumerate(found)
        ]
        reel = write_reel(clips, draft, scratch=Path(folder))
    places = zip(found, reel.places, strict=True)
    told = tuple(ReelMoment(moment.at, moment.text, clock(place, reel.rate)) for (moment, _), place in places)
    kept = {id(moment) for moment, _ in found}
    return Reel(file, told, tuple(moment for moment in day.day.moments if id(moment) not in kept))


def _dated(studio: Studio, day: RecorderDay) -> Iterator[_DatedTake]:
    """The takes of the day and its unclaimed recordings, as far as it is known when they began."""
    ahead = timedelta(milliseconds=day.ahead_ms or 0)
    slates = {(slate.song, slate.pass_number): slate for slate in day.day.slates.values()}
    for take in day.takes:
        if take.session != day.session:
            continue
        slate = slates.get((song_of(take.part), take.pass_number or 0))
        stamped = _stamped(studio, take)
        if stamped is not None:
            yield _DatedTake(stamped - ahead, tuple(track.sound for track in take.tracks))
        elif slate is not None:
            yield _DatedTake(slate.started, tuple(track.sound for track in take.tracks))
    for found in day.recordings.unclaimed:
        if found.session == day.session and found.at is not None:
            yield _DatedTake(found.at, tuple(track.sound for track in found.tracks))


def _stamped(studio: Studio, take: TakeIngested) -> datetime | None:
    """When the recorder says that *take* began, by its own clock; None if it does not say."""
    moment = stamped_wall_time(take.recorded_on)
    return moment.replace(tzinfo=studio.config.zone).astimezone(UTC) if moment else None


def _around(at: datetime, dated: Sequence[_DatedTake]) -> list[_DatedTake]:
    """The takes of the roll that was recorded at *at*, or else of the last one that sounds around it."""
    near = [one for one in dated if min(one.end, at + AFTER) - max(one.start, at - BEFORE) >= SHORTEST]
    covering = [one for one in near if one.start <= at <= one.end]
    last = max(covering or near, key=lambda one: one.start, default=None)
    rate = last.sounds[0].rate if last else 0
    return [
        one for one in near
        if last is not None and abs(one.start - last.start) <= TOGETHER and one.sounds[0].rate == rate
    ]  # fmt: skip


def _clip(vault: Vault, at: datetime, takes: Sequence[_DatedTake], path: Path) -> Source:
    """The sum of what sounds around *at*."""
    begins, rate = min(one.start for one in takes), takes[0].sounds[0].rate

    def frame(moment: datetime) -> int:
        return max(0, round((moment - begins).total_seconds() * rate))

    layers = [
        Layer(source_of(vault, sound), starts_at=frame(one.start)) for one in takes for sound in one.sounds
    ]  # fmt: skip
    write_excerpt(layers[:MOST_LAYERS], path, start=frame(at - BEFORE), end=frame(at + AFTER))
    return Source(path)
