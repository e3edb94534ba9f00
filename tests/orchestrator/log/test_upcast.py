"""Old shapes are upcast on reading; stored bytes stay as they are."""

import json
from types import MappingProxyType
from typing import ClassVar, Literal

import pytest

from domain.core.event import Event, RecordId
from orchestrator.log.codec import Codec
from orchestrator.log.database.url import Place
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from orchestrator.log.upcast import upcast
from tests.orchestrator.log.given import drafted


class PaidInEuros(Event):
    """The shape of a first release: whole euros."""

    kind: Literal["paid"] = "paid"
    record: RecordId
    euros: int


class Paid(Event):
    """The shape of the third: minor units, and a currency."""

    schema_number: ClassVar[int] = 3
    kind: Literal["paid"] = "paid"
    record: RecordId
    minor: int
    currency: str


def to_minor(data: str) -> str:
    old = json.loads(data)
    return json.dumps({"record": old["record"], "minor": old["euros"] * 100})


def with_currency(data: str) -> str:
    return json.dumps({**json.loads(data), "currency": "EUR"})


PAID = Paid(record="night-bus", minor=700, currency="EUR")
STEPS = MappingProxyType({("paid", 1): to_minor, ("paid", 2): with_currency})


def test_an_old_shape_is_lifted_step_by_step() -> None:
    lifted = upcast("paid", 1, '{"record": "night-bus", "euros": 7}', to=3, steps=STEPS)
    assert Paid.model_validate_json(lifted) == PAID


def test_todays_shape_is_left_as_it_is() -> None:
    assert upcast("paid", 3, "{ }", to=3, steps=STEPS) == "{ }"


def test_an_old_store_is_read_in_todays_shapes_and_its_bytes_stay(place: Place) -> None:
    with Log.create(place, kinds={"paid": PaidInEuros}) as old:
        old.append(drafted(PaidInEuros(record="night-bus", euros=7)))
    with Log.open(place, kinds={"paid": Paid}) as today:
        [[row]] = today._reader.all(0, 1)
        assert Codec({"paid": Paid}, str(place), steps=STEPS).decode(row, strict=True).event == PAID
        assert list(today._reader.all(0, 1)) == [[row]]
        assert verify(today).sound
        with pytest.raises(StoreDamaged, match="position 1: not a paid"):
            list(today.read_all())  # a released program has all steps; without one it refuses to guess
