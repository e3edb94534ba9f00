"""Track maps: names of the part's tracks for files that a recorder or a DAW calls otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.refusal import Misused
from orchestrator.desk.intake.recorder_file_names import spoken

MOST_LISTED: Final = 8


@dataclass(frozen=True, slots=True)
class IncomingTrack:
    """A track that a take would have: its file, its name without a map, and the number of tracks in that file."""

    path: Path
    name: str
    in_file: int

    def is_called(self, text: str) -> bool:
        """True if *text* is the track's name, or the path, name or stem of its file if it is the only track there."""
        path = self.path
        files = {str(path), spoken(path.name), spoken(path.stem)} if self.in_file == 1 else set[str]()
        return text in files or text == self.name or _slug(text) == self.name


def parse_track_map(words: Sequence[str]) -> dict[str, str]:
    """Parse words such as ``kick-in=KIK.wav``; return the file or the former name of each track, by its new name.

    Raises:
        Misused: ``take.track``; a word has another form, or a name no letter or digit, or comes twice.
    """
    found: dict[str, str] = {}
    for word in words:
        name, equals, old = (piece.strip() for piece in word.partition("="))
        if not (equals and old and _slug(name)):
            raise Misused("take.track", f"{word!r} is no track and file; write it like kick-in=KIK.wav")
        if slug(name) in found:
            raise Misused("take.track", f"two files for the track {slug(name)}: {found[slug(name)]} and {old}")
        found[slug(name)] = old
    return found


def mapped_names(tracks: Sequence[IncomingTrack], wanted: Mapping[str, str]) -> list[str]:
    """The names of *tracks* with those that *wanted* gives them."""
    return [next((new for new, old in wanted.items() if track.is_called(old)), track.name) for track in tracks]


def refuse_unmatched(tracks: Sequence[IncomingTrack], wanted: Mapping[str, str]) -> None:
    """Check that each entry of *wanted* names one of *tracks*.  Raises: Misused ``take.track``."""
    for new, old in wanted.items():
        if not any(track.is_called(old) for track in tracks):
            names = [f"{track.name} ({spoken(track.path.name)})" for track in tracks[:MOST_LISTED]]
            more = f" and {len(tracks) - MOST_LISTED} more" if len(tracks) > MOST_LISTED else ""
            there = f"the tracks are {', '.join(names)}{more}" if tracks else "there is no track to name"
            raise Misused("take.track", f"{new}={old}: no file or track is called {old}; {there}")


def _slug(text: str) -> str:
    """Slug of *text*; empty if it has no letter or digit."""
    try:
        return slug(text)
    except Misused:
        return ""
