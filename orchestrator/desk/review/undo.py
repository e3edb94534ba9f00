"""Notes, and undo of the caller's last judgement.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from domain.core.address import Address, frames_of
from domain.core.event import Event
from domain.core.refusal import Clash, suggest
from domain.label.notes import NoteAdded, Visibility
from domain.label.notes import note as noted
from domain.label.people import Role
from domain.status.event_types import EVENTS
from domain.status.undo import DecisionUndone, nothing_to_undo, standing, undo
from orchestrator.desk.addressing import addresses
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.log.query import Query
from orchestrator.readmodels import judgements
from orchestrator.readmodels.judgements import JUDGEMENTS
from orchestrator.studio import History, Studio

UNCLOCKED_HZ: Final = 48_000
"""Rate in Hz at which notes count frames if their target has no song, or no take has set the song's rate."""


def undo_last(studio: Studio, target: str | None) -> str:
    """Undo the caller's last judgement or note at or under *target*; return its text.

    Raises:
        NotFound: ``undo.nothing``.
        Clash: ``undo.meanwhile``; a newer judgement of the caller appeared between two attempts.
    """
    tags, meant = [], set[UUID]()
    if target is None:
        last = studio.asked(lambda connection: judgements.last_of(connection, studio.who.actor), JUDGEMENTS)
        if last is None:
            raise nothing_to_undo()
        tags = [f"record:{last.record}"]
    else:
        address = addresses.find(studio, target, "record", "song", "part", "take", "mix", "master")
        tags = [f"{ {1: 'record', 2: 'song', 3: 'part'}[len(address.path)] }:{'/'.join(address.path)}"]

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        nonlocal meant
        back = undo(history, by=studio.who.actor)
        taken = {event.decision for event in back}
        meant = meant or taken
        if taken != meant:
            raise Clash(
                "undo.meanwhile",
                f"{studio.who.actor} has decided something newer in the meantime",
                next=suggest("undo"),
            )
        return "; ".join(old.event.describe() for old in history if old.id in taken), back

    return studio.decide(Query.of(*(kind for kind in EVENTS if kind.traits.undoable), tags=tags), decision, deed="note")


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
