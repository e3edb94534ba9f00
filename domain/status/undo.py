"""Taking back: a decision is undone by a new event, which can itself be undone."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeVar
from uuid import UUID

from domain.core.event import Event, PartId, Recorded, RecordId, SongId
from domain.core.refusal import NotFound
from domain.takes.midi_takes import MidiPlayed

E = TypeVar("E", bound=Event)


class DecisionUndone(Event):
    """An earlier decision no longer counts; it carries that decision's ids, so that whoever reads those reads this."""

    kind: Literal["decision-undone"] = "decision-undone"
    decision: UUID
    record: RecordId
    song: SongId | None = None
    part: PartId | None = None


UNDOABLE: Final = frozenset(
    {
        "take-judged", "take-edited", "comp-set", "comp-submitted", "song-formed", "song-arranged",
        "lyrics-attached", "lyrics-timed", "pass-marked", "basic-set", "verdict-given", "note-added", "midi-played",
        "decision-undone",
    }
)  # fmt: skip
"""Judgements, edits made here or brought, notes, and what is said of a song's form, words and running order.

Money, bookings and takes are corrected by new events of their own; the sound that a MIDI take came with is the take's.
"""


def standing(history: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    """*history* without what was undone, nor the undoings."""
    events = list(history)
    undone: set[UUID] = set()
    for recorded in reversed(events):
        if isinstance(recorded.event, DecisionUndone) and recorded.id not in undone:
            undone.add(recorded.event.decision)
    return [old for old in events if old.id not in undone and not isinstance(old.event, DecisionUndone)]


def undo(history: Sequence[Recorded[Event]], *, by: str) -> list[DecisionUndone]:
    """Take back the last decision of *by* in *history* that still stands, whole: a pass approved at once is one.

    Raises:
        NotFound: ``undo.nothing``.
    """
    undone = _first_played(history)
    for recorded in reversed(history):
        event = recorded.event
        if isinstance(event, DecisionUndone) and recorded.id not in undone:
            undone.add(event.decision)
        elif recorded.actor == by and recorded.id not in undone and event.kind in UNDOABLE - {"decision-undone"}:
            return [_taken_back(one) for one in history if one.id not in undone and _together(one, recorded)]
    raise NotFound("undo.nothing", "nothing of yours is left to undo here")


def _first_played(history: Sequence[Recorded[Event]]) -> set[UUID]:
    """The events by which MIDI takes got the sound that they came with."""
    first: dict[str, UUID] = {}
    for recorded in history:
        if isinstance(recorded.event, MidiPlayed):
            first.setdefault(recorded.event.take, recorded.id)
    return set(first.values())


def _together(one: Recorded[Event], other: Recorded[Event]) -> bool:
    """Whether the two were decided and recorded at once."""
    same = (one.recorded_at, one.correlation, one.actor) == (other.recorded_at, other.correlation, other.actor)
    return same and one.event.kind == other.event.kind


def _taken_back(recorded: Recorded[Event]) -> DecisionUndone:
    event = recorded.event
    take, part = getattr(event, "take", None), getattr(event, "part", None)
    part = part or (take.rpartition("/")[0] if take else None)
    song = getattr(event, "song", None) or (part.rpartition("/")[0] if part else None)
    record = getattr(event, "record", None) or str(song).partition("/")[0]
    return DecisionUndone(decision=recorded.id, record=record, song=song, part=part)
