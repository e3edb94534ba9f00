"""Terms agreed for one session: the rate card of each resource as it was at the booking, its duties and its price."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from domain.booking.terms.pricing import Duties
from domain.booking.terms.rate_cards import RateCard
from domain.core.event import RecordId, ResourceId, SessionId, Traits, Value
from domain.core.money import Money
from domain.core.money_event import MoneyEvent

Count = Annotated[int, Field(ge=0, le=10_000, strict=True)]


class AgreedTerms(Value):
    """Duties and price of one resource in a session."""

    resource: ResourceId
    card: RateCard
    leader: bool = False
    doubles: Count = 0
    overdub: bool = False
    price: Money
    """All of it, on-costs too."""
    fee: Money
    """The part that the person gets."""

    def duties(self, finished_minutes: int) -> Duties:
        """Duties of the resource in a session that is to yield this many minutes of finished music."""
        return Duties(self.leader, self.doubles, self.overdub, finished_minutes)


class TermsAgreed(MoneyEvent):
    """A session was booked, moved or worked by these terms; later changes of a rate card do not touch it."""

    kind: Literal["terms-agreed"] = "terms-agreed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    terms: tuple[AgreedTerms, ...]
    """Of each resource with a rate card."""
    finished_minutes: Count = 0
    """Minutes of finished music that the session is to yield; 0 where nobody said."""

    @override
    def describe(self) -> str:
        return f"{self.session}: " + (", ".join(f"{one.resource} {one.price}" for one in self.terms) or "no terms")

    @property
    def by_resource(self) -> Mapping[str, AgreedTerms]:
        """The terms of each resource."""
        return {one.resource: one for one in self.terms}
