"""Leaves of people: when somebody is away, and who stands in for them."""

from collections.abc import Sequence
from datetime import date

from domain.core.address import slug
from domain.core.event import Event
from domain.label import leaves
from domain.label.people import LeaveEnded, LeaveNoted, Permission, Role
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.label.people import roles_named
from orchestrator.studio import History, Studio


def note_leave(
    studio: Studio, text: str, *, first: date, last: date, deputy: str | None, roles: Sequence[str], why: str | None
) -> LeaveNoted:
    """Note that a person is away; for anybody but themselves, the caller must manage people.

    Raises:
        NotFound: ``person.unknown``.
        Misused: ``person.role``, ``leave.days``, ``leave.deputy``.
        Refused: ``leave.overlap``, ``leave.roles``.
    """
    given, person = roles_named(roles), slug(text)
    other = None if deputy is None else slug(deputy)

    def decision(history: History, _: Role) -> tuple[LeaveNoted, Sequence[Event]]:
        state = everybody(history)
        events = leaves.note_leave(state, person, first=first, last=last, deputy=other, roles=given)
        return next(one for one in (*events, *state.leaves.get(person, ())) if one.first == first), events

    return studio.decide(EVERYBODY, decision, deed=_permission(studio, person), why=why)


def end_leave(studio: Studio, text: str, *, first: date | None, why: str | None) -> LeaveEnded:
    """End a leave of a person: the one that begins on *first*, or else the present or the next one.

    Raises:
        NotFound: ``person.unknown``, ``leave.unknown``.
    """
    person, today = slug(text), studio.today()

    def decision(history: History, _: Role) -> tuple[LeaveEnded, Sequence[Event]]:
        events = leaves.end_leave(everybody(history), person, first=first, day=today)
        return events[0], events

    return studio.decide(EVERYBODY, decision, deed=_permission(studio, person), why=why)


def _permission(studio: Studio, person: str) -> Permission:
    """The permission to note a leave of *person*."""
    return "leave" if person == studio.who.actor else "people"


def leave_rows(studio: Studio, person: str | None = None) -> list[Row]:
    """One row for each leave of *person*, or of everybody who is there, that is not over."""
    state, today = everybody(studio.read(EVERYBODY)), studio.day_seen()
    return [
        {
            "person": leave.person,
            "from": leave.first,
            "to": leave.last,
            "deputy": leave.deputy or "",
            "roles": ", ".join(leave.roles),
            "now": leave.first <= today,
        }
        for name, taken in state.leaves.items()
        if name not in state.absent and person in {None, name}
        for leave in taken
        if leave.last >= today
    ]


def leave_in_words(row: Row) -> str:
    """A leave in words, such as ``away from 2026-12-07 to 2026-12-18, kim stands in as producer``."""
    deputy = f", {row['deputy']} stands in as {row['roles']}" if row["deputy"] else ""
    return f"away from {row['from']} to {row['to']}{deputy}"
