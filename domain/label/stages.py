"""Stages of a song's production, from writing to delivered: those that people set.

A stage follows from what happened: a take is evidence of recording, a revision of a mix is evidence of mixing.  People
set a stage only to go back to an earlier one, or for a song that was begun before this store.  No stage forbids any
work.  The stage that follows from evidence is derived in :mod:`domain.completion.song_stages`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from typing_extensions import override

from domain.core.event import Event, SongId, Stage, Traits

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""All stages, in the order of work."""


def is_before(one: Stage, other: Stage) -> bool:
    """True if the stage *one* comes before the stage *other*."""
    return STAGES.index(one) < STAGES.index(other)


class SongStaged(Event):
    """The stage of a song was set: an earlier one, or the one in which it came to this store."""

    kind: Literal["song-staged"] = "song-staged"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    stage: Stage
    opening: bool = False
    """The song was in this stage when it came to this store."""

    @override
    def describe(self) -> str:
        return f"{self.song}: {'came in' if self.opening else 'back to'} {self.stage}"


@dataclass(frozen=True, slots=True)
class StageSetting:
    """The stage of a song as set last, and the evidence recorded since."""

    stage: Stage
    since: AbstractSet[Stage] = frozenset()
    """Stages of which evidence was recorded after the stage was set."""

    def with_evidence(self, stage: Stage) -> "StageSetting":
        """This setting after evidence of *stage* was recorded."""
        return self if stage in self.since else replace(self, since={*self.since, stage})
