"""Rooms, sessions and money."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from domain.booking import booking, budget, costs, invoices, schedule
from domain.booking.budget import Budget, BudgetEvent
from domain.booking.payments import MoneySpent
from domain.booking.resources import parse_rate
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import SessionCancelled
from domain.booking.slots import Slot
from domain.core.fold import fold_events
from domain.core.money import parse_money
from domain.label.corrections import EntryEvent
from domain.status import booking_edits
from domain.status.booking_edits import SessionCorrections
from tests.domain.cases.case import Case, Decide

RECORD, NOW = "night-bus", datetime(2027, 1, 1, tzinfo=UTC)


def eur(amount: str) -> Any:
    return parse_money(amount, "EUR")


def slot(day: int) -> tuple[Slot, ...]:
    return (Slot(start=datetime(2027, 1, day, 10, tzinfo=UTC), end=datetime(2027, 1, day, 18, tzinfo=UTC)),)


BUDGET = fold_events(budget.evolve, Budget(), budget.set_lines(Budget(), record=RECORD, lines={"studio": eur("900")}))


COMMITTED = fold_events(
    budget.evolve,
    BUDGET,
    costs.commit(BUDGET, record=RECORD, line="studio", session=f"{RECORD}/S1", amount=eur("400")),
)


def paid() -> Budget:
    """The session's deposit is paid, and another invoice in full, by an event of the first shape."""
    deposit = invoices.spend(
        COMMITTED, record=RECORD, line="studio", amount=eur("100"), payee="room", invoice="1", session=f"{RECORD}/S1"
    )
    other = MoneySpent(record=RECORD, line="studio", amount=eur("50"), payee="", invoice="2")
    return fold_events(budget.evolve, COMMITTED, [*deposit, other])


PAID = paid()


ROOMS = fold_events(
    schedule.evolve,
    Schedule(),
    (
        *schedule.add_resource(Schedule(), resource="room-a", sort="room", rate=parse_rate("300/day", "EUR")),
        *schedule.add_resource(Schedule(), resource="pat", sort="person", rate=None),
    ),
)


def evolve_booking(state: tuple[Schedule, Budget], event: ScheduleEvent | BudgetEvent) -> tuple[Schedule, Budget]:
    if isinstance(event, ScheduleEvent):
        return schedule.evolve(state[0], event), state[1]
    return state[0], budget.evolve(state[1], event)


def booked() -> tuple[Schedule, Budget]:
    """Two sessions in one room: one that a line pays, one that none does."""
    state = ROOMS, BUDGET
    for day, line in ((4, "studio"), (5, None)):
        _, events = booking.book(
            *state, record=RECORD, resources=["room-a"], slots=slot(day), line=line, currency="EUR", zone=UTC
        )
        state = fold_events(evolve_booking, state, events)
    return state


BOOKED = booked()
BOOKED_AND_CORRECTED = (*BOOKED, SessionCorrections())


def evolve_corrected(state: tuple[Schedule, Budget, SessionCorrections], event: Any) -> Any:
    """Fold an event of a session, of money or of a correction into the state of all three."""
    corrections = state[2]
    if isinstance(event, EntryEvent | SessionCancelled):
        corrections = booking_edits.evolve_session(corrections, event)
    if isinstance(event, ScheduleEvent | BudgetEvent):
        return (*evolve_booking(state[:2], event), corrections)
    return (*state[:2], corrections)


CASES: Final[Mapping[Decide, Case]] = {
    schedule.add_resource: Case(
        Schedule(),
        schedule.evolve,
        [
            {"resource": "room-a", "sort": sort, "rate": rate and parse_rate(rate, "EUR")}
            for sort in ("room", "gear")
            for rate in (None, "300/day", "40/hour")
        ],
    ),
    budget.set_lines: Case(
        BUDGET,
        budget.evolve,
        [
            {"record": RECORD, "lines": {line: eur(amount)}}
            for line in ("studio", "mixing")
            for amount in ("300", "900")
        ],
    ),
    costs.commit: Case(
        BUDGET,
        budget.evolve,
        [
            {"record": RECORD, "line": "studio", "session": f"{RECORD}/S{number}", "amount": eur(amount)}
            for number in (1, 2)
            for amount in ("300", "700")
        ],
    ),
    costs.leave_unbudgeted: Case(
        BUDGET,
        budget.evolve,
        [
            {"record": RECORD, "session": f"{RECORD}/S{number}", "amount": eur(amount)}
            for number in (1, 2)
            for amount in ("0", "300", "700")
        ],
    ),
    costs.release: Case(
        COMMITTED, budget.evolve, [{"record": RECORD, "session": f"{RECORD}/S{number}"} for number in (1, 2)]
    ),
    booking.move: Case(
        BOOKED,
        evolve_booking,
        [
            {"record": RECORD, "session": f"{RECORD}/S{number}", "slots": slots, "currency": "EUR", "zone": UTC}
            for number in (1, 2, 3)
            for slots in (slot(4), slot(5), slot(7), slot(7) + slot(8) + slot(9) + slot(10))
        ],
        lambda state, **command: booking.move(*state, **command),
    ),
    booking.cancel: Case(
        BOOKED,
        evolve_booking,
        [{"record": RECORD, "session": f"{RECORD}/S{number}"} for number in (1, 2, 3)],
        lambda state, **command: booking.cancel(*state, **command),
    ),
    booking.reinstate: Case(
        fold_events(evolve_booking, BOOKED, booking.cancel(*BOOKED, record=RECORD, session=f"{RECORD}/S1")),
        evolve_booking,
        [{"record": RECORD, "session": f"{RECORD}/S{number}", "zone": UTC} for number in (1, 2, 3)],
        lambda state, **command: booking.reinstate(*state, **command),
    ),
    booking_edits.rename_session: Case(
        BOOKED_AND_CORRECTED,
        evolve_corrected,
        [{"session": f"{RECORD}/S{n}", "record": RECORD, "title": title}
         for n in (1, 2, 3) for title in ("Drums", "Bass")],
        lambda state, **command: booking_edits.rename_session(state[0], state[2], **command),
    ),
    booking_edits.take_session_away: Case(
        BOOKED_AND_CORRECTED,
        evolve_corrected,
        [{"session": f"{RECORD}/S{n}", "record": RECORD, "absence": one, "now": NOW}
         for n in (1, 2, 3) for one in ("removed", "shelved")],
        lambda state, **command: booking_edits.take_session_away(*state, **command),
    ),
    booking_edits.restore_session: Case(
        fold_events(
            evolve_corrected, BOOKED_AND_CORRECTED,
            booking_edits.take_session_away(
                *BOOKED_AND_CORRECTED, f"{RECORD}/S1", record=RECORD, absence="shelved", now=NOW
            ),
        ),
        evolve_corrected,
        [{"session": f"{RECORD}/S{n}", "record": RECORD, "zone": UTC} for n in (1, 2, 3)],
        lambda state, **command: booking_edits.restore_session(*state, **command),
    ),
    invoices.spend: Case(
        COMMITTED,
        budget.evolve,
        [
            {
                "record": RECORD, "line": "studio", "amount": eur(amount), "payee": payee, "invoice": invoice,
                "session": session, "final": final,
            }
            for amount in ("200", "400")
            for payee in ("room", "")
            for invoice in ("1", "2")
            for session in (None, f"{RECORD}/S1")
            for final in (False, True)
        ],
    ),
    invoices.correct: Case(
        PAID,
        budget.evolve,
        [
            {
                "record": RECORD, "invoice": invoice, "payee": payee, "amount": amount and eur(amount),
                "session": session, "final": final,
            }
            for amount in (None, "200", "400", "950")
            for payee in (None, "room", "")
            for invoice in ("1", "2")
            for session in (None, "", f"{RECORD}/S1")
            for final in (None, False, True)
        ],
    ),
    invoices.void: Case(
        PAID,
        budget.evolve,
        [
            {"record": RECORD, "invoice": invoice, "payee": payee}
            for invoice in ("1", "2", "3")
            for payee in (None, "room", "")
        ],
    ),
    booking.book: Case(
        (ROOMS, BUDGET),
        evolve_booking,
        [
            {
                "record": RECORD, "resources": resources, "slots": slot(day), "line": line, "currency": "EUR",
                "zone": UTC,
            }
            for resources in (["room-a"], ["pat"], ["room-a", "pat"])
            for day in (4, 5, 6)
            for line in (None, "studio")
        ],
        lambda state, **command: booking.book(*state, **command),
    ),
}  # fmt: skip
