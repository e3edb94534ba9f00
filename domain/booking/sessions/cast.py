"""The people of a session: asked to come, their answers, and others in their place."""

from collections.abc import Iterable
from datetime import tzinfo

from domain.booking.booking import SessionEvent, refuse_over
from domain.booking.budget import Budget
from domain.booking.costs import commit, leave_unbudgeted, release
from domain.booking.schedule import Schedule
from domain.booking.session_events import (
    Answer,
    PlayerReplaced,
    PlayersAsked,
    SessionAnswered,
    SessionBooked,
    SessionHeld,
)
from domain.booking.terms.availability import check_bookable
from domain.booking.terms.pricing import Duties
from domain.booking.terms.register import TermsRegister
from domain.booking.terms.session_prices import Pricing, SessionPlan
from domain.core.refusal import NotFound, Refused, suggest


def players(schedule: Schedule, place: SessionBooked | SessionHeld) -> tuple[str, ...]:
    """The ids of the people in a session, without rooms and gear."""
    return tuple(name for name in place.resources if schedule.resource(name).sort == "person")


def ask(schedule: Schedule, *, record: str, session: str, people: Iterable[str] = ()) -> list[PlayersAsked]:
    """Record that *people* were asked to come at the present times of *session*; without names, all of its people.

    Those who were asked about these times already are not asked again.

    Raises:
        NotFound: ``session.unknown``, ``session.player``.
        Refused: ``session.cancelled``, ``session.worked``, ``session.released``; ``session.players`` without people.
    """
    place = schedule.place(session, record=record)
    refuse_over(schedule, session, record)
    named = tuple(dict.fromkeys(people))
    for person in named:
        _refuse_stranger(schedule, place, person)
    known = schedule.asked.get(session, {})
    everybody = named or players(schedule, place)
    if not everybody:
        raise Refused("session.players", f"there are no people in {session}", next=suggest("session show", session))
    new = tuple(name for name in everybody if name not in known or known[name].slots != place.slots)
    return [PlayersAsked(session=session, record=record, resources=new, slots=place.slots)] if new else []


def _refuse_stranger(schedule: Schedule, place: SessionBooked | SessionHeld, person: str) -> None:
    if person not in place.resources or schedule.resource(person).sort != "person":
        there = ", ".join(players(schedule, place)) or "nobody"
        raise NotFound(
            "session.player", f"{person} is not one of the people in {place.session} ({there})",
            next=suggest("session show", place.session),
        )  # fmt: skip


def answer(
    schedule: Schedule, *, record: str, session: str, person: str, said: Answer, note: str = ""
) -> list[SessionAnswered]:
    """Record what *person* says to the present times of *session*.  The same answer again yields no event.

    Raises:
        NotFound: ``session.unknown``, ``session.player``.
        Refused: ``session.cancelled``, ``session.released``.
    """
    place = schedule.place(session, record=record)
    _refuse_stranger(schedule, place, person)
    new = SessionAnswered(session=session, record=record, resource=person, answer=said, slots=place.slots, note=note)
    return [] if schedule.answer_of(session, person) == new else [new]


def replace_player(
    schedule: Schedule, budget: Budget, *, record: str, session: str, leaves: str, enters: str, currency: str,
    zone: tzinfo, register: TermsRegister,
) -> list[SessionEvent]:  # fmt: skip
    """Let *enters* take the place and the duties of *leaves* in *session*; their calendar and their price are checked.

    Raises:
        NotFound: ``session.unknown``, ``session.player``, ``resource.unknown``.
        Clash: ``schedule.conflict``, ``schedule.buffer``, ``schedule.blocked``, ``schedule.closed``.
        Refused: ``budget.guard``, ``session.rate``, ``session.cancelled``, ``session.worked``, ``session.released``;
            ``session.kind`` if a person is to take the place of a room.
    """
    place = schedule.place(session, record=record)
    refuse_over(schedule, session, record)
    schedule.resource(enters)
    if enters in place.resources and leaves not in place.resources:
        return []
    _check_swap(schedule, place, leaves, enters)
    resources = tuple(enters if name == leaves else name for name in place.resources)
    if isinstance(place, SessionHeld):
        return [place.model_copy(update={"resources": resources})]
    check_bookable(schedule, register, [enters], place.slots, zone, moving=session)
    pricing = Pricing(schedule, register, currency, zone)
    agreed = register.agreed.get(session)
    duty = agreed.by_resource.get(leaves) if agreed else None
    duties = {enters: duty.duties(0)} if duty else dict[str, Duties]()
    plan = SessionPlan(record, session, resources, place.slots, duties)
    line = budget.line_of(session)
    cost = pricing.total(plan) if line else pricing.priced_part(plan)
    paid = (
        commit(budget, record=record, line=line, session=session, amount=cost)
        if line and cost
        else leave_unbudgeted(budget, record=record, session=session, amount=cost)
        if cost
        else release(budget, record=record, session=session)
    )
    replaced = PlayerReplaced(
        session=session, record=record, leaves=leaves, enters=enters, resources=resources,
        slots=place.slots, line=place.line, cost=cost,
    )  # fmt: skip
    return [replaced, *pricing.terms(plan), *paid]


def _check_swap(schedule: Schedule, place: SessionBooked | SessionHeld, leaves: str, enters: str) -> None:
    if leaves not in place.resources:
        raise NotFound(
            "session.player", f"{leaves} is not in {place.session} ({', '.join(place.resources)})",
            next=suggest("session show", place.session),
        )  # fmt: skip
    if enters in place.resources:
        raise Refused(
            "session.player", f"{enters} is in {place.session} already", next=suggest("session show", place.session)
        )
    kinds = schedule.resource(leaves).sort, schedule.resource(enters).sort
    if kinds[0] != kinds[1]:
        raise Refused(
            "session.kind",
            f"{enters} is a {kinds[1]}, and cannot take the place of {leaves}, a {kinds[0]}",
            next=suggest("resource list"),
        )
