"""Undo within a studio day: the last key of one person in one session is taken back."""

from collections.abc import Sequence
from typing import Final, get_args

from domain.core.event import Event, Recorded
from domain.core.ids import record_of
from domain.session.day_events import DayEvent, RollStarted
from domain.status.undo import DecisionUndone, effective_events, nothing_to_undo

DAY_KINDS: Final[tuple[type[Event], ...]] = get_args(DayEvent)


def undo_key(history: Sequence[Recorded[Event]], *, session: str, by: str) -> list[DecisionUndone]:
    """Take back the last key of *by* in *session* that is in force: all events that it recorded.

    Args:
        history: the events of the studio day and of what was undone on its record.
        session: id of the session.
        by: id of the person.

    Raises:
        NotFound: ``undo.nothing``.
    """
    own = [one for one in effective_events(history) if _is_key(one, session, by)]
    if not own:
        raise nothing_to_undo()
    last = own[-1]
    key = [one for one in own if (one.recorded_us, one.correlation) == (last.recorded_us, last.correlation)]
    return [_taken_back(one) for one in reversed(key)]


def _taken_back(recorded: Recorded[Event]) -> DecisionUndone:
    event = recorded.event
    song = getattr(event, "song", None)
    return DecisionUndone(decision=recorded.id, record=record_of(event.address), song=song)


def _is_key(recorded: Recorded[Event], session: str, by: str) -> bool:
    event = recorded.event
    is_of_day = isinstance(event, DAY_KINDS) and event.traits.undoable
    return is_of_day and getattr(event, "session", "") == session and recorded.actor == by


def day_events(history: Sequence[Recorded[Event]], session: str) -> list[DayEvent]:
    """The events of the studio day of *session* in *history* that are in force, in order."""
    in_force = (one.event for one in effective_events(history))
    return [event for event in in_force if isinstance(event, DayEvent) and event.session == session]


def last_slate(history: Sequence[Recorded[Event]], session: str) -> int:
    """The highest number of a slate of *session* in *history*, those that were taken back included; 0 for none."""
    rolled = (one.event for one in history)
    return max((one.slate for one in rolled if isinstance(one, RollStarted) and one.session == session), default=0)
