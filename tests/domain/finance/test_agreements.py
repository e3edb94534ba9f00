"""Terms of deals that do not fit each other, what a deal binds at the most, and when its instalments fall due."""

from datetime import date

import pytest

from domain.booking.commitments import Commitment, CostCommitted
from domain.booking.session_events import SessionWorked
from domain.booking.spending_limit import above_limit
from domain.core.money import Money
from domain.core.refusal import Misused
from domain.finance.agreements import agree
from domain.finance.deals import Deal, DealAgreed, Fee, StatedTerms
from domain.finance.finances import Finances
from domain.finance.instalments import instalments_of
from tests.domain.booking.test_booking import hours

RECORD, DAY = "night-bus", date(2027, 1, 15)


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def deal(**terms: object) -> DealAgreed:
    given = {"deal": f"{RECORD}/D1", "record": RECORD, "person": "vic", "role": "mixer", "fee": eur(40_000)}
    return DealAgreed.model_validate({**given, "per": "record", "songs": 0, **terms})


def test_a_price_of_an_extra_revision_needs_the_number_of_those_included() -> None:
    stated = StatedTerms(fee=Fee(eur(40_000), "record"), extra=eur(15_000))
    with pytest.raises(Misused, match=r"deal\.extra"):
        agree(Finances(), record=RECORD, person="vic", role="mixer", stated=stated)


def test_each_instalment_has_a_term_or_none_has() -> None:
    stated = StatedTerms(fee=Fee(eur(40_000), "record"), pay=(5_000, 5_000), due=(DAY,))
    with pytest.raises(Misused, match=r"deal\.pay: 2 instalments have 1 terms"):
        agree(Finances(), record=RECORD, person="vic", role="mixer", stated=stated)


def test_an_instalment_falls_due_on_its_day() -> None:
    agreed = Deal(deal(due=(DAY,)))
    held = Commitment(eur(40_000))
    due = [
        one.due.minor
        for day in (DAY.replace(day=14), DAY)
        for one in instalments_of(agreed, held, songs=1, day=day, stage=None)
    ]
    assert due == [0, 40_000]
    [ended] = instalments_of(Deal(agreed.terms, ended=True), held, songs=1, day=DAY, stage=None)
    assert ended.open == eur(0)


def test_a_deal_binds_one_song_at_least_and_no_less_than_an_extra_revision() -> None:
    assert deal(per="song", songs=0).bound_amount == eur(40_000)
    assert deal(per="song", songs=3).bound_amount == eur(120_000)
    assert deal(extra=eur(50_000), revisions=1).bound_amount == eur(50_000)


def test_a_limit_is_kept_to_the_cent_and_bounds_no_fact() -> None:
    session = f"{RECORD}/S1"
    worked = SessionWorked(session=session, record=RECORD, resources=("room-a",), slots=(hours(10, 18),))

    def above(minor: int, *facts: SessionWorked) -> bool:
        cost = CostCommitted(record=RECORD, line="studio", session=session, amount=eur(minor))
        return above_limit(500, [*facts, cost], person="pat", role="producer", unlimited=["label"]) is not None

    assert [above(500), above(501)] == [False, True]
    assert not above(501, worked), "the cost of work that was done is owed"
