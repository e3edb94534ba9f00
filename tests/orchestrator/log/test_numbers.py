"""Money is stored as integers of bounded size everywhere; no float occurs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.booking.budget import BudgetSet
from domain.booking.payments import MoneySpent
from domain.core.money import WIDEST, Money
from domain.render.jobs import Report
from domain.status.events.event_types import KINDS
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.refusals import Unstorable
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.log.given import drafted

amounts = st.builds(Money, minor=st.integers(-WIDEST, WIDEST), currency=st.sampled_from(["EUR", "JPY", "BHD"]))
WRONG = [1.0, 0.1, nan, inf, -inf, True, "1", Decimal(1), None, WIDEST + 1, -WIDEST - 1, 10**30]


@contextmanager
def books(databases: Databases) -> Iterator[Log]:
    with Log.create(databases.place(), kinds=KINDS) as log:
        yield log


def spent(amount: Money) -> MoneySpent:
    return MoneySpent(record="night-bus", line="studio", amount=amount, payee="room-a", invoice="7")


@given(st.lists(amounts, min_size=1, max_size=6))
def test_every_amount_comes_back_to_the_unit(databases: Databases, amounts: list[Money]) -> None:
    with books(databases) as log:
        lines = {f"line-{number}": amount for number, amount in enumerate(amounts)}
        log.append(drafted(BudgetSet(record="night-bus", lines=lines), *map(spent, amounts)))
        first, *rest = [one.event for one in log.read(Query.of(BudgetSet, MoneySpent, tags=["record:night-bus"]))]
        assert isinstance(first, BudgetSet)
        assert dict(first.lines) == lines
        assert [event.amount for event in rest if isinstance(event, MoneySpent)] == amounts
        assert verify(log).sound


@pytest.mark.parametrize("minor", WRONG)
def test_what_is_no_whole_number_of_units_is_refused_at_the_door(minor: Any) -> None:
    with pytest.raises(ValidationError):
        Money(minor=minor, currency="EUR")


@pytest.mark.parametrize("text", ["1.0", "1e2", "NaN", "Infinity", '"1"', "true", str(10**19)])
def test_nor_is_it_read_from_json(text: str) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate_json(f'{{"minor": {text}, "currency": "EUR"}}')


@pytest.mark.parametrize("minor", [value for value in WRONG if not (value is None or value is True)])
def test_smuggled_past_the_door_it_is_not_recorded(databases: Databases, minor: Any) -> None:
    smuggled = Money(minor=1, currency="EUR").model_copy(update={"minor": minor})
    with books(databases) as log:
        with pytest.raises(Unstorable):
            log.append(drafted(spent(smuggled).model_copy(update={"amount": smuggled})))
        assert log.head().position == 0


def test_no_event_stores_a_float() -> None:
    """A decimal may be given as a number, and is stored as text."""
    schemas = json.dumps([model.model_json_schema(mode="serialization") for model in KINDS.values()])
    assert '"type": "number"' not in schemas


@pytest.mark.parametrize("measure", ["NaN", "nan", "-Infinity", "inf", "", " 1", "0x1", "1,5", "٣"])
def test_a_measure_without_bounds_is_no_measure(measure: str) -> None:
    with pytest.raises(ValidationError, match="measures"):
        Report.model_validate({"measures": {"integrated_lufs": measure}})


@pytest.mark.parametrize("measure", ["-14.03", "0", "1.5E-7", None])
def test_a_decimal_is_and_silence_is_none(measure: str | None) -> None:
    with pytest.raises(ValidationError) as error:
        Report.model_validate({"measures": {"integrated_lufs": measure}})
    assert "measures" not in {str(fault["loc"][0]) for fault in error.value.errors()}, "other fields are missing"
