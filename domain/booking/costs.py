"""Decisions on the costs of a record's sessions: commit them to a line, leave them unbudgeted, or release them."""

from typing import Final

from domain.booking.budget import BookingRefused, Budget, BudgetEvent, evolve
from domain.booking.commitments import Commitment, CommitmentReleased, CostCommitted, CostUnbudgeted
from domain.core.money import Money, plain_amount, zero
from domain.core.refusal import Refused, Suggestion, suggest

OVERRIDE: Final = "label may raise the line or authorise an overrun"
"""The role that may override the guard, and how."""


def commit(budget: Budget, *, record: str, line: str, session: str, amount: Money) -> list[BudgetEvent]:
    """Commit *amount* of *line* to *session*.  An identical commitment yields no event.

    Raises:
        NotFound: ``budget.line``.
        Refused: ``budget.guard`` when the line cannot pay; the caller records the refusal's ``noted`` event.
    """
    held = budget.line(line, record=record).committed.get(session)
    if held and held.amount == amount and not held.released:
        return []
    new = CostCommitted(record=record, line=line, session=session, amount=amount)
    refuse_overdraft(budget, evolve(budget, new), record=record, line=line, cost=amount, of=session)
    return [new]


def refuse_overdraft(budget: Budget, after: Budget, *, record: str, line: str, cost: Money, of: str) -> None:
    """Refuse a commitment by which *line* would be overdrawn, or more than it is already.

    Args:
        budget: the budget before.
        after: the budget after it.
        record: id of the record.
        line: the line that would pay.
        cost: the whole amount of the commitment.
        of: id of its session or deal.

    Raises:
        Refused: ``budget.guard``, with the event to note.
    """
    nothing, left = zero(cost.currency), after.line(line).left
    if left < nothing and left < budget.line(line).left:
        short = nothing - left
        needs = after.lines[line].committed[of].open
        raise Refused(
            "budget.guard",
            f"{line} needs {needs}, left {needs - short}, short {short}; {OVERRIDE}",
            next=raise_line(budget, record=record, line=line, short=short),
            short=short,
            noted=BookingRefused(record=record, line=line, cost=cost, short=short),
        )


def leave_unbudgeted(
    budget: Budget, *, record: str, session: str, amount: Money, line: str | None = None
) -> list[BudgetEvent]:
    """Record that *session* costs *amount* and no line pays it.  The same amount again yields no event.

    Args:
        budget: the record's budget.
        record: its id.
        session: the session's id.
        amount: its cost; zero is no cost.
        line: the line that was named although the record has no budget.
    """
    known = budget.unbudgeted.get(session, Commitment(zero(amount.currency)))
    if known.amount == amount and not known.released:
        return []
    return [CostUnbudgeted(record=record, session=session, amount=amount, line=line)]


def release(budget: Budget, *, record: str, session: str) -> list[BudgetEvent]:
    """Release the open part of the cost of *session* for good.  Repeated, or without a cost, it yields no event."""
    held: list[tuple[str | None, Commitment]] = [
        (name, line.committed[session]) for name, line in budget.lines.items() if session in line.committed
    ]
    if not held and session in budget.unbudgeted:
        held = [(None, budget.unbudgeted[session])]
    return [
        CommitmentReleased(record=record, session=session, line=line, amount=one.open)
        for line, one in held
        if not one.released
    ]


def raise_line(budget: Budget, *, record: str, line: str, short: Money) -> Suggestion:
    """Suggest the use case that raises *line* by *short*."""
    return suggest("budget set", record, f"{line}={plain_amount(budget.line(line).approved + short)}")
