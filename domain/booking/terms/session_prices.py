"""The price of a session: what each of its resources costs, by its rate card or its rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from domain.booking.resources import price
from domain.booking.schedule import Schedule
from domain.booking.slots import Slot
from domain.booking.terms.agreed_terms import AgreedTerms, TermsAgreed
from domain.booking.terms.pricing import Duties, PriceItem, fee_of, price_items, total_of
from domain.booking.terms.rate_cards import RateCard
from domain.booking.terms.register import TermsRegister
from domain.core.money import Money, zero
from domain.core.refusal import Refused, suggest


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session as it is to be priced."""

    record: str
    session: str
    resources: tuple[str, ...]
    slots: tuple[Slot, ...]
    duties: Mapping[str, Duties] = field(default_factory=dict)
    """Duties of those who do more than play; by resource."""
    finished_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Pricing:
    """Everything that prices depend on: rates, rate cards, the currency of the record and the zone of the house."""

    schedule: Schedule
    register: TermsRegister
    currency: str
    zone: tzinfo

    def card(self, session: str, resource: str) -> RateCard | None:
        """The rate card agreed for *session*, else the present one of *resource*; None without one."""
        agreed = self.register.agreed.get(session)
        known = agreed.by_resource.get(resource) if agreed else None
        return known.card if known else self.register.cards.get(resource)

    def unpriced(self, plan: SessionPlan) -> list[str]:
        """The ids of the resources without a price in the record's currency."""
        return [name for name in plan.resources if self._currency_of(plan.session, name) != self.currency]

    def _currency_of(self, session: str, resource: str) -> str | None:
        if card := self.card(session, resource):
            return card.currency
        rate = self.schedule.resource(resource).rate
        return rate.amount.currency if rate else None

    def items(self, plan: SessionPlan, resource: str) -> tuple[PriceItem, ...]:
        """The lines of the price of *resource*.  Raises: Refused ``session.rate`` without a rate."""
        if card := self.card(plan.session, resource):
            return price_items(card, plan.slots, self.zone, self.duties(plan, resource))
        known = self.schedule.resource(resource)
        if known.rate is None:
            hint = suggest("resource add", resource, kind=known.sort, rate="600/day")
            raise Refused("session.rate", f"{resource} has no rate", next=hint)
        return (PriceItem(f"{known.rate.amount}/{known.rate.per}", price(known.rate, plan.slots, self.zone)),)

    def duties(self, plan: SessionPlan, resource: str) -> Duties:
        """Duties of *resource*: those of *plan*, else those agreed."""
        agreed = self.register.agreed.get(plan.session)
        known = agreed.by_resource.get(resource) if agreed else None
        finished = self.finished(plan)
        given = plan.duties.get(resource) or (known.duties(finished) if known else Duties())
        return given._replace(finished_minutes=finished)

    def finished(self, plan: SessionPlan) -> int:
        """Minutes of finished music: those of *plan*, else those agreed; 0 where nobody said."""
        agreed = self.register.agreed.get(plan.session)
        return plan.finished_minutes or (agreed.finished_minutes if agreed else 0)

    def total(self, plan: SessionPlan, resources: Sequence[str] | None = None) -> Money:
        """Cost of *resources*, or of all of the session.  Raises: Refused ``session.rate`` for one without a rate."""
        names = plan.resources if resources is None else resources
        return sum((total_of(self.items(plan, name), self.currency) for name in names), zero(self.currency))

    def priced_part(self, plan: SessionPlan) -> Money | None:
        """Cost of those resources that have a price in the record's currency; None if no resource has one."""
        without = self.unpriced(plan)
        priced = [name for name in plan.resources if name not in without]
        return self.total(plan, priced) if priced else None

    def terms(self, plan: SessionPlan) -> list[TermsAgreed]:
        """The terms of all resources with a rate card; nothing if they are agreed already, or none has one."""
        without = self.unpriced(plan)
        terms = [
            self._agreed(plan, name, card)
            for name in plan.resources
            if name not in without and (card := self.card(plan.session, name))
        ]
        known = self.register.agreed.get(plan.session)
        new = TermsAgreed(
            session=plan.session, record=plan.record, terms=tuple(terms), finished_minutes=self.finished(plan)
        )
        return [new] if new != known and (terms or known) else []

    def _agreed(self, plan: SessionPlan, resource: str, card: RateCard) -> AgreedTerms:
        items, duties = self.items(plan, resource), self.duties(plan, resource)
        return AgreedTerms(
            resource=resource, card=card, leader=duties.leader, doubles=duties.doubles, overdub=duties.overdub,
            price=total_of(items, card.currency), fee=fee_of(items, card.currency),
        )  # fmt: skip
