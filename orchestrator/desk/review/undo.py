"""Undo of the caller's last judgement, and redo of what was undone.

Both are limited to an address: the given one, else the current address of this terminal.

Tests: ``tests/orchestrator/cli/commands/daily/test_undo.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final, Literal

from domain.core.event import Event, Recorded
from domain.core.ids import record_of
from domain.core.refusal import Clash, NotFound, suggest
from domain.label.people import Role
from domain.status.events.event_types import EVENTS
from domain.status.undo import (
    DecisionUndone,
    is_signature,
    last_decisions,
    last_undos,
    nothing_to_redo,
    nothing_to_undo,
    redo,
    undo,
)
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.current_place import current_path
from orchestrator.log.database.connection import Connection
from orchestrator.log.query import Query
from orchestrator.readmodels import judgements
from orchestrator.readmodels.judgements import JUDGEMENTS
from orchestrator.studio import History, Studio

UNDOABLE: Final = tuple(kind for kind in EVENTS if kind.traits.undoable)
Direction = Literal["undo", "redo"]
Agree = Callable[[str], None]
"""Function that asks before a verdict on a mix or master is undone; raises a refusal if the answer is no."""


@dataclass(frozen=True, slots=True)
class UndoResult:
    """Result of an undo or a redo.

    Args:
        said: the decisions that were taken back, or are in force again, in words.
        addresses: the addresses of these decisions.
        following: in words, the decisions that the same command would concern next; empty if none.
    """

    said: str
    addresses: tuple[str, ...]
    following: str


def undo_last(studio: Studio, target: str | None, *, agree: Agree, anywhere: bool = False) -> UndoResult:
    """Undo the caller's last judgement or note at or under *target*.

    Args:
        studio: the store.
        target: an address; None for the current address of this terminal, or the whole label if none is set.
        agree: called before a verdict on a mix or master is taken back, with its text; may refuse.
        anywhere: if *target* is None, ignore the current address and search the whole label.

    Raises:
        NotFound: ``undo.nothing``.
        Clash: ``undo.meanwhile``; a newer judgement of the caller appeared since the first read.
    """
    return _take_back(studio, "undo", _scope(studio, target, anywhere=anywhere), agree)


def redo_last(studio: Studio, target: str | None, *, anywhere: bool = False) -> UndoResult:
    """Bring back what the caller's last undo at or under *target* took back; scope as for :func:`undo_last`.

    Raises:
        NotFound: ``redo.nothing``.
        Clash: ``undo.meanwhile``.
    """
    return _take_back(studio, "redo", _scope(studio, target, anywhere=anywhere), lambda _: None)


def _scope(studio: Studio, target: str | None, *, anywhere: bool) -> str:
    if target is not None:
        return str(addresses.find(studio, target, "record", "song", "part", "take", "mix", "master"))
    return "" if anywhere else "/".join(current_path(studio))


def _take_back(studio: Studio, direction: Direction, below: str, agree: Agree) -> UndoResult:
    query, by = _query(studio, direction, below), studio.who.actor
    events = _next_events(studio.read(query), direction, by, below)
    signed = [one.event.describe() for one in events if direction == "undo" and is_signature(one.event)]
    if signed:
        agree("; ".join(signed))

    def decision(history: History, _: Role) -> tuple[UndoResult, Sequence[Event]]:
        back = (undo if direction == "undo" else redo)(history, by=by, below=below)
        if [event.decision for event in back] != [one.id for one in events]:
            hint = suggest("undo") if direction == "undo" else suggest("redo")
            raise Clash("undo.meanwhile", f"{by} has decided something newer in the meantime", next=hint)
        about = _decisions(history, events)
        return UndoResult(_in_words(about), tuple(event.address for event in about), ""), back

    result = studio.decide(query, decision, deed="note")
    return UndoResult(result.said, result.addresses, _following(studio, direction, below))


def _following(studio: Studio, direction: Direction, below: str) -> str:
    """The decisions that the same command would concern next, in words; empty if there are none."""
    try:
        history = studio.read(_query(studio, direction, below))
        events = _next_events(history, direction, studio.who.actor, below)
    except NotFound:
        return ""
    return _in_words(_decisions(history, events))


def _decisions(history: History, events: Sequence[Recorded[Event]]) -> list[Event]:
    """The decisions in *events*, and the decisions that the undos in *events* take back, in order."""
    ids = {one.event.decision if isinstance(one.event, DecisionUndone) else one.id for one in events}
    return [one.event for one in history if one.id in ids]


def _in_words(decisions: Sequence[Event]) -> str:
    return "; ".join(event.describe() for event in decisions)


def _next_events(history: History, direction: Direction, by: str, below: str) -> list[Recorded[Event]]:
    return (last_decisions if direction == "undo" else last_undos)(history, by=by, below=below)


def _query(studio: Studio, direction: Direction, below: str) -> Query:
    """Query for all decisions in the scope *below* or, if it is empty, in the records of the last decision."""
    if below:
        return Query.of(*UNDOABLE, tags=[f"record:{record_of(below)}"])
    records = studio.asked(lambda connection: _records(connection, studio.who.actor, direction), JUDGEMENTS)
    if not records:
        raise nothing_to_undo() if direction == "undo" else nothing_to_redo()
    return reduce(or_, (Query.of(*UNDOABLE, tags=[f"record:{record}"]) for record in records))


def _records(connection: Connection, actor: str, direction: Direction) -> list[str]:
    """Records of the last decision of *actor*, or of the last undo if *actor* has decided nothing since."""
    decided = judgements.last_of(connection, actor)
    if direction == "undo":
        return judgements.records_of(connection, decided) if decided else []
    undone = judgements.last_of(connection, actor, judgements.UNDO)
    if undone is None or (decided and decided.position > undone.position):
        return []
    return judgements.records_of(connection, undone)
