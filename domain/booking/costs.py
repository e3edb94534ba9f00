"""Decisions on the costs of a record's sessions: commit them to a line, leave them unbudgeted, or release them."""

from domain.booking.budget import BookingRefused, Budget, BudgetEvent, evolve
from domain.booking.commitments import Commitment, CommitmentReleased, CostCommitted, CostUnbudgeted
from domain.core.money import Money, zero
from domain.core.refusal import Refused, Suggestion, suggest


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
    after = evolve(budget, new).line(line).left
    if after < zero(amount.currency):
        short = zero(amount.currency) - after
        needs = (held or Commitment(amount)).priced(amount).open
        raise Refused(
            "budget.guard",
            f"{line} needs {needs}, left {needs - short}, short {short}; label may raise the line",
            next=raise_line(budget, record=record, line=line, short=short),
            short=short,
            noted=BookingRefused(record=record, line=line, cost=amount, short=short),
        )
    return [new]


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
    held = budget.commitment(session)
    if held is None or held.released:
        return []
    line = budget.line_of(session)
    return [CommitmentReleased(record=record, session=session, line=line, amount=held.open)]


def raise_line(budget: Budget, *, record: str, line: str, short: Money) -> Suggestion:
    """Suggest the use case that raises *line* by *short*."""
    return suggest("budget set", record, f"{line}={_plain(budget.line(line).approved + short)}")


def _plain(amount: Money) -> str:
    return str(amount).rpartition(" ")[0].replace(",", "")
