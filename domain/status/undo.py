"""Undo: a new event takes a decision back, and can itself be undone.

Judgements, edits made here or outside, notes, and a song's form, lyrics and running order can be undone.  Payments,
bookings and takes are corrected by new events of their own; a MIDI take's first sound belongs to the take.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar
from uuid import UUID

from typing_extensions import override

from domain.core.event import Event, PartId, Recorded, RecordId, SongId, Traits
from domain.core.ids import lies_under, part_of, record_of, song_of
from domain.core.refusal import NotFound
from domain.correspondence.signoffs import SignoffGiven
from domain.status.verdicts import VerdictGiven
from domain.takes.midi_takes import MidiPlayed

E = TypeVar("E", bound=Event)


class DecisionUndone(Event):
    """An earlier decision was undone; the event has the ids of that decision, so that the same queries find both."""

    kind: Literal["decision-undone"] = "decision-undone"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=True, by_driver=False)
    address_fields = ("part", "song", "record")
    decision: UUID
    record: RecordId
    song: SongId | None = None
    part: PartId | None = None

    @override
    def describe(self) -> str:
        return "takes back an earlier decision"


def effective_events(history: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    """*history* without undone events and without the undo events themselves."""
    events = list(history)
    undone: set[UUID] = set()
    for recorded in reversed(events):
        if isinstance(recorded.event, DecisionUndone) and recorded.id not in undone:
            undone.add(recorded.event.decision)
    return [old for old in events if old.id not in undone and not isinstance(old.event, DecisionUndone)]


def undo(history: Sequence[Recorded[Event]], *, by: str, below: str = "") -> list[DecisionUndone]:
    """Undo the last decision of *by* at or under the address *below* that is not undone.

    Equal decisions of one command, such as a verdict on several takes, count as one.

    Raises:
        NotFound: ``undo.nothing``.
    """
    return [_taken_back(one) for one in last_decisions(history, by=by, below=below)]


def last_decisions(history: Sequence[Recorded[Event]], *, by: str, below: str = "") -> list[Recorded[Event]]:
    """The decisions that :func:`undo` takes back, in order.  Raises: NotFound ``undo.nothing``."""
    undone = _first_played(history)
    for recorded in reversed(history):
        event = recorded.event
        if isinstance(event, DecisionUndone):
            if recorded.id not in undone:
                undone.add(event.decision)
        elif recorded.actor == by and recorded.id not in undone and _is_decision(event, below):
            return [
                one for one in history
                if one.id not in undone and _together(one, recorded) and lies_under(one.event.address, below)
            ]  # fmt: skip
    raise nothing_to_undo()


def redo(history: Sequence[Recorded[Event]], *, by: str, below: str = "") -> list[DecisionUndone]:
    """Undo the last undo of *by* at or under *below*, so that the decisions it took back are in force again.

    Raises:
        NotFound: ``redo.nothing``; nothing was undone, or the person decided something after the undo.
    """
    return [_taken_back(one) for one in last_undos(history, by=by, below=below)]


def last_undos(history: Sequence[Recorded[Event]], *, by: str, below: str = "") -> list[Recorded[Event]]:
    """The undo events that :func:`redo` takes back, in order.  Raises: NotFound ``redo.nothing``."""
    decisions = {one.id: one for one in history if not isinstance(one.event, DecisionUndone)}
    undone = set[UUID]()

    def is_under(recorded: Recorded[Event]) -> bool:
        taken = decisions.get(recorded.event.decision) if isinstance(recorded.event, DecisionUndone) else None
        return taken is not None and lies_under(taken.event.address, below)

    for recorded in reversed(history):
        event = recorded.event
        if isinstance(event, DecisionUndone):
            if recorded.id in undone:
                continue
            undone.add(event.decision)
            if recorded.actor == by and is_under(recorded):
                return [one for one in history if one.id not in undone and _together(one, recorded) and is_under(one)]
        elif recorded.actor == by and recorded.id not in undone and _is_decision(event, below):
            raise NotFound("redo.nothing", f"nothing to bring back here: decided since is {event.describe()}")
    raise nothing_to_redo()


def nothing_to_undo() -> NotFound:
    """The refusal for a person who has decided nothing that can be taken back."""
    return NotFound("undo.nothing", "nothing of yours is left to undo here")


def nothing_to_redo() -> NotFound:
    """The refusal for a person who has undone nothing that can be brought back."""
    return NotFound("redo.nothing", "nothing that you took back is left to bring back here")


def is_signature(event: Event) -> bool:
    """True if *event* is a verdict on a mix or master, or a yes in a sign-off: each signs the hash of an output."""
    return isinstance(event, VerdictGiven | SignoffGiven)


def _is_decision(event: Event, below: str) -> bool:
    return event.traits.undoable and lies_under(event.address, below)


def _first_played(history: Sequence[Recorded[Event]]) -> set[UUID]:
    """The ids of the first :class:`MidiPlayed` of each take."""
    first: dict[str, UUID] = {}
    for recorded in history:
        if isinstance(recorded.event, MidiPlayed):
            first.setdefault(recorded.event.take, recorded.id)
    return set(first.values())


def _together(one: Recorded[Event], other: Recorded[Event]) -> bool:
    """True if both events were recorded by one command: equal time, correlation, actor and kind."""
    same = (one.recorded_at, one.correlation, one.actor) == (other.recorded_at, other.correlation, other.actor)
    return same and one.event.kind == other.event.kind


def _taken_back(recorded: Recorded[Event]) -> DecisionUndone:
    event = recorded.event
    take, part = getattr(event, "take", None), getattr(event, "part", None)
    part = part or (part_of(take) if take else None)
    song = getattr(event, "song", None) or (song_of(part) if part else None)
    record = getattr(event, "record", None) or record_of(str(song))
    return DecisionUndone(decision=recorded.id, record=record, song=song, part=part)
