"""Import of a folder whose recordings are married to the slates of a session by their times.

A recording of a slate becomes takes of the slate's parts, with its pass and session, whatever its files are called; one
without a slate is imported as it is guessed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from domain.core.address import clock, slug
from domain.core.ids import slug_of
from domain.core.refusal import Misused, Refusal
from domain.label.curtain import sees
from domain.session.day_events import Mark
from domain.session.session_day import SessionDay, Slate
from domain.session.slate_matches import (
    ClockEstimate,
    SlateMatches,
    StampedRecording,
    estimate_clock,
    mark_that_counts,
    marks_of_recording,
    match_slates,
)
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.intake.checked_files import CheckedFile
from orchestrator.desk.intake.folder_import import ImportPlan, carry_out
from orchestrator.desk.intake.ingest import refused_files, take_group
from orchestrator.desk.intake.recorder_file_names import guess, spoken
from orchestrator.desk.intake.take_arrival import FileResult, IngestOptions
from orchestrator.desk.intake.take_groups import PlannedTake
from orchestrator.desk.recorder.recorder_times import RecordedTime, recorded_time
from orchestrator.studio import Studio

REJECTED: Final[Mark] = "not-this-one"
"""The mark that is a secret of those who judge."""


@dataclass(frozen=True, slots=True)
class SlatedTake:
    """A take that an import would make of a part on a slate."""

    part: str
    """Id of the part."""
    slate: Slate
    files: tuple[CheckedFile, ...]
    is_of_day: bool
    """True if its stamps say nothing of its place in the song, which is then the beginning."""
    tracks: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class SlatedPlan:
    """The takes that an import makes of a folder and the slates of one session."""

    session: str
    day: SessionDay
    takes: tuple[SlatedTake, ...]
    others: ImportPlan
    """The recordings without a slate."""
    matches: SlateMatches
    marks: Mapping[int, Mark]
    """The mark that counts of each recording, by its place in the plan of the folder."""
    without_slate: tuple[int, ...] = ()
    """Places of the recordings without a slate, as ``others`` holds them."""
    refused: tuple[FileResult, ...] = ()

    def rows(self, studio: Studio) -> list[Row]:
        """One row for each take, and for each slate without a recording of its own."""
        rows: list[tuple[int, Row]] = []
        for take in self.takes:
            facts = take.files[0].facts
            rows.append((
                take.slate.number,
                self._row(studio, take.part, take.slate, take.note)
                | {"tracks": ", ".join(file.name for file in take.files), "length": clock(facts.frames, facts.rate)},
            ))  # fmt: skip
        having = {take.slate.number for take in self.takes}
        for slate in self.day.slates.values():
            if slate.number not in having:
                note = _missing(self.matches, slate.number)
                for part in slate.parts:
                    rows.append((slate.number, self._row(studio, part, slate, note)))  # noqa: PERF401 - rows of two loops
        slated = [row for _, row in sorted(rows, key=lambda one: one[0])]
        alone = [
            row
            | {
                "note": f"no slate; {row['note']}".removesuffix("; "),
                "mark": self._shown(studio, self.marks.get(place)),
            }
            for place, row in zip(self.without_slate, self.others.rows(), strict=True)
        ]
        return slated + alone

    def _shown(self, studio: Studio, mark: str | None) -> str:
        """*mark* as the caller may see it."""
        return mark if mark and (mark != REJECTED or sees(studio.reader, "rejections", self.day.record)) else ""

    def _row(self, studio: Studio, part: str, slate: Slate, note: str) -> Row:
        return {
            "slate": slate.number, "part": part, "pass": slate.pass_number, "mark": self._shown(studio, slate.mark),
            "at": shown(studio, slate.started), "tracks": "", "length": "", "note": note,
        }  # fmt: skip


def _missing(matches: SlateMatches, slate: int) -> str:
    """Why a slate has no take."""
    if slate in matches.within:
        return "no recording of its own: it is within a longer one"
    return "its recording is not taken" if slate in matches.slates.values() else "no recording"


def stamped_takes(plan: ImportPlan, studio: Studio) -> dict[int, RecordedTime]:
    """When each take of *plan* was recorded, by its place there; takes whose files do not say are left out."""
    times = ((place, recorded_time(take.files, studio.config.zone)) for place, take in enumerate(plan.takes))
    return {place: time for place, time in times if time is not None}


def proposed_clock(studio: Studio, day: SessionDay, plan: ImportPlan) -> ClockEstimate | None:
    """How far the recorder's clock seems to be ahead, from the slates of *day* and the files of *plan*."""
    moments = {(time.start, time.length) for time in stamped_takes(plan, studio).values()}
    recordings = [StampedRecording(place, start, length) for place, (start, length) in enumerate(sorted(moments))]
    return estimate_clock([*day.slates.values()], recordings)


def marry(studio: Studio, plan: ImportPlan, day: SessionDay, *, ahead_ms: int) -> SlatedPlan:
    """Marry the takes of *plan* to the slates of *day*; *ahead_ms* is the recorder's clock minus the house's."""
    times = stamped_takes(plan, studio)
    recordings = [StampedRecording(place, time.start, time.length) for place, time in times.items()]
    matches = match_slates([*day.slates.values()], recordings, ahead_ms=ahead_ms)
    house = [one.moved(timedelta(milliseconds=ahead_ms)) for one in recordings]
    marks = {
        place: mark for place, own in marks_of_recording(day, house, matches.slates).items()
        if (mark := mark_that_counts(own))
    }  # fmt: skip
    of_roll: dict[tuple[int, datetime, tuple[int, int]], list[int]] = defaultdict(list)
    for place, number in matches.slates.items():
        facts = plan.takes[place].facts
        of_roll[number, times[place].start, facts].append(place)
    takes: list[SlatedTake] = []
    refused: list[FileResult] = []
    for (number, _, _), places in of_roll.items():
        slate = day.slates[number]
        found, left = parts_of_files(slate.parts, [plan.takes[place] for place in sorted(places)])
        takes += [
            SlatedTake(
                part,
                slate,
                tuple(file for take in own for file in take.files),
                times[places[0]].is_of_day,
                {new: old for take in own for new, old in take.tracks.items()},
                "; ".join(dict.fromkeys(take.note for take in own if take.note)),
            )
            for part, own in found.items()
        ]
        for take in left:
            refused += refused_files(take.files, _unknown_part(slate))
    alone = tuple(place for place in range(len(plan.takes)) if place not in matches.slates)
    others = replace(plan, takes=[plan.takes[place] for place in alone])
    return SlatedPlan(day.session, day, tuple(takes), others, matches, marks, alone, tuple(refused))


def _unknown_part(slate: Slate) -> str:
    names = ", ".join(slug_of(part) for part in slate.parts)
    return f"slate {slate.number} is of {names}, and its name says which of them it is not; --map names its part"


def parts_of_files(
    parts: Sequence[str], takes: Sequence[PlannedTake]
) -> tuple[dict[str, list[PlannedTake]], list[PlannedTake]]:
    """Which of *parts*, that were recorded at once, each of *takes* is of; and the takes of which that is unknown.

    With one part all are its tracks.  With several, names tell; where one name and one part are left, they belong
    together.
    """
    if len(parts) == 1:
        return {parts[0]: [*takes]}, []
    found: dict[str, list[PlannedTake]] = defaultdict(list)
    left: list[PlannedTake] = []
    for take in takes:
        part = _named_part(parts, take)
        found[part].append(take) if part else left.append(take)
    rest = [part for part in parts if part not in found]
    if len({take.part.lower() for take in left}) == len(rest) == 1:
        found[rest[0]], left = left, []
    return dict(found), left


def _named_part(parts: Sequence[str], take: PlannedTake) -> str | None:
    """The part that the names of the files of *take* say: by its guess, or as the first words of a name."""
    names = {slug_of(part): part for part in parts}
    words = [*_slugs(take.part)]
    for file in take.files:
        said = guess(spoken(file.path.stem))
        words += [word for text in (said.part, said.whole, f"{said.part} {said.track}") for word in _slugs(text)]
    for word in words:
        if word in names:
            return names[word]
    beginning = [name for name in names for word in words if word.startswith(f"{name}-")]
    return names[max(beginning, key=len)] if beginning else None


def _slugs(name: str) -> list[str]:
    """The slug of *name*; none where it has no letter or digit."""
    try:
        return [slug(name)]
    except Misused:
        return []


def carry_out_slated(studio: Studio, vault: Vault, plan: SlatedPlan, *, convert: bool = False) -> list[FileResult]:
    """Carry out *plan*; one row for each file.  A take that a rule refuses stops no other."""
    rows: list[FileResult] = []
    for take in plan.takes:
        wish = slated_options(plan.session, take.slate, is_of_day=take.is_of_day, convert=convert, tracks=take.tracks)
        rows += ingest_group(studio, vault, take.part, take.files, wish)
    return [*rows, *carry_out(studio, vault, plan.others, session=plan.session, convert=convert), *plan.refused]


def slated_options(
    session: str, slate: Slate, *, is_of_day: bool, convert: bool, tracks: Mapping[str, str]
) -> IngestOptions:
    """Options of the ingest of a take on *slate*."""
    return IngestOptions(
        at="0:00" if is_of_day else None, pass_number=slate.pass_number, session=session, convert=convert, tracks=tracks
    )


def ingest_group(
    studio: Studio, vault: Vault, part: str, files: Sequence[CheckedFile], wish: IngestOptions
) -> list[FileResult]:
    """Ingest *files* as one take of *part*, and return one row for each, with the reason if a rule refuses them."""
    try:
        return take_group(studio, vault, part, files, wish)
    except Refusal as refusal:
        return refused_files(files, f"{refusal.rule}: {refusal.detail}")
