from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.booking.budget import Budget, BudgetEvent, evolve, set_lines
from domain.booking.commitments import CommitmentReleased
from domain.booking.costs import commit, leave_unbudgeted, release
from domain.booking.invoices import correct, spend, void
from domain.booking.payments import MoneySpent, PaymentCorrected
from domain.core.money import Money
from domain.core.refusal import Misused, NotFound, Refused

NIGHT_BUS = "night-bus"
S1, S2 = f"{NIGHT_BUS}/S1", f"{NIGHT_BUS}/S2"


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def after(events: Sequence[BudgetEvent], budget: Budget | None = None) -> Budget:
    state = budget or Budget()
    for event in events:
        state = evolve(state, event)
    return state


def booked() -> Budget:
    """7,200 for the studio, of which 2,400 are committed to S1; 2,400 for mixing."""
    budget = after(set_lines(Budget(), record=NIGHT_BUS, lines={"studio": eur(720_000), "mixing": eur(240_000)}))
    return after(commit(budget, record=NIGHT_BUS, line="studio", session=S1, amount=eur(240_000)), budget)


def pay(
    budget: Budget,
    minor: int,
    invoice: str = "INV-1",
    *,
    line: str = "studio",
    session: str | None = S1,
    final: bool = False,
    payee: str = "room-a",
) -> list[BudgetEvent]:
    return spend(
        budget, record=NIGHT_BUS, line=line, amount=eur(minor), payee=payee, invoice=invoice, session=session,
        final=final,
    )  # fmt: skip


def sums(budget: Budget, name: str = "studio") -> tuple[int, int, int]:
    """Committed, spent and left of a line, in cents."""
    line = budget.line(name)
    return line.promised.minor, line.spent.minor, line.left.minor


def test_a_deposit_settles_as_much_as_it_pays() -> None:
    assert sums(after(pay(booked(), 60_000), booked())) == (180_000, 60_000, 480_000)


def test_a_final_payment_frees_the_rest() -> None:
    deposit = after(pay(booked(), 60_000), booked())
    assert sums(after(pay(deposit, 100_000, "INV-2", final=True), deposit)) == (0, 160_000, 560_000)


def test_a_payment_beyond_its_commitment_is_paid_by_what_the_line_has_left() -> None:
    budget = booked()
    assert sums(after(pay(budget, 720_000), budget)) == (0, 720_000, 0)
    with pytest.raises(Refused, match=r"INV-1 costs 7,200\.01 EUR, studio has 7,200\.00 EUR left, short 0\.01 EUR"):
        pay(budget, 720_001)


def test_a_payment_of_the_first_shape_frees_its_whole_commitment_as_it_always_did() -> None:
    stored = '{"kind":"money-spent","record":"night-bus","line":"studio","amount":{"minor":60000,"currency":"EUR"},'
    stored += '"payee":"room-a","invoice":"INV-1","session":"night-bus/S1"}'
    budget = after([MoneySpent.model_validate_json(stored)], booked())
    assert sums(budget) == (0, 60_000, 660_000)
    assert pay(budget, 60_000) == [], "the command of that time, again"


def test_a_commitment_of_one_line_may_be_paid_from_another() -> None:
    budget = after(pay(booked(), 60_000, line="mixing"), booked())
    assert (sums(budget), sums(budget, "mixing")) == ((180_000, 0, 540_000), (0, 60_000, 180_000))


def test_final_is_said_of_a_session_alone() -> None:
    with pytest.raises(Misused, match=r"money\.final"):
        pay(booked(), 1, session=None, final=True)


def test_a_paid_invoice_that_turns_out_to_be_the_last_is_refused_with_the_command_that_says_so() -> None:
    budget = after(pay(booked(), 60_000), booked())
    with pytest.raises(Refused, match=r"money\.invoice"):
        pay(budget, 60_000, final=True)
    assert sums(after(correct(budget, record=NIGHT_BUS, invoice="INV-1", final=True), budget)) == (0, 60_000, 660_000)


def test_a_correction_states_what_is_given_and_keeps_the_rest() -> None:
    budget = after(pay(booked(), 60_000), booked())
    (event,) = correct(budget, record=NIGHT_BUS, invoice="INV-1", amount=eur(65_001))
    assert event == PaymentCorrected(
        record=NIGHT_BUS, payee="room-a", invoice="INV-1", line="studio", amount=eur(65_001), session=S1
    )
    budget = after([event], budget)
    assert sums(budget) == (174_999, 65_001, 480_000)
    moved = after(correct(budget, record=NIGHT_BUS, invoice="INV-1", line="mixing", session=""), budget)
    assert (sums(moved), sums(moved, "mixing")) == ((240_000, 0, 480_000), (0, 65_001, 174_999))


def test_a_corrected_payment_of_the_first_shape_still_frees_the_rest_unless_it_is_said_not_to() -> None:
    old = MoneySpent(record=NIGHT_BUS, line="studio", amount=eur(60_000), payee="", invoice="7", session=S1)
    budget = after([old], booked())
    assert correct(budget, record=NIGHT_BUS, invoice="7", final=True) == []
    assert sums(after(correct(budget, record=NIGHT_BUS, invoice="7", amount=eur(70_000)), budget))[0] == 0
    assert sums(after(correct(budget, record=NIGHT_BUS, invoice="7", final=False), budget))[0] == 180_000
    general = after([old.model_copy(update={"session": None})], booked())
    assert sums(after(correct(general, record=NIGHT_BUS, invoice="7", session=S1), general))[0] == 180_000


def test_a_correction_beyond_a_line_is_refused_to_the_cent() -> None:
    budget = after(pay(booked(), 60_000), booked())
    assert correct(budget, record=NIGHT_BUS, invoice="INV-1", amount=eur(720_000))
    with pytest.raises(Refused, match=r"budget\.guard: .* short 0\.01 EUR") as no:
        correct(budget, record=NIGHT_BUS, invoice="INV-1", amount=eur(720_001))
    assert no.value.values["short"] == eur(1)


def test_a_voided_payment_was_never_made_and_its_number_is_free() -> None:
    deposit = after(pay(booked(), 60_000), booked())
    budget = after(void(deposit, record=NIGHT_BUS, invoice="INV-1"), deposit)
    assert sums(budget) == sums(booked())
    assert void(budget, record=NIGHT_BUS, invoice="INV-1") == []
    again = after(pay(budget, 70_000), budget)
    assert sums(again) == (170_000, 70_000, 480_000)
    assert void(again, record=NIGHT_BUS, invoice="INV-1")


def test_a_final_payment_is_not_voided_when_what_it_freed_is_spent_elsewhere() -> None:
    budget = after(pay(booked(), 60_000, final=True), booked())
    budget = after(pay(budget, 660_000, "INV-2", session=None), budget)
    with pytest.raises(Refused, match=r"budget\.guard: without INV-1, studio .* 1,800\.00 EUR short"):
        void(budget, record=NIGHT_BUS, invoice="INV-1")


def test_an_invoice_is_named_with_its_payee_where_two_have_its_number() -> None:
    budget = after(pay(booked(), 100), booked())
    budget = after(pay(budget, 200, payee="drum-hire", session=None), budget)
    with pytest.raises(NotFound, match=r"money\.unpaid: 2 payees have an invoice INV-1: room-a, drum-hire"):
        void(budget, record=NIGHT_BUS, invoice="INV-1")
    assert sums(after(void(budget, record=NIGHT_BUS, invoice="INV-1", payee="drum-hire"), budget))[1] == 100
    with pytest.raises(NotFound, match=r"money\.unpaid: no invoice INV-9"):
        correct(budget, record=NIGHT_BUS, invoice="INV-9", amount=eur(1))


def test_an_unbudgeted_session_is_paid_from_a_line_and_its_cost_falls_by_that() -> None:
    budget = after(leave_unbudgeted(booked(), record=NIGHT_BUS, session=S2, amount=eur(60_000)), booked())
    assert (budget.beside, sums(budget)[2]) == (eur(60_000), 480_000)
    paid = after(pay(budget, 20_000, session=S2), budget)
    assert (paid.beside, sums(paid)) == (eur(40_000), (240_000, 20_000, 460_000))
    assert after(pay(paid, 1, "INV-2", session=S2, final=True), paid).beside == eur(0)
    assert after(void(paid, record=NIGHT_BUS, invoice="INV-1"), paid).beside == eur(60_000)


def test_an_unbudgeted_cost_that_a_line_takes_over_keeps_what_was_paid() -> None:
    budget = after(leave_unbudgeted(booked(), record=NIGHT_BUS, session=S2, amount=eur(60_000)), booked())
    paid = after(pay(budget, 20_000, session=S2), budget)
    taken = after(commit(paid, record=NIGHT_BUS, line="mixing", session=S2, amount=eur(60_000)), paid)
    assert (taken.beside, sums(taken, "mixing")) == (None, (40_000, 0, 200_000))


def test_what_is_released_is_free_for_good_and_its_payments_stay() -> None:
    deposit = after(pay(booked(), 60_000), booked())
    (event,) = release(deposit, record=NIGHT_BUS, session=S1)
    assert isinstance(event, CommitmentReleased)
    assert (event.line, event.amount) == ("studio", eur(180_000))
    freed = after([event], deposit)
    assert sums(freed) == (0, 60_000, 660_000)
    assert release(freed, record=NIGHT_BUS, session=S1) == []
    assert release(freed, record=NIGHT_BUS, session=S2) == []
    assert sums(after(void(freed, record=NIGHT_BUS, invoice="INV-1"), freed)) == (0, 0, 720_000)
    assert sums(after(pay(freed, 10_000, "FEE"), freed)) == (0, 70_000, 650_000), "a fee for the cancelled session"


LINES = st.sampled_from(["studio", "mixing", "catering"])
AMOUNTS = st.integers(0, 500)
SESSIONS = st.sampled_from([S1, S2])
INVOICES = st.sampled_from(["1", "2", "3"])
WISHES = st.one_of(
    st.tuples(st.just("set"), LINES, AMOUNTS),
    st.tuples(st.just("commit"), LINES, AMOUNTS, SESSIONS),
    st.tuples(st.just("leave"), AMOUNTS, SESSIONS),
    st.tuples(st.just("spend"), LINES, AMOUNTS, INVOICES, st.none() | SESSIONS, st.booleans()),
    st.tuples(st.just("whole"), LINES, AMOUNTS, INVOICES, SESSIONS),
    st.tuples(st.just("correct"), st.none() | LINES, AMOUNTS, INVOICES, st.none() | st.just("") | SESSIONS,
              st.none() | st.booleans()),
    st.tuples(st.just("void"), INVOICES),
    st.tuples(st.just("cancel"), SESSIONS),
)  # fmt: skip
Wish = tuple[object, ...]


@dataclass
class Ledger:
    """An independent book of a record's money: recorded payments, and sums that are added up anew at each question."""

    approved: dict[str, int] = field(default_factory=dict)
    costs: dict[str, tuple[str | None, int, int]] = field(default_factory=dict)
    """Line, amount and time of a session's cost; the line is None where the cost is unbudgeted."""
    payments: dict[str, tuple[str, int, str | None, bool, int]] = field(default_factory=dict)
    """Line, amount, session, finality and time of a payment."""
    cancelled: set[str] = field(default_factory=set)
    time: int = 0

    def apply(self, wish: Wish, granted: Sequence[BudgetEvent]) -> None:  # noqa: C901 - one case a wish
        if not granted:
            return
        self.time += 1
        match wish:
            case ("set", str(line), int(amount)):
                self.approved[line] = amount
            case ("commit", str(line), int(amount), str(session)):
                self.costs[session] = (line, amount, self.time)
            case ("leave", int(amount), str(session)):
                self.costs[session] = (None, amount, self.time)
            case ("spend", str(line), int(amount), str(invoice), session, bool(final)):
                self.payments[invoice] = (line, amount, session and str(session), final, self.time)
            case ("whole", str(line), int(amount), str(invoice), str(session)):
                self.payments[invoice] = (line, amount, session, True, self.time)
            case ("correct", line, int(amount), str(invoice), session, final):
                before = self.payments[invoice]
                of = before[2] if session is None else str(session) or None
                closes = before[3] and of is not None if final is None else bool(final)
                self.payments[invoice] = (str(line or before[0]), amount, of, closes, self.time)
            case ("void", str(invoice)):
                del self.payments[invoice]
            case ("cancel", str(session)):
                self.cancelled.add(session)

    def sums(self, line: str) -> tuple[int, int, int]:
        spent = sum(amount for name, amount, *_ in self.payments.values() if name == line)
        committed = sum(self.open(session) for session, (name, *_) in self.costs.items() if name == line)
        return committed, spent, self.approved[line] - committed - spent

    def beside(self) -> int:
        return sum(self.open(session) for session, (line, *_) in self.costs.items() if line is None)

    def open(self, session: str) -> int:
        if session in self.cancelled:
            return 0
        _, amount, since = self.costs[session]
        own = [one for one in self.payments.values() if one[2] == session]
        if any(final and time > since for *_, final, time in own):
            return 0
        return max(0, amount - sum(paid for _, paid, *_ in own))


def decide(budget: Budget, wish: Wish, ledger: Ledger) -> list[BudgetEvent]:  # noqa: C901, PLR0911 - one case a wish
    match wish:
        case ("set", str(line), int(amount)):
            return set_lines(budget, record=NIGHT_BUS, lines={line: eur(amount)})
        case ("commit", str(line), int(amount), str(session)):
            if session in ledger.cancelled or ledger.costs.get(session, (None,))[0] not in {None, line}:
                raise Refused("test", "a session that takes place is committed in one line")
            return commit(budget, record=NIGHT_BUS, line=line, session=session, amount=eur(amount))
        case ("leave", int(amount), str(session)):
            if session in ledger.cancelled or ledger.costs.get(session, (None,))[0] is not None:
                raise Refused("test", "a session that a line pays is not unbudgeted")
            return leave_unbudgeted(budget, record=NIGHT_BUS, session=session, amount=eur(amount))
        case ("spend", str(line), int(amount), str(invoice), session, bool(final)):
            return pay(budget, amount, invoice, line=line, session=session and str(session), final=final, payee="")
        case ("whole", str(line), int(amount), str(invoice), str(session)):
            events = pay(budget, amount, invoice, line=line, session=session, final=True, payee="")
            return [
                one.model_copy(update={"settles": "whole", "final": False})
                for one in events
                if isinstance(one, MoneySpent)
            ]
        case ("correct", line, int(amount), str(invoice), session, final):
            return correct(
                budget, record=NIGHT_BUS, invoice=invoice, line=None if line is None else str(line),
                amount=eur(amount), session=None if session is None else str(session),
                final=None if final is None else bool(final),
            )  # fmt: skip
        case ("void", str(invoice)):
            return void(budget, record=NIGHT_BUS, invoice=invoice)
        case ("cancel", str(session)):
            return release(budget, record=NIGHT_BUS, session=session)
        case _:
            raise AssertionError(wish)


@given(st.lists(WISHES, max_size=30))
def test_after_any_history_the_sums_are_those_of_the_ledger_and_a_repeat_yields_nothing(wishes: list[Wish]) -> None:
    budget, ledger = Budget(), Ledger()
    for wish in wishes:
        try:
            new = decide(budget, wish, ledger)
        except (Refused, NotFound, Misused):
            continue
        budget = after(new, budget)
        ledger.apply(wish, new)
        assert decide(budget, wish, ledger) == []
        assert (budget.beside or eur(0)).minor == ledger.beside()
        for line in budget.lines:
            assert sums(budget, line) == ledger.sums(line)
            assert budget.line(line).left.minor >= 0


@pytest.mark.parametrize(
    ("payee", "invoice"),
    [
        ("Room A", "INV-1"),
        ("ROOM  a", "INV-1"),
        ("room-a", "inv-1"),
        ("room-a", " INV-1 "),
        ("room a", "INV\u2011-1".replace("\u2011", "")),
    ],
)
def test_an_invoice_is_not_paid_once_for_each_spelling(payee: str, invoice: str) -> None:
    paid = after(pay(booked(), 120_000), booked())
    assert pay(paid, 120_000, invoice, payee=payee) == []
    with pytest.raises(Refused, match=r"money\.invoice: invoice INV-1 of room-a is booked already"):
        pay(paid, 120_001, invoice, payee=payee)
    assert correct(paid, record=NIGHT_BUS, invoice=invoice, amount=eur(110_000)) == correct(
        paid, record=NIGHT_BUS, invoice="INV-1", payee="room-a", amount=eur(110_000)
    )
    [voided] = void(paid, record=NIGHT_BUS, invoice=invoice, payee=payee)
    assert (voided.payee, voided.invoice) == ("room-a", "INV-1")
    again = after(pay(after([voided], paid), 90_000, invoice, payee=payee), after([voided], paid))
    assert [one.key for one in again.payments()] == [("room-a", "INV-1")]


@pytest.mark.parametrize(
    ("payee", "invoice"), [("Room B", "INV-1"), ("Room A", "INV-11"), ("Room A", "INV1"), ("", "INV-1")]
)
def test_other_names_and_numbers_are_other_invoices(payee: str, invoice: str) -> None:
    paid = after(pay(booked(), 120_000), booked())
    assert len(pay(paid, 120_000, invoice, payee=payee)) == 1


def test_two_invoices_that_an_older_log_has_in_two_spellings_are_still_told_apart() -> None:
    paid = booked()
    for payee in ("Room A", "room a"):
        event = MoneySpent(
            record=NIGHT_BUS, line="studio", amount=eur(100), payee=payee, invoice="1", session=S1, settles="amount"
        )
        paid = after([event], paid)
    [voided] = void(paid, record=NIGHT_BUS, invoice="1", payee="room a")
    assert voided.payee == "room a"
    assert void(after([voided], paid), record=NIGHT_BUS, invoice="1", payee="room a") == []
