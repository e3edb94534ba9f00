"""Published rates of unions as rate cards: facts, each with its source and date.

They are starting points: an agreement changes more often than a program, and ``source`` says how old these are.
"""

from collections.abc import Mapping
from typing import Final

from domain.booking.terms.rate_cards import CancellationStep, OnCost, Overtime, RateCard, Uplifts
from domain.core.money import Money

_BPI: Final = "Musicians' Union and BPI, non-classical, published 2023-04-28, musiciansunion.org.uk"
_SRLA: Final = "AFM Sound Recording Labor Agreement, scale of 2019-02, local802afm.org, Allegro 2019-03"
_BPI_UPLIFTS: Final = Uplifts(double_bp=2_500, further_double_bp=1_500, overdub_bp=11_000)
"""25 % for a second instrument, 40 % for two more, 110 % for an overdub, of the fee and its overtime."""


def _bpi(fee: int, hours: int, finished: int, overtime: int) -> RateCard:
    """A session of the agreement of Musicians' Union and BPI; amounts in pence."""
    return RateCard(
        basis="call", amount=Money(minor=fee, currency="GBP"), length_minutes=hours * 60, finished_minutes=finished,
        overtime=Overtime(unit_minutes=15, amount=Money(minor=overtime, currency="GBP")), uplifts=_BPI_UPLIFTS,
        source=_BPI,
    )  # fmt: skip


PRESETS: Final[Mapping[str, RateCard]] = {
    "mu-session": _bpi(13_000, 3, 20, 3_250),
    "mu-long-session": _bpi(19_440, 4, 30, 4_860),
    "mu-short-session": _bpi(9_720, 2, 10, 2_430),
    "afm-session": RateCard(
        basis="call", amount=Money(minor=43_421, currency="USD"), length_minutes=180, finished_minutes=15,
        uplifts=Uplifts(leader_bp=10_000),
        on_costs=(
            OnCost(name="pension", share_bp=1_281),
            OnCost(name="health", per_unit=Money(minor=2_800, currency="USD")),
        ),
        cancellation=(CancellationStep(notice_minutes=7 * 24 * 60, fee_bp=10_000),), source=_SRLA,
    ),
}  # fmt: skip
"""Rate cards by the name of the preset.

``afm-session`` states no overtime: each begun length is another call.  Its health sum is that of the first session of a
day; a leader gets double scale; a call cannot be cancelled within seven days.
"""
