"""Notes about any address.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.core.address import Address, frames_of
from domain.core.event import Event
from domain.label.notes import NoteAdded, Visibility
from domain.label.notes import note as noted
from domain.label.people import Role
from domain.status.undo import DecisionUndone, standing
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

UNCLOCKED_HZ: Final = 48_000
"""Rate in Hz at which notes count frames if their target has no song, or no take has set the song's rate."""


def _frame(studio: Studio, target: Address, at: str) -> int:
    """Frame of a note: in arranged time on a mix, in recorded time on anything else."""
    if len(target.path) == 1:
        return frames_of(at, UNCLOCKED_HZ)
    places = places_read(studio, "/".join(target.path[:2]))
    places = places if places.rate else replace(places, rate=UNCLOCKED_HZ)
    return places.arranged(at) if target.revision and target.revision[0] == "mix" else places.start(at)


def add_note(
    studio: Studio, target: Address, text: str, *, at: str | None = None, visibility: Visibility = "team"
) -> None:
    """Add *text* as a note on *target*, at the song time *at* if one is given."""
    frame = _frame(studio, target, at) if at is not None else None

    def decision(history: History, _: Role) -> tuple[None, Sequence[Event]]:
        known = [old.event for old in standing(history) if isinstance(old.event, NoteAdded)]
        return None, noted(str(target), text=text, by=studio.who.actor, at=frame, visibility=visibility, known=known)

    studio.decide(Query.of(NoteAdded, DecisionUndone, tags=[f"record:{target.path[0]}"]), decision, deed="note")
