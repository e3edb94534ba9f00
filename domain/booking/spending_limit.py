"""The spending limit of a role: the most that one commitment or one payment may be."""

from collections.abc import Iterable, Sequence

from domain.booking.commitments import SpendingDecision
from domain.core.event import Event
from domain.core.money import Money
from domain.core.refusal import Refused, suggest


def above_limit(
    limit: int | None, events: Iterable[Event], *, person: str, role: str, unlimited: Sequence[str]
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
    for event in events:
        if isinstance(event, SpendingDecision):
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
