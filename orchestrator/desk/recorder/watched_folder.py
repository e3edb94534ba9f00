"""A watched folder: complete recordings become takes of the parts that were running, without one question.

All that is decided is in the log, so that a process that ends at any moment loses nothing: the next one reads the
folder again and finds what is there already by its sound.  The folder is only read.
"""

import filecmp
import re
import stat
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Final

from domain.core.ids import song_of
from domain.core.refusal import Refusal
from domain.session.slate_matches import StampedRecording, match_slates
from dsp.audio import Unsound
from dsp.files.metadata.bext import Stamp, read_stamp
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault
from orchestrator.desk.intake.checked_files import CheckedFile, hear, marks_of
from orchestrator.desk.intake.folder_import import SUFFIXES
from orchestrator.desk.intake.named_files import named
from orchestrator.desk.intake.recorder_file_names import guess, spoken
from orchestrator.desk.intake.split_recordings import joined
from orchestrator.desk.intake.take_arrival import FileResult, IngestOptions
from orchestrator.desk.intake.take_groups import PlannedTake
from orchestrator.desk.recorder.recorder_day import SoundKey, read_recorder_day
from orchestrator.desk.recorder.recorder_times import RecordedTime, recorded_time
from orchestrator.desk.recorder.slated_import import ingest_group, parts_of_files
from orchestrator.desk.recorder.unclaimed import keep_recording
from orchestrator.studio import Studio

SETTLE_S: Final = 3.0
"""Seconds for which a file must not change before it is read."""
PATIENCE_S: Final = 600.0
"""Seconds for which a recording waits for another of its tracks that is half written and does not grow any more."""
WRITTEN_S: Final = 2.0
"""Seconds between the ends of files without stamps that are tracks of one take."""


@dataclass(slots=True)
class SeenFile:
    """A file of the folder as it was last seen."""

    marks: tuple[int, int]
    """Size in bytes and modification time in ns."""
    since: float
    """Time since which the marks are these."""
    heard: CheckedFile | None = None
    """The file, once it was read to its end."""
    reason: str = ""
    """Why it cannot be read, in its present state."""
    is_taken: bool = False


class WatchedFolder:
    """Takes the recordings of one session from a folder as they are completed.

    Args:
        studio: the store.
        vault: its vault.
        folder: the folder, which is only read.
        record: id of the record.
        session: id of the session.
        settle_s: seconds for which a file must not change before it is read.
        now: a clock that only runs forward, in seconds.
    """

    def __init__(
        self,
        studio: Studio,
        vault: Vault,
        folder: Path,
        record: str,
        session: str,
        *,
        settle_s: float = SETTLE_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._studio, self._vault, self._folder = studio, vault, folder
        self._record, self._session = record, session
        self._settle_s, self._now = settle_s, now
        self._seen: dict[Path, SeenFile] = {}

    @property
    def waiting(self) -> dict[Path, str]:
        """The files that are not taken, each with the reason; empty if it is still being written."""
        return {path: seen.reason for path, seen in self._seen.items() if not seen.is_taken}

    def scan(self) -> list[FileResult]:
        """Take the recordings that are complete; return one row for each new file."""
        self._look()
        rows: list[FileResult] = []
        for group in self._complete():
            rows += self._take(group)
        return rows

    def _look(self) -> None:
        """See which files are there, and read those that do not change any more."""
        now = self._now()
        there = dict(self._files())
        self._seen = {path: seen for path, seen in self._seen.items() if path in there}
        for path, marks in there.items():
            seen = self._seen.get(path)
            if seen is None or seen.marks != marks:
                seen = self._seen[path] = SeenFile(marks, now)
            if seen.heard or seen.reason or not marks[0] or now - seen.since < self._settle_s:
                continue
            found = hear(path)
            if isinstance(found, FileResult):
                seen.reason = found.reason
            elif found.marks == marks:
                seen.heard = replace(found, track=named(found).guess.track)

    def _files(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        """Plain files with the suffix of a sound, hidden ones left out, and their marks."""
        for path in sorted(self._folder.rglob("*")):
            is_hidden = any(part.startswith(".") for part in path.relative_to(self._folder).parts)
            if is_hidden or path.suffix.lower() not in SUFFIXES:
                continue
            try:
                is_plain = stat.S_ISREG(path.lstat().st_mode)
            except OSError:
                continue  # it was removed meanwhile
            if is_plain:
                yield path, marks_of(path)

    def _complete(self) -> list[list[CheckedFile]]:
        """The recordings of which a file is new and none is half written, in the order in which they were made."""
        groups = recordings_in([seen.heard for seen in self._seen.values() if seen.heard])
        open_stamps = [*self._open_stamps()]
        zone = self._studio.config.zone
        new = [
            group for group in groups
            if any(not self._seen[piece.path].is_taken for file in group for piece in file.all_pieces)
            and not any(_is_of(group, stamp) for stamp in open_stamps)
        ]  # fmt: skip
        return sorted(new, key=lambda group: (_time_of(group, zone).start, group[0].path))

    def _open_stamps(self) -> Iterator[Stamp]:
        """The stamps of files that are half written, and were written to lately."""
        now = self._now()
        for path, seen in self._seen.items():
            if seen.heard is None and now - seen.since < PATIENCE_S:
                try:
                    with path.open("rb") as file:
                        yield read_stamp(file)
                except (OSError, Unsound, ValueError):
                    continue  # nothing of it is written yet

    def _take(self, group: Sequence[CheckedFile]) -> list[FileResult]:
        """Take one recording; one row for each file that is new in the log."""
        files = without_copies(group)
        day = read_recorder_day(self._studio, self._record, self._session)
        made = _time_of(files, self._studio.config.zone)
        ahead = timedelta(milliseconds=(day.ahead_ms or 0) if made.is_stamped else 0)
        recording = StampedRecording(0, made.start - ahead, made.length)
        known = day.known()
        number = match_slates([*day.day.slates.values()], [recording]).slates.get(0)
        slate = day.day.slates[number] if number is not None else None
        parts = slate.parts if slate else day.running(recording.start)
        planned = [PlannedTake(named(file).guess.part, known=False, files=(file,), pass_number=None) for file in files]
        found, left = parts_of_files(parts, planned) if parts else ({}, planned)
        rows: list[FileResult] = []
        for part, own in found.items():
            tracks = [file for take in own for file in take.files]
            if _key(tracks) in known:
                continue
            passed = slate.pass_number if slate else day.pass_of(song_of(part), files[0].facts.stamp.originated)
            wish = IngestOptions(at="0:00" if made.is_of_day else None, pass_number=passed, session=self._session)
            rows += self._as_take(part, tracks, wish, recording)
        rest = [file for take in left for file in take.files]
        if rest and _key(rest) not in known:
            rows += self._as_recording(rest, recording)
        if all(row.taken for row in rows):
            self._mark_taken(group)
        return rows

    def _as_take(
        self, part: str, files: Sequence[CheckedFile], wish: IngestOptions, recording: StampedRecording
    ) -> list[FileResult]:
        """Take *files* as a take of *part*, or keep them without a part where a rule refuses that."""
        rows = ingest_group(self._studio, self._vault, part, files, wish)
        if all(row.taken for row in rows):
            return [row for row in rows if not row.known]
        return self._as_recording(files, recording, why=rows[0].reason)

    def _as_recording(
        self, files: Sequence[CheckedFile], recording: StampedRecording, why: str = ""
    ) -> list[FileResult]:
        """Keep *files* without a part; *why* they are not a take of the part that was running, if one was."""
        try:
            name = keep_recording(
                self._studio, self._vault, files, record=self._record, session=self._session, at=recording.start
            )
        except (VaultFault, Unsound) as fault:
            return [FileResult(file.path, reason=fault.reason) for file in files]
        except Refusal as refusal:
            return [FileResult(file.path, reason=f"{refusal.rule}: {refusal.detail}") for file in files]
        notes = (why,) if why else ()
        return [FileResult(file.path, taken=True, take=name, notes=notes) for file in files]

    def _mark_taken(self, group: Iterable[CheckedFile]) -> None:
        for file in group:
            for piece in file.all_pieces:
                seen = self._seen[piece.path]
                seen.is_taken = True
                if seen.heard:
                    seen.heard = replace(seen.heard, checks=())  # they hold the peaks of the whole file


def _time_of(files: Sequence[CheckedFile], zone: tzinfo) -> RecordedTime:
    made = recorded_time(files, zone, written=True)
    assert made is not None, "the time at which a file was written is always known"
    return made


def _key(files: Sequence[CheckedFile]) -> SoundKey:
    sounds = [cut.pcm for file in files for cut in file.facts.tracks]
    return tuple(sorted(sounds)), files[0].facts.stamp.originated


def recordings_in(files: Sequence[CheckedFile]) -> list[list[CheckedFile]]:
    """*files* as recordings: those that begin at one sample, or without stamps end together, are tracks of one.

    The pieces of one long recording are joined.
    """
    stamped: dict[object, list[CheckedFile]] = defaultdict(list)
    loose: dict[object, list[CheckedFile]] = defaultdict(list)
    for file in files:
        stamp, facts = file.facts.stamp, file.facts
        shape = (facts.rate, facts.frames)
        if stamp.time_reference is not None:
            stamped[stamp.time_reference, stamp.originated, stamp.scene, stamp.take, *shape].append(file)
        else:
            loose[file.path.parent, guess(spoken(file.path.stem)).number, stamp.originated, *shape].append(file)
    rolls = joined([[named(file) for file in group] for group in stamped.values()])
    found = [[one.file for one in roll] for roll in rolls]
    for group in loose.values():
        last = None
        for file in sorted(group, key=lambda one: one.marks[1]):
            if last is None or file.marks[1] - last > WRITTEN_S * 1e9:
                found.append([])
            found[-1].append(file)
            last = file.marks[1]
    return found


def without_copies(files: Sequence[CheckedFile]) -> list[CheckedFile]:
    """*files* without those that came twice: the bytes are those of another, and its name is in theirs.

    Names count because two inputs that were both silent give equal bytes, too.
    """
    found: list[CheckedFile] = []
    for file in sorted(files, key=lambda one: (len(one.path.name), one.path)):
        if not any(_is_copy(file, other) for other in found):
            found.append(file)
    return sorted(found, key=lambda one: one.path)


def _is_copy(file: CheckedFile, other: CheckedFile) -> bool:
    if file.pieces or other.pieces or file.marks[0] != other.marks[0] or file.facts.pcm != other.facts.pcm:
        return False
    own, known = spoken(file.path.stem), spoken(other.path.stem)
    if not re.search(rf"(?<![^\W_]){re.escape(known)}(?![^\W_])", own):
        return False
    try:
        return filecmp.cmp(file.path, other.path, shallow=False)
    except OSError:
        return False


def _is_of(group: Sequence[CheckedFile], stamp: Stamp) -> bool:
    """True if *stamp* is of a track of the recording *group*, or of the piece that goes on where it ends."""
    facts = group[0].facts
    own = facts.stamp
    if stamp.time_reference is None or own.time_reference is None:
        return False
    begins = (stamp.time_reference, stamp.originated) == (own.time_reference, own.originated)
    return begins or stamp.time_reference == own.time_reference + facts.frames
