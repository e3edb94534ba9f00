from collections.abc import Sequence

import pytest

from domain.booking.budget import BookingRefused, Budget, BudgetEvent, BudgetSet, evolve, set_lines
from domain.booking.costs import commit
from domain.booking.invoices import spend
from domain.core.money import Money
from domain.core.refusal import Misused, NotFound, Refused, suggest

NIGHT_BUS = "night-bus"


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def after(events: Sequence[BudgetEvent], budget: Budget | None = None) -> Budget:
    state = budget or Budget()
    for event in events:
        state = evolve(state, event)
    return state


def approved() -> Budget:
    return after(set_lines(Budget(), record=NIGHT_BUS, lines={"studio": eur(720_000), "mixing": eur(240_000)}))


def pay(budget: Budget, minor: int, invoice: str, **more: str | None) -> list[BudgetEvent]:
    said = {"line": "studio", "payee": "room-a", "session": None, **more}
    return spend(budget, record=NIGHT_BUS, amount=eur(minor), invoice=invoice, **said)


def promise(budget: Budget, minor: int, session: str, line: str = "studio") -> list[BudgetEvent]:
    return commit(budget, record=NIGHT_BUS, line=line, session=session, amount=eur(minor))


def test_a_line_holds_what_was_approved_less_promises_and_payments() -> None:
    budget = after(promise(approved(), 120_000, "night-bus/S1"), approved())
    budget = after(pay(budget, 60_000, "INV-1"), budget)
    line = budget.line("studio")
    assert (line.promised, line.spent, line.left) == (eur(120_000), eur(60_000), eur(540_000))
    assert budget.line("mixing").left == eur(240_000)


def test_the_last_cent_may_be_spent_and_not_one_more() -> None:
    assert pay(approved(), 720_000, "INV-1")
    with pytest.raises(Refused, match=r"budget\.guard: .* 7,200\.01 EUR, .* 7,200\.00 EUR left, short 0\.01 EUR") as no:
        pay(approved(), 720_001, "INV-1")
    assert no.value.values["short"] == eur(1)
    assert no.value.next == suggest("budget set", "night-bus", "studio=7200.01")


def test_the_last_cent_may_be_promised_and_a_promise_beyond_it_is_to_be_noted() -> None:
    assert promise(approved(), 720_000, "night-bus/S1")
    with pytest.raises(Refused, match=r"budget\.guard") as refusal:
        promise(approved(), 720_001, "night-bus/S1")
    assert refusal.value.values["noted"] == BookingRefused(
        record=NIGHT_BUS, line="studio", cost=eur(720_001), short=eur(1)
    )


def test_promises_bind_payments() -> None:
    budget = after(promise(approved(), 700_000, "night-bus/S1"), approved())
    with pytest.raises(Refused, match=r"short 0\.01 EUR"):
        pay(budget, 20_001, "INV-1")
    assert pay(budget, 20_000, "INV-1")


def test_a_session_priced_anew_needs_only_what_it_costs_more() -> None:
    budget = after(promise(approved(), 700_000, "night-bus/S1"), approved())
    assert promise(budget, 720_000, "night-bus/S1")
    with pytest.raises(Refused, match=r"studio needs 7,200\.01 EUR, left 7,200\.00 EUR, short 0\.01 EUR"):
        promise(budget, 720_001, "night-bus/S1")
    paid = after(pay(budget, 100_000, "INV-1", session="night-bus/S1"), budget)
    dearer = after(promise(paid, 720_000, "night-bus/S1"), paid)
    assert (dearer.line("studio").promised, dearer.line("studio").left) == (eur(620_000), eur(0))


def test_a_session_without_a_promise_has_nothing_to_settle() -> None:
    with pytest.raises(NotFound, match=r"budget\.commitment"):
        pay(approved(), 1, "INV-1", session="night-bus/S9")


def test_the_same_invoice_again_yields_nothing_and_with_another_amount_line_or_session_is_refused() -> None:
    budget = after(promise(approved(), 100, "night-bus/S1"), approved())
    budget = after(pay(budget, 60_000, "INV-1"), budget)
    assert pay(budget, 60_000, "INV-1") == []
    for other in ({"line": "mixing"}, {"session": "night-bus/S1"}):
        with pytest.raises(Refused, match=r"money\.invoice"):
            pay(budget, 60_000, "INV-1", **other)
    with pytest.raises(
        Refused, match=r"money\.invoice: invoice INV-1 of room-a is booked already: 600\.00 EUR from studio"
    ):
        pay(budget, 60_001, "INV-1")


def test_one_invoice_number_of_two_payees_is_two_invoices() -> None:
    budget = after(pay(approved(), 60_000, "INV-1"), approved())
    assert pay(budget, 60_000, "INV-1", payee="drum-hire")


def test_a_repeat_is_told_even_when_the_line_is_empty_by_then() -> None:
    budget = after(pay(approved(), 720_000, "INV-1"), approved())
    assert pay(budget, 720_000, "INV-1") == []


def test_an_unknown_line_is_not_found() -> None:
    for ask in (lambda: pay(approved(), 1, "INV-1", line="catering"), lambda: promise(Budget(), 1, "night-bus/S1")):
        with pytest.raises(NotFound, match=r"budget\.line"):
            ask()


def test_setting_states_the_named_lines_and_leaves_the_others() -> None:
    (stated,) = set_lines(approved(), record=NIGHT_BUS, lines={"studio": eur(800_000), "mixing": eur(240_000)})
    assert stated == BudgetSet(record=NIGHT_BUS, lines={"studio": eur(800_000)})
    assert after([stated], approved()).line("mixing").approved == eur(240_000)


def test_a_line_never_goes_under_what_is_spent_and_promised() -> None:
    budget = after(promise(approved(), 500_000, "night-bus/S1"), approved())
    budget = after(pay(budget, 100_000, "INV-1"), budget)
    assert set_lines(budget, record=NIGHT_BUS, lines={"studio": eur(600_000)})
    with pytest.raises(Refused, match=r"budget\.floor") as refusal:
        set_lines(budget, record=NIGHT_BUS, lines={"mixing": eur(0), "studio": eur(599_999)})
    assert refusal.value.values["short"] == eur(1)


def test_a_budget_of_no_lines_is_no_budget() -> None:
    with pytest.raises(Misused, match=r"budget\.lines"):
        set_lines(approved(), record=NIGHT_BUS, lines={})
