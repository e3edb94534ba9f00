"""Instalments of a deal: the amount of each, when it falls due, and the part that no invoice settles yet.

An instalment falls due on agreement, on a day, or when the record is in a stage: when its song that is least far is.
Where the deal states nothing else, the first of several is due on agreement, the last one, or the only one, on
delivery, and those between once the record is in mixing.

The amounts are cumulative shares of the whole price, each rounded half up to the minor unit, less what came before: so
they add up to the price exactly, also when songs or extra revisions change it.  Invoices for the deal, received or
paid, settle the instalments in their order.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.booking.commitments import Commitment
from domain.booking.received_invoices import WHOLE
from domain.core.event import Stage
from domain.core.money import Money, zero
from domain.finance.deals import AGREED, Deal, DealAgreed, DueTerm
from domain.finance.exchange import share
from domain.label.stages import is_before

MIDDLE: Final[Stage] = "mixing"
"""Stage in which an instalment between the first and the last falls due, if the deal states nothing else."""
LAST: Final[Stage] = "delivered"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment of a deal, as it is looked at on a day."""

    number: int
    """From 1."""
    count: int
    """Number of instalments of the deal."""
    points: int
    """Share of the whole price in basis points."""
    amount: Money
    term: DueTerm
    open: Money
    """The part that no invoice settles yet."""
    has_fallen: bool
    """True if the day or the event of its term has come."""

    @property
    def due(self) -> Money:
        """The part that is to be paid now."""
        return self.open if self.has_fallen else zero(self.amount.currency)

    @property
    def name(self) -> str:
        """Number, share and term, such as ``2 of 3, 40%, in mixing``."""
        return f"{self.number} of {self.count}, {self.points * 100 / WHOLE:g}%, {term_in_words(self.term)}"

    @property
    def state(self) -> str:
        """``settled``, ``not due yet``, or the part that is due, such as ``100.00 EUR due``."""
        if not self.open.minor:
            return "settled"
        return f"{self.open} due" if self.has_fallen else "not due yet"


def term_in_words(term: DueTerm) -> str:
    """A term in words: ``on agreement``, ``on 2027-01-15``, ``in mixing``, ``on delivery``."""
    if isinstance(term, date):
        return f"on {term}"
    return {AGREED: "on agreement", LAST: "on delivery"}.get(term, f"in {term}")


def default_terms(count: int) -> tuple[DueTerm, ...]:
    """The terms of *count* instalments of which nothing is stated."""
    return (AGREED, *[MIDDLE] * (count - 2), LAST) if count > 1 else (LAST,)


def terms_of(deal: DealAgreed) -> tuple[DueTerm, ...]:
    """The term of each instalment of *deal*."""
    return deal.due or default_terms(len(deal.pay))


def instalments(total: Money, pay: tuple[int, ...]) -> tuple[Money, ...]:
    """The parts of *total* in the shares *pay* (basis points, together 10,000), which sum up to it exactly."""
    parts, done, so_far = list[Money](), zero(total.currency), 0
    for points in pay:
        so_far += points
        due = share(total, so_far)
        parts.append(due - done)
        done = due
    return tuple(parts)


def instalments_of(
    deal: Deal, held: Commitment | None, *, songs: int, day: date, stage: Stage | None
) -> tuple[Instalment, ...]:
    """The instalments of *deal*; nothing of an ended deal, or of one whose final invoice came, is open.

    Args:
        deal: the deal.
        held: its commitment, with the invoices for it.
        songs: number of songs of the record.
        day: the day on which it is looked at.
        stage: stage of the record, None if it has no song.
    """
    terms, total = deal.terms, deal.amount(songs)
    nothing = zero(total.currency)
    is_open = held is not None and held.open.minor > 0 and not deal.ended
    settled = sum(held.paid.values(), nothing) if held else nothing
    found, before = list[Instalment](), nothing
    for number, (points, amount, term) in enumerate(
        zip(terms.pay, instalments(total, terms.pay), terms_of(terms), strict=True), start=1
    ):
        before += amount
        rest = min(amount, max(nothing, before - settled)) if is_open else nothing
        has_fallen = _has_fallen(term, day, stage)
        found.append(Instalment(number, len(terms.pay), points, amount, term, rest, has_fallen))
    return tuple(found)


def _has_fallen(term: DueTerm, day: date, stage: Stage | None) -> bool:
    if isinstance(term, date):
        return term <= day
    return term == AGREED or (stage is not None and not is_before(stage, term))
