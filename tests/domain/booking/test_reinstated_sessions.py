"""A cancelled session is booked again: at the price of its booking, whatever its cancellation cost."""

from datetime import UTC, timedelta

import pytest

from domain.booking.booking import cancel, reinstate
from domain.core.fold import fold_events
from domain.core.money import Money
from tests.domain.cases.booking import RECORD, eur, slot
from tests.domain.cases.sessions import FURNISHED, S1, Terms, book, evolve


def cancelled_late(line: str | None) -> Terms:
    """Room A at 300.00 and three calls of Jo at 100.00, cancelled a day before: Jo asks for all, the room for none."""
    wanted = {"record": RECORD, "resources": ["room-a", "jo"], "slots": slot(4), "currency": "EUR", "zone": UTC}
    _, events = book(FURNISHED, line=line, **wanted)
    state = fold_events(evolve, FURNISHED, events)
    now = slot(4)[0].start - timedelta(days=1)
    return fold_events(evolve, state, cancel(*state[:2], record=RECORD, session=S1, register=state[2], now=now))


def committed(state: Terms) -> Money:
    held = state[1].commitment(S1)
    assert held is not None
    return held.open


@pytest.mark.parametrize("line", ["studio", None])
def test_its_price_is_due_again_and_not_the_fee(line: str | None) -> None:
    state = cancelled_late(line)
    assert committed(state) == eur("300")
    again = fold_events(
        evolve, state, reinstate(*state[:2], record=RECORD, session=S1, zone=UTC, register=state[2])
    )  # fmt: skip
    assert committed(again) == eur("600")
    assert (again[1].line_of(S1), again[0].sessions[S1].cost) == (line, eur("600"))
