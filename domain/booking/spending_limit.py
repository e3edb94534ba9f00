"""The spending limit of a role: the most that one commitment or one payment may be.

It bounds decisions and no facts: what a session that took place costs, and the fee of one that was cancelled, are owed
whoever records them.
"""

from collections.abc import Iterable, Sequence

from domain.booking.commitments import CostCommitted, CostUnbudgeted, SpendingDecision
from domain.booking.session_events import SessionWorked
from domain.booking.terms.cancellation import CancellationCharged
from domain.core.event import Event
from domain.core.money import Money
from domain.core.refusal import Refused, suggest


def above_limit(
    limit: int | None, events: Sequence[Event], *, person: str, role: str, unlimited: Sequence[str]
) -> Refused | None:
    """The refusal ``person.limit`` of a commitment or a payment of more than *limit*; None if all are within it.

    Args:
        limit: minor units of the label's currency; None: no limit.
        events: the events to record.
        person: id of the person who decides.
        role: the role in which they decide.
        unlimited: the roles that may decide this if they have no limit.
    """
    if limit is None:
        return None
    for event in _decisions(events):
        amount = event.bound_amount
        most = Money(minor=limit, currency=amount.currency)
        if amount > most:
            return Refused(
                "person.limit",
                f"{person} ({role}) may commit or pay {most} at a time, and this is {amount}; "
                f"{' or '.join(unlimited)} without a limit may",
                next=suggest("user list"),
                above=amount - most,
            )
    return None


def _decisions(events: Sequence[Event]) -> Iterable[SpendingDecision]:
    """The commitments and payments in *events*, without the costs of sessions that they record as facts."""
    facts = {event.session for event in events if isinstance(event, SessionWorked | CancellationCharged)}
    for event in events:
        if isinstance(event, CostCommitted | CostUnbudgeted) and event.session in facts:
            continue
        if isinstance(event, SpendingDecision):
            yield event
