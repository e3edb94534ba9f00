"""Terms of what can be booked, holds, the people of a session and its work."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from domain.booking import booking, schedule
from domain.booking.budget import Budget, BudgetEvent
from domain.booking.budget import evolve as evolve_budget
from domain.booking.resources import ResourceAdded, parse_kind, parse_rate
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.sessions import cast, holds, work
from domain.booking.terms import register
from domain.booking.terms.card_text import CardText, parse_card, parse_open_hours
from domain.booking.terms.pricing import Duties
from domain.booking.terms.register import TermsEvent, TermsRegister
from domain.core.fold import fold_events
from tests.domain.cases.booking import BUDGET, NOW, RECORD, eur, slot
from tests.domain.cases.case import Case, Decide

Terms = tuple[Schedule, Budget, TermsRegister]
S1, S2 = f"{RECORD}/S1", f"{RECORD}/S2"


def evolve(state: Terms, event: ScheduleEvent | BudgetEvent | TermsEvent) -> Terms:
    """Fold an event of the schedule, of money or of terms into the state of all three."""
    calendar, money, terms = state
    if isinstance(event, ScheduleEvent):
        calendar = schedule.evolve(calendar, event)
    if isinstance(event, BudgetEvent):
        money = evolve_budget(money, event)
    if isinstance(event, TermsEvent | ResourceAdded):
        terms = register.evolve(terms, event)
    return calendar, money, terms


def card(**options: str) -> Any:
    return parse_card(CardText(**options), "EUR")


def furnished() -> Terms:
    """A room, a drummer with a rate card, two people without, and a budget of 900.00."""
    state = Schedule(), BUDGET, TermsRegister()
    for name, sort, rate in (("room-a", "room", "300/day"), ("pat", "person", None), ("kim", "person", "20/call")):
        price = parse_rate(rate, "EUR") if rate else None
        state = fold_events(
            evolve, state, schedule.add_resource(state[0], resource=name, sort=parse_kind(sort), rate=price)
        )
    for name in ("jo", "al"):
        known = card(call="100/3h", leader="100%", cancel="48h=100")
        events = register.set_card(state[0], state[2], resource=name, sort="person", card=known)
        state = fold_events(evolve, state, events)
    return state


FURNISHED = furnished()


def book(state: Terms, **command: Any) -> Any:
    return booking.book(*state[:2], register=state[2], **command)


def booked() -> Terms:
    """One firm session that a line pays, and one that is held."""
    wanted = {"record": RECORD, "currency": "EUR", "zone": UTC, "line": "studio", "duties": {"jo": Duties(leader=True)}}
    _, events = book(FURNISHED, resources=["room-a", "jo"], slots=slot(4), **wanted)
    state = fold_events(evolve, FURNISHED, events)
    _, held = holds.hold(
        state[0], record=RECORD, resources=["room-a", "al"], slots=slot(5), line=None, rank=None, expires=None, now=NOW
    )
    return fold_events(evolve, state, held)


BOOKED = booked()
IN_TWO = [{"record": RECORD, "session": session} for session in (S1, S2, f"{RECORD}/S9")]
PRICED = {"currency": "EUR", "zone": UTC}

CASES: Final[Mapping[Decide, Case]] = {
    register.set_card: Case(
        FURNISHED, evolve,
        [{"resource": name, "sort": "person", "card": one}
         for name in ("pat", "jo", "new") for one in (None, card(hour="20"), card(call="90/3h"))],
        lambda state, **command: register.set_card(state[0], state[2], **command),
    ),
    register.set_hours: Case(
        FURNISHED, evolve,
        [{"resource": "room-a", "setup_minutes": setup, "strike_minutes": strike, "weekly": weekly}
         for setup in (None, 0, 30) for strike in (None, 15) for weekly in (None, (), parse_open_hours("mon=10-22"))],
        lambda state, **command: register.set_hours(state[0], state[2], **command),
    ),
    register.block: Case(
        FURNISHED, evolve, [{"resource": "room-a", "slot": slot(day)[0]} for day in (4, 5)],
        lambda state, **command: register.block(state[0], state[2], **command),
    ),
    register.unblock: Case(
        fold_events(evolve, FURNISHED, register.block(FURNISHED[0], FURNISHED[2], resource="jo", slot=slot(4)[0])),
        evolve, [{"resource": "jo", "slot": slot(day)[0]} for day in (4, 5)],
        lambda state, **command: register.unblock(state[0], state[2], **command),
    ),
    holds.hold: Case(
        BOOKED, evolve,
        [{"record": RECORD, "resources": people, "slots": slot(day), "line": None, "rank": rank, "expires": expires,
          "now": NOW, "session": session}
         for people in (["room-a"], ["room-a", "al"], ["room-a", "jo"]) for day in (4, 5) for rank in (None, 2)
         for expires in (None, datetime(2027, 1, 2, tzinfo=UTC)) for session in (None, S2)],
        lambda state, **command: holds.hold(state[0], **command),
    ),
    holds.challenge: Case(
        BOOKED, evolve,
        [{**one, "by": by, "deadline": datetime(2027, 1, 2, tzinfo=UTC), "now": NOW}
         for one in IN_TWO for by in ("a film", "a band")],
        lambda state, **command: holds.challenge(state[0], **command),
    ),
    holds.release: Case(
        BOOKED, evolve, IN_TWO, lambda state, **command: holds.release(state[0], **command)
    ),
    cast.ask: Case(
        BOOKED, evolve, [{**one, "people": people} for one in IN_TWO for people in ((), ("jo",), ("al",), ("pat",))],
        lambda state, **command: cast.ask(state[0], **command),
    ),
    cast.answer: Case(
        BOOKED, evolve,
        [{**one, "person": person, "said": said, "note": note}
         for one in IN_TWO for person in ("jo", "al") for said in ("yes", "no") for note in ("", "from noon on")],
        lambda state, **command: cast.answer(state[0], **command),
    ),
    cast.replace_player: Case(
        BOOKED, evolve,
        [{**one, "leaves": leaves, "enters": enters, **PRICED}
         for one in IN_TWO for leaves in ("jo", "al", "room-a") for enters in ("al", "kim", "pat")],
        lambda state, **command: cast.replace_player(*state[:2], register=state[2], **command),
    ),
    work.record_work: Case(
        BOOKED, evolve,
        [{**one, "slots": slots, "finished_minutes": finished, "agreed": agreed,
          "now": datetime(2027, 1, day, tzinfo=UTC), **PRICED}
         for one in IN_TWO for slots in (None, slot(4), slot(4) + slot(7)) for finished in (0, 12)
         for agreed in (True, False) for day in (7, 9)],
        lambda state, **command: work.record_work(*state[:2], register=state[2], **command),
    ),
    booking.record_cost: Case(
        BOOKED[1], evolve_budget, [{"record": RECORD, "session": S1, "amount": eur(amount)} for amount in ("1", "5000")]
    ),
}  # fmt: skip
