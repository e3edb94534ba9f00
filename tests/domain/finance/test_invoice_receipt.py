"""An invoice received counts as cost once, whether it is paid later, before, or never."""

from typing import Any

import pytest

from domain.booking import budget, costs, invoices
from domain.booking.budget import Budget, set_lines
from domain.core.fold import fold_events
from domain.core.money import Money
from domain.core.refusal import Misused, NotFound, Refused
from domain.finance.exchange import Charge
from domain.finance.invoice_receipt import receive, withdraw

RECORD, SESSION = "night-bus", "night-bus/S1"


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def after(state: Budget, *events: Any) -> Budget:
    return fold_events(budget.evolve, state, events)


def begun() -> Budget:
    """1,000 in the studio line, of which 600 are committed to a session; 500 for musicians."""
    state = after(Budget(), *set_lines(Budget(), record=RECORD, lines={"studio": eur(1000), "musicians": eur(500)}))
    return after(state, *costs.commit(state, record=RECORD, line="studio", session=SESSION, amount=eur(600)))


def received(state: Budget, minor: int, line: str = "studio", **more: Any) -> Budget:
    given = {"payee": "room", "invoice": "1", **more}
    return after(state, *receive(state, record=RECORD, line=line, charge=Charge(eur(minor)), **given))


def paid(state: Budget, minor: int, line: str = "studio", **more: Any) -> Budget:
    given = {"payee": "room", "invoice": "1", **more}
    return after(state, *invoices.spend(state, record=RECORD, line=line, amount=eur(minor), **given))


def figures(state: Budget, line: str = "studio") -> tuple[int, ...]:
    """Committed, invoiced, spent, left and forecast of a line."""
    own = state.lines[line]
    return tuple(one.minor for one in (own.promised, own.invoiced, own.spent, own.left, own.forecast))


def test_an_invoice_settles_what_was_committed_and_paying_it_settles_nothing_again() -> None:
    state = received(begun(), 400, session=SESSION)
    assert figures(state) == (200, 400, 0, 400, 1000)
    assert figures(paid(state, 400)) == (200, 0, 400, 400, 1000)


def test_paid_first_and_received_later_is_the_same() -> None:
    state = received(paid(begun(), 400, session=SESSION), 400, session=SESSION)
    assert figures(state) == (200, 0, 400, 400, 1000)


def test_an_invoice_is_recorded_however_little_its_line_has() -> None:
    state = received(begun(), 5000)
    assert figures(state) == (600, 5000, 0, -4600, 5600)


def test_an_overdrawn_line_neither_books_nor_pays_what_it_cannot() -> None:
    state = received(begun(), 5000)
    with pytest.raises(Refused, match=r"1 costs 50\.00 EUR, studio has 4\.00 EUR left, short 46\.00 EUR"):
        paid(state, 5000)
    with pytest.raises(Refused, match=r"studio needs 0\.01 EUR, left -46\.00 EUR, short 46\.01 EUR"):
        costs.commit(state, record=RECORD, line="studio", session="night-bus/S2", amount=eur(1))
    with pytest.raises(Refused, match=r"budget\.guard"):
        paid(state, 1, invoice="2")


def test_unpaid_invoices_do_not_stand_in_the_way_of_one_that_came_in() -> None:
    state = received(received(begun(), 300, invoice="A"), 300, invoice="B")
    assert figures(state) == (600, 600, 0, -200, 1200)
    state = paid(state, 300, invoice="A")
    with pytest.raises(Refused, match=r"B costs 3\.00 EUR, studio has 1\.00 EUR left, short 2\.00 EUR"):
        paid(state, 300, invoice="B")


def test_the_last_cent_is_paid_and_not_one_more() -> None:
    assert figures(paid(received(begun(), 400), 400)) == (600, 0, 400, 0, 1000)
    with pytest.raises(Refused, match=r"short 0\.01 EUR"):
        paid(received(begun(), 401), 401)


def test_an_invoice_of_several_lines_is_paid_line_by_line() -> None:
    state = received(received(begun(), 400, session=SESSION), 200, "musicians", session=SESSION)
    assert figures(state) == (0, 400, 0, 600, 1000)
    assert figures(state, "musicians") == (0, 200, 0, 300, 500)
    state = paid(state, 400)
    assert figures(state) == (0, 0, 400, 600, 1000)
    assert figures(state, "musicians") == (0, 200, 0, 300, 500)
    state = paid(state, 200, "musicians")
    assert figures(state, "musicians") == (0, 0, 200, 300, 500)
    assert (
        invoices.spend(
            state, record=RECORD, line="musicians", amount=eur(200), payee="room", invoice="1", session=SESSION
        )
        == []
    )
    with pytest.raises(Refused, match=r"money\.lines: invoice 1 is paid from studio and musicians"):
        invoices.correct(state, record=RECORD, invoice="1", amount=eur(1))
    void = after(state, *invoices.void(state, record=RECORD, invoice="1"))
    assert figures(void) == (0, 400, 0, 600, 1000)


def test_one_payment_of_all_its_lines_before_it_came_in_pays_them_all() -> None:
    state = received(received(paid(begun(), 400), 300), 100, "musicians")
    assert figures(state) == (600, 0, 400, 0, 1000)
    assert figures(state, "musicians") == (0, 0, 0, 500, 500)


def test_a_part_of_an_invoice_is_paid_and_the_rest_stays_unpaid() -> None:
    state = paid(received(begun(), 400), 300)
    assert figures(state) == (600, 100, 300, 0, 1000)
    corrected = after(state, *invoices.correct(state, record=RECORD, invoice="1", amount=eur(400)))
    assert figures(corrected) == (600, 0, 400, 0, 1000)


@pytest.mark.parametrize(
    ("line", "minor", "session", "told"),
    [
        ("studio", 401, None, r"charges 4\.00 EUR on studio, and 4\.01 EUR is 0\.01 EUR more"),
        ("musicians", 400, None, r"charges studio, not musicians"),
        ("studio", 400, SESSION, r"is for no session, not night-bus/S1"),
    ],
)
def test_a_payment_that_the_invoice_does_not_charge_is_refused(
    line: str, minor: int, session: str | None, told: str
) -> None:
    with pytest.raises(Refused, match=told):
        paid(received(begun(), 400), minor, line, session=session)


def test_the_final_invoice_frees_what_is_still_committed() -> None:
    state = received(begun(), 400, session=SESSION, final=True)
    assert figures(state) == (0, 400, 0, 600, 1000)
    assert figures(paid(state, 400)) == (0, 0, 400, 600, 1000)


def test_a_voided_payment_leaves_the_invoice_unpaid_and_the_session_settled() -> None:
    state = paid(received(begun(), 400, session=SESSION), 400)
    void = after(state, *invoices.void(state, record=RECORD, invoice="1"))
    assert figures(void) == (200, 400, 0, 400, 1000)


def test_an_invoice_with_other_values_is_refused_until_it_is_corrected() -> None:
    state = received(begun(), 400)
    with pytest.raises(Refused, match=r"money\.invoice: invoice 1 of room is recorded with 4\.00 EUR on studio"):
        received(state, 500)
    assert figures(received(state, 500, correct=True)) == (600, 500, 0, -100, 1100)


def test_a_withdrawn_invoice_is_no_cost_and_what_it_settled_is_committed_again() -> None:
    state = received(begun(), 400, session=SESSION)
    gone = after(state, *withdraw(state, record=RECORD, invoice="1"))
    assert figures(gone) == (600, 0, 0, 400, 1000)
    assert withdraw(gone, record=RECORD, invoice="1") == []
    assert figures(received(gone, 400, session=SESSION)) == (200, 400, 0, 400, 1000)


def test_a_paid_invoice_is_not_withdrawn_and_one_that_never_came_is_not_found() -> None:
    state = paid(received(begun(), 400), 400)
    with pytest.raises(Refused, match=r"invoice 1 of room is paid: 4\.00 EUR from studio; void the payment first"):
        withdraw(state, record=RECORD, invoice="1")
    with pytest.raises(NotFound, match=r"money\.unreceived: no invoice 2 was received"):
        withdraw(state, record=RECORD, invoice="2")


def test_an_invoice_that_came_before_the_session_had_a_price_settles_it() -> None:
    state = received(begun(), 300, session="night-bus/S2")
    assert figures(state) == (600, 300, 0, 100, 1000)
    priced = after(state, *costs.commit(state, record=RECORD, line="studio", session="night-bus/S2", amount=eur(350)))
    assert figures(priced) == (650, 300, 0, 50, 1000)


def test_a_commitment_that_is_priced_anew_after_its_final_payment_stays_open_when_the_invoice_comes() -> None:
    state = paid(begun(), 400, session=SESSION, final=True)
    dearer = after(state, *costs.commit(state, record=RECORD, line="studio", session=SESSION, amount=eur(700)))
    assert figures(dearer)[0] == 300
    assert figures(received(dearer, 400, session=SESSION))[0] == 300


@pytest.mark.parametrize("more", [{"session": SESSION, "deal": "night-bus/D1"}, {"final": True}])
def test_contradictory_invoices_are_slips(more: dict[str, Any]) -> None:
    with pytest.raises(Misused, match=r"money\.(invoice|final)"):
        received(begun(), 1, **more)


def test_an_invoice_in_another_currency_is_converted_first() -> None:
    with pytest.raises(Misused, match=r"money\.currency"):
        receive(
            begun(), record=RECORD, line="studio", payee="p", invoice="1",
            charge=Charge(Money(minor=1, currency="GBP")),
        )  # fmt: skip


def test_an_invoice_that_came_in_is_the_same_in_another_spelling() -> None:
    state = received(begun(), 400, payee="Room A", invoice="R-1", session=SESSION)
    again = {"payee": "room a", "invoice": "r-1 ", "session": SESSION}
    assert receive(state, record=RECORD, line="studio", charge=Charge(eur(400)), **again) == []
    with pytest.raises(Refused, match=r"money\.invoice: invoice R-1 of Room A is recorded"):
        receive(state, record=RECORD, line="studio", charge=Charge(eur(401)), **again)
    assert figures(paid(state, 400, payee="ROOM-A", invoice="R-1")) == (200, 0, 400, 400, 1000)
    [gone] = withdraw(state, record=RECORD, invoice="r-1", payee="room a")
    assert (gone.payee, gone.invoice) == ("Room A", "R-1")
    assert withdraw(state, record=RECORD, invoice="r-1") == [gone]
    assert withdraw(after(state, gone), record=RECORD, invoice="r-1", payee="room a") == []
