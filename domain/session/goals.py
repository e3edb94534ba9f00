"""The goal of a session: one line that those in the room agreed on as it began."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import Event, RecordId, SessionId, Traits
from domain.core.refusal import Misused, suggest

LONGEST_GOAL = 200
"""Characters of a goal: it stands in one line of the room view."""
GoalText = Annotated[str, StringConstraints(max_length=LONGEST_GOAL, strip_whitespace=True)]


class SessionGoalSet(Event):
    """The goal of a session was agreed, in the place of the one before; an empty text takes it away."""

    kind: Literal["session-goal-set"] = "session-goal-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    erasable_since = 1
    session: SessionId
    record: RecordId
    goal: GoalText

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("goal",) if self.goal else ()

    @override
    def describe(self) -> str:
        return f"{self.session}: {self.goal or 'no goal'}"


def goal_after(events: Iterable[SessionGoalSet]) -> str:
    """The goal in force after *events* of one session; empty without one."""
    return next((event.goal for event in reversed(list(events))), "")


def evolve(_: str, event: SessionGoalSet) -> str:
    """Fold one event of one session into its goal."""
    return event.goal


def set_goal(known: str, *, session: str, record: str, goal: str) -> list[SessionGoalSet]:
    """Set the goal of *session*.  The *known* one yields no event.

    Raises:
        Misused: ``session.goal``; it is longer than one line, or holds characters that do not print.
    """
    text = goal.strip()
    if len(text) > LONGEST_GOAL or not (text.isprintable()):
        raise Misused(
            "session.goal",
            f"a goal is one line of at most {LONGEST_GOAL} characters, this has {len(text)}",
            next=suggest("session goal", session, "TEXT"),
        )
    return [] if text == known else [SessionGoalSet(session=session, record=record, goal=text)]
