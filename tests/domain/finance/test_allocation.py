"""Moves keep the total, each change is a version, and an overrun holds through its last day."""

from datetime import date

import pytest

from domain.booking import budget, costs, invoices
from domain.booking.budget import Budget, BudgetEvent, set_lines
from domain.core.fold import fold_events
from domain.core.money import Money
from domain.core.refusal import Misused, NotFound, Refused
from domain.finance.allocation import at_version, authorise_overrun, move_amount

RECORD = "night-bus"
FRIDAY, SATURDAY = date(2026, 12, 4), date(2026, 12, 5)


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def after(state: Budget, *events: BudgetEvent) -> Budget:
    return fold_events(budget.evolve, state, events)


BEGUN = after(Budget(), *set_lines(Budget(), record=RECORD, lines={"studio": eur(100), "contingency": eur(50)}))


def moved(state: Budget, minor: int, **more: bool) -> Budget:
    events = move_amount(state, record=RECORD, source="contingency", target="studio", amount=eur(minor), **more)
    return after(state, *events)


def test_a_move_keeps_the_total_and_is_a_version() -> None:
    state = moved(BEGUN, 50)
    assert [line.approved for line in state.lines.values()] == [eur(150), eur(0)]
    assert [sum(amount.minor for amount in one.values()) for one in state.versions] == [150, 150]


def test_what_a_line_has_left_can_be_moved_and_not_a_cent_more() -> None:
    with pytest.raises(Refused, match=r"contingency has 0\.50 EUR left, 0\.51 EUR cannot be moved: short 0\.01 EUR"):
        moved(BEGUN, 51)


def test_an_authorised_overrun_cannot_be_moved() -> None:
    over = authorise_overrun(BEGUN, record=RECORD, line="contingency", amount=eur(10), until=FRIDAY, today=FRIDAY)
    with pytest.raises(Refused, match=r"short 0\.01 EUR"):
        moved(after(BEGUN, *over).on(FRIDAY), 51)


def test_the_last_move_repeated_is_none_unless_it_is_to_be_made_again() -> None:
    state = moved(BEGUN, 20)
    assert moved(state, 20) == state
    assert moved(state, 20, again=True).lines["studio"].approved == eur(140)
    raised = after(state, *set_lines(state, record=RECORD, lines={"studio": eur(200)}))
    assert moved(raised, 20).lines["studio"].approved == eur(220)


@pytest.mark.parametrize(("source", "target", "minor"), [("studio", "studio", 1), ("studio", "contingency", 0)])
def test_a_move_of_nothing_is_a_slip(source: str, target: str, minor: int) -> None:
    with pytest.raises(Misused, match=r"budget\.move"):
        move_amount(BEGUN, record=RECORD, source=source, target=target, amount=eur(minor))


def test_an_amount_of_another_currency_is_refused_wherever_one_is_taken() -> None:
    pounds = Money(minor=1, currency="GBP")
    for decide in (
        lambda: move_amount(BEGUN, record=RECORD, source="studio", target="contingency", amount=pounds),
        lambda: set_lines(BEGUN, record=RECORD, lines={"studio": pounds}),
        lambda: set_lines(Budget(), record=RECORD, lines={"studio": eur(1), "mixing": pounds}),
        lambda: costs.commit(BEGUN, record=RECORD, line="studio", session=f"{RECORD}/S1", amount=pounds),
        lambda: invoices.spend(BEGUN, record=RECORD, line="studio", amount=pounds, payee="p", invoice="1"),
        lambda: authorise_overrun(BEGUN, record=RECORD, line="studio", amount=pounds, until=FRIDAY, today=FRIDAY),
    ):
        with pytest.raises(Misused, match=r"money\.currency"):
            decide()


def test_an_earlier_version_is_compared_with_the_costs_of_now() -> None:
    paid = invoices.spend(BEGUN, record=RECORD, line="studio", amount=eur(30), payee="p", invoice="1")
    state = after(moved(after(BEGUN, *paid), 50))
    first = at_version(state, 1, record=RECORD).lines["studio"]
    assert (first.approved, first.spent, first.left) == (eur(100), eur(30), eur(70))
    for number in (0, 3):
        with pytest.raises(NotFound, match=r"has 2 versions of its budget, and none numbered"):
            at_version(state, number, record=RECORD)


def test_an_overrun_holds_through_its_last_day_and_not_the_day_after() -> None:
    over = authorise_overrun(BEGUN, record=RECORD, line="studio", amount=eur(10), until=FRIDAY, today=FRIDAY)
    state = after(BEGUN, *over)
    pay = {"record": RECORD, "line": "studio", "payee": "p", "invoice": "1"}
    assert invoices.spend(state.on(FRIDAY), amount=eur(110), **pay)
    with pytest.raises(Refused, match=r"short 0\.01 EUR"):
        invoices.spend(state.on(FRIDAY), amount=eur(111), **pay)
    with pytest.raises(Refused, match=r"budget\.guard: 1 costs 1\.10 EUR, studio has 1\.00 EUR left, short 0\.10 EUR"):
        invoices.spend(state.on(SATURDAY), amount=eur(110), **pay)
    session = {"record": RECORD, "line": "studio", "session": f"{RECORD}/S1", "amount": eur(110)}
    assert costs.commit(state.on(FRIDAY), **session)
    with pytest.raises(Refused, match=r"short 0\.10 EUR"):
        costs.commit(state.on(SATURDAY), **session)


def test_what_was_booked_under_an_overrun_is_paid_after_it_and_can_become_cheaper() -> None:
    over = authorise_overrun(BEGUN, record=RECORD, line="studio", amount=eur(10), until=FRIDAY, today=FRIDAY)
    friday = after(BEGUN, *over).on(FRIDAY)
    booked = costs.commit(friday, record=RECORD, line="studio", session=f"{RECORD}/S1", amount=eur(110))
    saturday = after(friday, *booked).on(SATURDAY)
    assert costs.commit(saturday, record=RECORD, line="studio", session=f"{RECORD}/S1", amount=eur(105))
    assert invoices.spend(
        saturday, record=RECORD, line="studio", amount=eur(110), payee="p", invoice="1", session=f"{RECORD}/S1"
    )


def test_the_last_overrun_of_a_line_counts_and_nothing_takes_it_back() -> None:
    state = BEGUN
    for minor in (10, 30, 0):
        over = authorise_overrun(state, record=RECORD, line="studio", amount=eur(minor), until=FRIDAY, today=FRIDAY)
        state = after(state, *over).on(FRIDAY)
        assert state.lines["studio"].left == eur(100 + minor)


def test_an_overrun_is_not_authorised_for_a_day_that_is_past() -> None:
    with pytest.raises(Misused, match=r"budget\.until: 2026-12-04 is past, today is 2026-12-05"):
        authorise_overrun(BEGUN, record=RECORD, line="studio", amount=eur(10), until=FRIDAY, today=SATURDAY)


def test_ten_thousand_additions_of_ten_and_twenty_cents_are_exact() -> None:
    state = after(Budget(), *set_lines(Budget(), record=RECORD, lines={"studio": eur(150_000)}))
    total = eur(0)
    for number in range(10_000):
        total += eur(10 if number % 2 else 20)
    assert str(total) == "1,500.00 EUR"
    for number in range(100):
        minor = sum(10 if n % 2 else 20 for n in range(100))
        paid = invoices.spend(state, record=RECORD, line="studio", amount=eur(minor), payee="p", invoice=str(number))
        state = after(state, *paid)
    assert state.lines["studio"].spent == total
    assert state.lines["studio"].left == eur(0)
