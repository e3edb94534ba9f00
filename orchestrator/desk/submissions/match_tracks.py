"""Matching submitted files to tracks: by the names given, by file names, or by channels.

Tests: ``tests/orchestrator/desk/submissions/test_outside_mixes.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.refusal import Misused, Refused, suggest
from domain.takes.outside_comps import CompForm
from dsp.audio import STEREO, Source
from dsp.files.sound import FileFacts

REF: Final = "_REF"
"""Suffix of an exported preview's file name."""


@dataclass(frozen=True, slots=True)
class MatchedFile:
    """One submitted file and its facts."""

    path: Path
    facts: FileFacts


@dataclass(frozen=True, slots=True)
class SubmittedTrack:
    """The channels of a file that make one track."""

    name: str
    file: MatchedFile
    pcm: str
    first_channel: int
    channels: int

    @property
    def source(self) -> Source:
        """Audio source of the track."""
        return Source(self.file.path, self.first_channel, self.channels)


def assigned(part: str, form: CompForm, brought: Sequence[tuple[str, MatchedFile]]) -> list[SubmittedTrack]:
    """The submitted tracks, sorted by name.  Raises: Misused, Refused ``comp.submit``."""
    found: dict[str, SubmittedTrack] = {}
    for name, file in brought:
        for track in _tracks_of(part, form, name, file, alone=len(brought) == 1):
            if track.name in found:
                other = found[track.name].file.path.name
                raise Misused("comp.submit", f"two files of the track {track.name}: {other} and {file.path.name}")
            found[track.name] = track
    return [found[name] for name in sorted(found)]


def _tracks_of(part: str, form: CompForm, name: str, file: MatchedFile, *, alone: bool) -> Iterator[SubmittedTrack]:
    facts = file.facts
    if alone and not name and facts.channels > STEREO:
        yield from _poly(form, file)
        return
    name = name or (
        next(iter(form.channels)) if alone and len(form.channels) == 1 else _named_by_file(part, form, file)
    )
    yield SubmittedTrack(name, file, facts.pcm, 0, facts.channels)


def _poly(form: CompForm, file: MatchedFile) -> Iterator[SubmittedTrack]:
    """Yield one track for each channel: by the file's channel names if they are track names, else in a take's order."""
    cuts = file.facts.tracks
    if len(cuts) != len(form.channels):
        raise Refused("comp.submit", f"{file.path.name} has {len(cuts)} channels; the tracks are {listed(form)}")
    told = _channel_names(file)
    names = told if sorted(told) == sorted(form.channels) else form.channels
    for name, cut in zip(names, cuts, strict=True):
        yield SubmittedTrack(name, file, cut.pcm, cut.first_channel, cut.channels)


def _channel_names(file: MatchedFile) -> list[str]:
    """Slugs of the channel names in the file; empty if a channel has no name."""
    told = file.facts.stamp.track_names
    names = [told.get(cut.first_channel, "") for cut in file.facts.tracks]
    return [slug(name) for name in names] if all(any(map(str.isalnum, name)) for name in names) else []


def _named_by_file(part: str, form: CompForm, file: MatchedFile) -> str:
    """The track by the file's name: TRACK.wav, or SONG_PART_TRACK.wav as in an export."""
    stem = file.path.stem.removesuffix(REF)
    name = stem if stem in form.channels else stem.rpartition("_")[2]
    if name not in form.channels:
        hint = suggest("comp submit", part, "TRACK=FILE", by="NAME")
        raise Misused("comp.submit", f"{file.path.name} names no track; the tracks are {listed(form)}", next=hint)
    return name


def listed(form: CompForm) -> str:
    """Names of the tracks, in one line of text."""
    return ", ".join(sorted(form.channels))


def by_channels(tracks: Sequence[SubmittedTrack]) -> str:
    """Remark on the channels of one file and their tracks; empty if each track has its own file."""
    if len(tracks) < 2 or len({track.file.path for track in tracks}) > 1:  # noqa: PLR2004 - one is no choice
        return ""
    names = [track.name for track in sorted(tracks, key=lambda track: track.first_channel)]
    return f"the channels of {tracks[0].file.path.name} are taken as {', '.join(names)}"
