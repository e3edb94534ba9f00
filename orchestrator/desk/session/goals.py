"""The goal of a session.

Tests: ``tests/orchestrator/cli/commands/session/test_goal.py``.
"""

from collections.abc import Sequence

from domain.core.event import Event
from domain.label.people import Role
from domain.session.goals import SessionGoalSet, goal_after, set_goal
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


def goal_query(session: str) -> Query:
    """Query for the goal of *session*."""
    return Query.of(SessionGoalSet, tags=[f"session:{session}"])


def goal_of(studio: Studio, session: str) -> str:
    """The goal of *session*; empty without one."""
    return _last(studio.read(goal_query(session)))


def _last(history: History) -> str:
    return goal_after(one.event for one in history if isinstance(one.event, SessionGoalSet))


def change_goal(studio: Studio, record: str, session: str, goal: str) -> bool:
    """Set the goal of *session*; an empty text takes it away.  Returns False if it was so already.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``session.cancelled``, ``session.released``.
        Misused: ``session.goal``.
    """

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        schedule_of(history).place(session, record=record)
        events = set_goal(_last(history), session=session, record=record, goal=goal)
        return bool(events), events

    query = goal_query(session) | sessions_query(f"record:{record}")
    return studio.decide(query, decision, deed="ingest")
