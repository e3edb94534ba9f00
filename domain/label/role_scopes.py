"""Scopes of roles: the record for which a role holds, its last day, and the most that one decision in it may cost."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from domain.core.event import Event, tags_of
from domain.core.money import LARGEST, Money

Limit = Annotated[int, Field(ge=0, le=LARGEST, strict=True)]
"""Minor units of the label's currency."""


@dataclass(frozen=True, slots=True)
class RoleScope:
    """Bounds of one role of one person; without any, the role holds for the whole label, for good.

    A role for a record holds only for decisions that are about that record alone, and never for managing people, which
    is about the whole label.
    """

    record: str | None = None
    """Id of the only record for which the role holds; None: for all."""
    until: date | None = None
    """The last day on which the role holds, in the label's time zone; None: no end."""
    limit: int | None = None
    """The most that one commitment or one payment may be, in minor units; None: no limit.

    It bounds the whole cost of each session booked or moved and the whole amount of each payment made or corrected,
    not their sum.  It bounds no other decision.
    """

    @property
    def lasting(self) -> bool:
        """True if the role holds for the whole label and has no last day."""
        return self.record is None and self.until is None

    def holds(self, *, day: date, records: Collection[str]) -> bool:
        """True if the role holds on *day* for a decision that asks about *records* (ids; none: not known yet)."""
        if self.until is not None and day > self.until:
            return False
        return self.record is None or not records or self.record in records

    def covers(self, events: Iterable[Event]) -> bool:
        """True if all that *events* decide is about the record of this scope; true of no event at all."""
        if self.record is None:
            return True
        decided = list(events)
        return not decided or records_of(decided) == {self.record}

    def described(self, currency: str | None = None) -> str:
        """The bounds in words, such as `` for night-bus until 2026-12-31 up to 500.00 EUR``; empty without any.

        Without *currency*, the limit is left out.
        """
        record = f" for {self.record}" if self.record else ""
        until = f" until {self.until}" if self.until else ""
        limit = "" if self.limit is None or currency is None else f" up to {Money(minor=self.limit, currency=currency)}"
        return f"{record}{until}{limit}"


EVERYWHERE = RoleScope()


def records_of(events: Iterable[Event]) -> frozenset[str]:
    """Ids of the records that *events* are about."""
    tags = (tag.partition(":") for event in events for tag in tags_of(event))
    return frozenset(id_ for noun, _, id_ in tags if noun == "record")


def with_scope(scopes: tuple[RoleScope, ...], scope: RoleScope) -> tuple[RoleScope, ...]:
    """The *scopes* of a role after a grant in *scope*, which replaces an earlier scope for the same record.

    The widest come first: for all records before one, without a last day before one, without a limit before one.
    """
    others = [one for one in scopes if one.record != scope.record]
    return tuple(sorted([*others, scope], key=_rank))


def _rank(scope: RoleScope) -> tuple[str, int, int]:
    until = -scope.until.toordinal() if scope.until else -date.max.toordinal()
    return scope.record or "", until, -LARGEST - 1 if scope.limit is None else -scope.limit
