"""Decisions on deals: to agree one, to change its terms, and to end it."""

from typing import Final

from domain.booking.costs import refuse_overdraft
from domain.booking.received_invoices import WHOLE
from domain.core.money import Money
from domain.core.refusal import Misused, Refused, suggest
from domain.finance.deals import DealAgreed, DealEnded, DealEvent, DueTerm, FeePer
from domain.finance.finances import Finances, evolve

AT_ONCE: Final = (WHOLE,)


def agree(
    finances: Finances,
    *,
    record: str,
    person: str,
    role: str,
    fee: Money,
    per: FeePer,
    revisions: int | None = None,
    extra: Money | None = None,
    line: str | None = None,
    pay: tuple[int, ...] = AT_ONCE,
    due: tuple[DueTerm, ...] = (),
    recoupable_bp: int = 0,
) -> tuple[str, list[DealEvent]]:
    """Agree that *person* works as *role* for *fee*; commit that to *line*, or leave it unbudgeted without one.

    Without a budget, a named line pays nothing yet, and the fee is unbudgeted.

    Args:
        finances: those of the record.
        record: its id.
        person: id of the person.
        role: a word for their work.
        fee: for each song of the record, or once.
        per: ``song`` or ``record``.
        revisions: mix revisions of each song that the fee includes; None: all.
        extra: price of each further revision.
        line: the line that pays.
        pay: instalments in basis points.
        due: term of each instalment; empty for those of :func:`domain.finance.instalments.default_terms`.
        recoupable_bp: share that royalties pay back, in basis points.

    Returns:
        Id of the deal, and the new events; none if it is agreed already.

    Raises:
        Misused: ``deal.pay``, ``deal.extra``, ``money.currency``.
        NotFound: ``budget.line``.
        Refused: ``deal.exists`` when the person has a deal of other terms for this work; ``budget.guard``.
    """
    paying = line if finances.budget.lines else None
    there = next(
        (id_ for id_, one in finances.living_deals().items() if (one.terms.person, one.terms.role) == (person, role)),
        None,
    )
    deal = there or f"{record}/D{len(finances.deals) + 1}"
    new = DealAgreed(
        deal=deal, record=record, person=person, role=role, fee=fee, per=per, songs=finances.song_count,
        revisions=revisions, extra=extra, line=paying, pay=pay, recoupable_bp=recoupable_bp,
        due=due,
    )  # fmt: skip
    if there:
        known = finances.deals[there].terms
        if new.model_copy(update={"songs": known.songs}) == known:
            return there, []
        raise Refused(
            "deal.exists",
            f"{person} has a deal as {role} already: {known.describe()}; change its terms, or end it",
            next=suggest("deal show", there),
        )
    return deal, _agreed(finances, new)


def change_terms(
    finances: Finances,
    *,
    deal: str,
    fee: Money | None = None,
    per: FeePer | None = None,
    revisions: int | None = None,
    extra: Money | None = None,
    pay: tuple[int, ...] | None = None,
    due: tuple[DueTerm, ...] = (),
    recoupable_bp: int | None = None,
) -> list[DealEvent]:
    """Change the terms of *deal*; arguments that are None leave them.  The terms it has yield no event.

    With other instalments (*pay*), the terms on which they fall due (*due*) are stated anew too.

    Raises:
        Misused: ``deal.pay``, ``deal.extra``, ``money.currency``.
        NotFound: ``deal.unknown``.
        Refused: ``deal.ended``; ``budget.guard``.
    """
    known = finances.deal(deal)
    if known.ended:
        raise Refused("deal.ended", f"{deal} has ended; agree a new one", next=suggest("deal list", known.terms.record))
    stated = {
        "fee": fee, "per": per, "revisions": revisions, "extra": extra, "pay": pay, "recoupable_bp": recoupable_bp,
        "due": None if pay is None else due,
    }  # fmt: skip
    changed = known.terms.model_copy(update={name: value for name, value in stated.items() if value is not None})
    if changed == known.terms:
        return []
    return _agreed(finances, changed.model_copy(update={"songs": finances.song_count}))


def end_deal(finances: Finances, *, deal: str) -> list[DealEvent]:
    """End *deal* and free what is still committed to it.  Repeated, it yields no event.

    Raises:
        NotFound: ``deal.unknown``.
    """
    known, held = finances.deal(deal), finances.budget.commitment(deal)
    if known.ended or held is None:
        return []
    return [DealEnded(deal=deal, record=known.terms.record, amount=held.open)]


def _agreed(finances: Finances, new: DealAgreed) -> list[DealEvent]:
    """The event *new*, unless its terms do not fit or its line cannot pay."""
    if sum(new.pay) != WHOLE:
        raise Misused("deal.pay", f"instalments add up to 100, not {sum(new.pay) / 100:g}; write them like 50/50")
    if len(new.due) not in {0, len(new.pay)}:
        raise Misused("deal.pay", f"{len(new.pay)} instalments have {len(new.due)} terms; each has one, or none has")
    if new.extra is not None:
        _ = new.fee - new.extra  # refuses another currency
        if new.revisions is None:
            raise Misused("deal.extra", "a price of an extra revision needs the number of those included")
    if new.line is not None:
        finances.budget.line(new.line, record=new.record)
        after = evolve(finances, new).budget
        held = after.lines[new.line].committed[new.deal]
        refuse_overdraft(finances.budget, after, record=new.record, line=new.line, cost=held.amount, of=new.deal)
    return [new]
