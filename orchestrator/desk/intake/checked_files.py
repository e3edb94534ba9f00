"""Sound files that are to be taken, read to their ends.

Tests: ``tests/orchestrator/desk/intake/test_ingest.py``.
"""

from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path

from domain.core.address import clock
from dsp.audio import Audio, Unsound
from dsp.check.take import TrackCheck
from dsp.files.lossy.lossy_files import inspect_lossy
from dsp.files.open_sound_file import NotLossy
from dsp.files.sound import FileFacts, Listener, inspect, track_channels
from orchestrator.desk.intake.recorder_file_names import spoken
from orchestrator.desk.intake.take_arrival import FileResult


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A sound file that was decoded to its end."""

    path: Path
    facts: FileFacts
    marks: tuple[int, int]
    """Size in bytes and modification time in ns, taken before the file was read."""
    checks: tuple[TrackCheck, ...] = ()
    """Of each of its tracks; none where it was only looked at."""
    track: str = ""
    """Name of its track, if a plan has given it one."""
    codec: str | None = None
    """Name of its codec if it is lossy."""
    pieces: "tuple[CheckedFile, ...]" = ()
    """The files of which this one is to be joined, itself the first; none if it is whole."""

    @property
    def all_pieces(self) -> "tuple[CheckedFile, ...]":
        """The files that it consists of: itself, if it is whole."""
        return self.pieces or (self,)

    @property
    def name(self) -> str:
        """Name of the file, or names of the files, that it came from."""
        return " + ".join(spoken(piece.path.name) for piece in self.all_pieces)

    @property
    def join_remark(self) -> str:
        """The places at which its pieces meet, for people; empty if it is whole."""
        ends = accumulate(piece.facts.frames for piece in self.pieces[:-1])
        first = self.facts.stamp.time_reference or 0
        places = ", ".join(time_of_day(first + end, self.facts.rate) for end in ends)
        return f"{len(self.pieces)} files joined: stamps meet at {places}" if self.pieces else ""


def time_of_day(reference: int, rate: int) -> str:
    """A time stamp as a person reads it: hours where it is a time of day."""
    hours, rest = divmod(reference, 3600 * rate)
    minutes, _, seconds = clock(rest, rate).partition(":")
    return f"{hours}:{minutes:0>2}:{seconds}" if hours else f"{minutes}:{seconds}"


def hear(path: Path, *, check: bool = True, lossy: bool = False) -> CheckedFile | FileResult:
    """Read a file to its end; return its properties or its refusal.  With *check*, the take check runs on the way.

    With *lossy* a lossy file is decoded; its tracks are checked when it is taken.
    """
    marks = marks_of(path)
    checks: list[TrackCheck] = []
    try:
        facts = inspect(path, partial(listen, checks) if check else None)
        return CheckedFile(path, facts, marks, tuple(checks))
    except Unsound as error:
        return (_decoded(path, marks) if lossy else None) or FileResult(path, reason=error.reason)
    except OSError as error:
        return FileResult(path, reason=f"it cannot be read ({error.strerror})")


def _decoded(path: Path, marks: tuple[int, int]) -> CheckedFile | FileResult | None:
    """A lossy file as its decoder gives it, or why it does not; None if it is not lossy."""
    try:
        facts, codec = inspect_lossy(path)
    except (NotLossy, OSError):
        return None
    except Unsound as error:
        return FileResult(path, reason=error.reason)
    return CheckedFile(path, facts, marks, codec=codec)


def listen(checks: list[TrackCheck], rate: int, channels: int, frames: int) -> Listener:
    """Check each track of a file while it is read; the checks are appended to *checks*."""
    cuts = track_channels(channels)
    checks += [TrackCheck(rate, count, frames, peaks=True) for _, count in cuts]

    def listener(block: Audio) -> None:
        for (first, count), checked in zip(cuts, checks, strict=True):
            checked.add(block[first : first + count])

    return listener


def marks_of(path: Path) -> tuple[int, int]:
    """Size in bytes and modification time in ns of a file; zeros if it cannot be asked for them."""
    try:
        there = path.stat()
    except OSError:
        return (0, 0)  # reading the file gives the reason
    return there.st_size, there.st_mtime_ns
