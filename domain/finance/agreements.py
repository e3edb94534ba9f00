"""Decisions on deals: to agree one, to change its terms, and to end it."""

from domain.booking.costs import refuse_overdraft
from domain.booking.received_invoices import WHOLE
from domain.core.refusal import Misused, Refused, suggest
from domain.finance.deals import DealAgreed, DealEnded, DealEvent, StatedTerms
from domain.finance.finances import Finances, evolve


def agree(
    finances: Finances, *, record: str, person: str, role: str, stated: StatedTerms, line: str | None = None
) -> tuple[str, list[DealEvent]]:
    """Agree that *person* works as *role* for a fee; commit that to *line*, or leave it unbudgeted without one.

    Without a budget, a named line pays nothing yet, and the fee is unbudgeted.

    Args:
        finances: those of the record.
        record: its id.
        person: id of the person.
        role: a word for their work.
        stated: the fee, and every other term that is not at its default.
        line: the line that pays.

    Returns:
        Id of the deal, and the new events; none if it is agreed already.

    Raises:
        Misused: ``deal.fee`` without a fee; ``deal.pay``, ``deal.extra``, ``money.currency``.
        NotFound: ``budget.line``.
        Refused: ``deal.exists`` when the person has a deal of other terms for this work; ``budget.guard``.
    """
    if stated.fee is None:
        raise Misused("deal.fee", "a deal has a fee; write 400/song, or 2000 for the whole record")
    paying = line if finances.budget.lines else None
    there = next(
        (id_ for id_, one in finances.living_deals().items() if (one.terms.person, one.terms.role) == (person, role)),
        None,
    )
    deal = there or f"{record}/D{len(finances.deals) + 1}"
    fee, per = stated.fee
    at_default = DealAgreed(
        deal=deal, record=record, person=person, role=role, fee=fee, per=per, songs=finances.song_count, line=paying
    )
    new = stated.changed(at_default)
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


def change_terms(finances: Finances, *, deal: str, stated: StatedTerms) -> list[DealEvent]:
    """Change the *stated* terms of *deal*.  The terms it has yield no event.

    With other instalments (*pay*), the terms on which they fall due (*due*) are stated anew too.

    Raises:
        Misused: ``deal.pay``, ``deal.extra``, ``money.currency``.
        NotFound: ``deal.unknown``.
        Refused: ``deal.ended``; ``budget.guard``.
    """
    known = finances.deal(deal)
    if known.ended:
        raise Refused("deal.ended", f"{deal} has ended; agree a new one", next=suggest("deal list", known.terms.record))
    changed = stated.changed(known.terms)
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
