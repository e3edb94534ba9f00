"""Days that the stages of production take: house defaults, and what the label sets for all records or for one.

Between the two stand the medians of the label's own history (:mod:`domain.completion.stage_history`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, RecordId, Stage, Traits
from domain.core.fold import fold_events
from domain.core.refusal import Misused
from domain.label.stages import STAGES

Days = Annotated[int, Field(ge=0, le=3650)]
"""Calendar days."""

HOUSE_DAYS: Final[Mapping[Stage, int]] = {
    "writing": 5, "preproduction": 2, "recording": 2, "editing": 1, "mixing": 2, "mastering": 3,
}  # fmt: skip
"""Calendar days of each stage: of one song, and for mastering of the whole record.

House settings without an outside source: a song of a band of five, each stage worked on by one person or one room.
Whatever the label sets for itself counts instead, and so does its own history.
"""
LONGEST_DAYS: Final = 3650
_DAYS: Final = re.compile(r"([a-z]+)=(\d{1,4})", re.ASCII)


class StageDurationsSet(Event):
    """The days that stages take were set, for one record or for all; stages that are not named stay as they were."""

    kind: Literal["stage-durations-set"] = "stage-durations-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId | None = None
    """The only record for which they hold; None for all."""
    days: Annotated[Mapping[Stage, Days], Field(min_length=1)]

    @override
    def describe(self) -> str:
        told = ", ".join(f"{stage} {days} d" for stage, days in self.days.items())
        return f"{self.record or 'all records'}: {told}"


@dataclass(frozen=True, slots=True)
class StageDurations:
    """Days that were set, by record id; those for all records under the empty text."""

    days: Mapping[str, Mapping[Stage, int]] = field(default_factory=dict)

    def of(self, record: str, before: Mapping[Stage, int] | None = None) -> Mapping[Stage, int]:
        """Days of each stage of *record*.

        Its own count, else those set for all records, else those that the stage took *before*, else the defaults.
        """
        return {**HOUSE_DAYS, **(before or {}), **self.days.get("", {}), **self.days.get(record, {})}

    def setter(self, record: str, stage: Stage) -> str | None:
        """Id of *record* if it has its own days of *stage*, ``the label`` if that set them; None if nobody did."""
        if record and stage in self.days.get(record, {}):
            return record
        return "the label" if stage in self.days.get("", {}) else None


def evolve(known: StageDurations, event: StageDurationsSet) -> StageDurations:
    """Fold one event into the state."""
    place = event.record or ""
    return StageDurations({**known.days, place: {**known.days.get(place, {}), **event.days}})


def set_durations(
    known: StageDurations, *, days: Mapping[Stage, int], record: str | None = None
) -> list[StageDurationsSet]:
    """Set the days of stages for *record*, or for all records.  Days that hold already yield no event."""
    own = known.days.get(record or "", {})
    new = {stage: count for stage, count in days.items() if own.get(stage) != count}
    return [StageDurationsSet(record=record, days=new)] if new else []


def read_durations(words: Sequence[str]) -> dict[Stage, int]:
    """Days by stage, from words such as ``recording=2``.

    Raises:
        Misused: ``stage.days``; a word names no stage that takes time, or no number of days up to 3650.
    """
    known = {str(stage): stage for stage in STAGES if stage in HOUSE_DAYS}
    found: dict[Stage, int] = {}
    for word in words:
        match = _DAYS.fullmatch(word)
        if match is None or match[1] not in known or int(match[2]) > LONGEST_DAYS:
            raise Misused("stage.days", f"{word[:60]!r} sets no stage; write recording=2, of {', '.join(known)}")
        found[known[match[1]]] = int(match[2])
    return found


def durations_after(events: Iterable[StageDurationsSet]) -> StageDurations:
    """The durations after *events*."""
    return fold_events(evolve, StageDurations(), events)
