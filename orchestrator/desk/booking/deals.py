"""Deals: agreed, changed, ended and listed.

Tests: ``tests/orchestrator/cli/commands/money/test_deal.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of, relative_to
from domain.core.money import parse_money, zero
from domain.core.refusal import Misused
from domain.finance import agreements, finances
from domain.finance.deals import AGREED, Deal, DealAgreed, DealEvent, DueTerm, Fee, StatedTerms
from domain.finance.exchange import parse_percent
from domain.finance.finances import Finances
from domain.finance.instalments import default_terms
from domain.label.catalog import catalog_after
from domain.label.curtain import sees, sees_fee
from domain.label.people import Role, add_person
from domain.label.stages import STAGES
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import day
from orchestrator.desk.booking.budget import budget_query, finances_of
from orchestrator.desk.booking.instalments import record_instalments
from orchestrator.desk.curtain import refuse_money
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

MOST_INSTALMENTS: Final = 12


@dataclass(frozen=True, slots=True)
class DealText:
    """Terms of a deal as they were typed; None leaves a term as it is, or at its default."""

    fee: str | None = None
    """``400/song``, or ``2000`` for the record."""
    revisions: int | None = None
    extra: str | None = None
    pay: str | None = None
    """``30/40@mixing/30``: instalments in percent, each with the day or the event on which it falls due, or without."""
    recoupable: str | None = None
    """``100%``."""

    def parsed(self, currency: str) -> StatedTerms:
        """The terms that were typed, their amounts in *currency*.

        Raises:
            Misused: ``deal.fee``, ``deal.pay``, ``money.amount``, ``money.percent``.
        """
        pay, due = (None, ()) if self.pay is None else _parse_pay(self.pay)
        return StatedTerms(
            fee=None if self.fee is None else _parse_fee(self.fee, currency),
            revisions=self.revisions,
            extra=None if self.extra is None else parse_money(self.extra, currency),
            pay=pay,
            due=due,
            recoupable_bp=None if self.recoupable is None else parse_percent(self.recoupable),
        )


def _parse_fee(text: str, currency: str) -> Fee:
    amount, slash, per = text.partition("/")
    if slash and per not in {"song", "record"}:
        raise Misused("deal.fee", f"{text!r} is no fee; write 400/song, or 2000 for the whole record")
    return Fee(parse_money(amount, currency), "song" if per == "song" else "record")


def _parse_pay(text: str) -> tuple[tuple[int, ...], tuple[DueTerm, ...]]:
    """Shares and terms of instalments; no terms if none is stated, so that those of the house stay unstated."""
    parts = [part.partition("@") for part in text.split("/")]
    if len(parts) > MOST_INSTALMENTS:
        raise Misused("deal.pay", f"{len(parts)} instalments are more than {MOST_INSTALMENTS}")
    pay = tuple(parse_percent(f"{share}%") for share, _, _ in parts)
    if not any(at for _, at, _ in parts):
        return pay, ()
    usual = default_terms(len(parts))
    return pay, tuple(_parse_term(term) if at else usual[place] for place, (_, at, term) in enumerate(parts))


def _parse_term(text: str) -> DueTerm:
    if text == AGREED:
        return AGREED
    stage = next((stage for stage in STAGES if stage == text), None)
    if stage is None and not text[:1].isdigit():
        known = ", ".join((AGREED, *STAGES))
        raise Misused(
            "deal.pay", f"{text!r} is no term of an instalment; write a day like 2027-01-15, or one of {known}"
        )
    return stage or day(text)


@dataclass(frozen=True, slots=True)
class AgreedDeal:
    """A deal, the finances after it, and whether its person was new to the register."""

    deal: str
    finances: Finances
    new_person: str | None = None
    """Id of the person, if the register did not know them."""


def deal_named(record: str, deal: str) -> str:
    """The full id of a deal of *record* written ``D1`` or in full."""
    return f"{record}/{relative_to(deal, record).upper()}"


def named_deal(studio: Studio, text: str) -> tuple[str, str]:
    """The record and the id of a deal written ``night-bus/D1``.

    Raises:
        Misused: ``deal.name``.
        NotFound: ``record.unknown``; there is no such record.
    """
    of, slash, number = text.rpartition("/")
    if not slash:
        raise Misused("deal.name", f"{text!r} is no deal; write one like night-bus/D1")
    record = addresses.record(studio, of)
    return record, deal_named(record, number)


def agree(
    studio: Studio, record: str, name: str, text: DealText, *, role: str, line: str | None, why: str | None
) -> AgreedDeal:
    """Agree a deal with a person, who enters the register, without a role, if it does not know them.

    Raises:
        Misused: ``person.name``, ``deal.fee``, ``deal.pay``, ``deal.extra``; an amount or a percentage.
        NotFound: ``budget.line``.
        Refused: ``deal.exists``, ``budget.guard``.
    """
    refuse_contact_data(name)
    person = slug(name)

    def decision(history: History, _: Role) -> tuple[AgreedDeal, Sequence[Event]]:
        state = finances_of(history, studio.today())
        entered = add_person(everybody(history), person=person, name=name, roles=())
        stated = text.parsed(catalog_after(history).record(record).currency)
        deal, events = agreements.agree(state, record=record, person=person, role=role, stated=stated, line=line)
        after = fold_events(finances.evolve, state, events)
        return AgreedDeal(deal, after, person if entered else None), [*entered, *events]

    return studio.decide(budget_query(record) | person_query(person), decision, deed="book", why=why)


def change(studio: Studio, record: str, deal: str, text: DealText, *, why: str | None) -> AgreedDeal:
    """Change the terms that *text* has.

    Raises:
        Misused: ``deal.terms``, no term is named; otherwise as :func:`agree`.
        NotFound: ``deal.unknown``.
        Refused: ``deal.ended``, ``budget.guard``.
    """

    def decide(state: Finances, currency: str) -> list[DealEvent]:
        if text == DealText():
            raise Misused("deal.terms", "name what changes: --fee, --revisions, --extra, --pay or --recoupable")
        return agreements.change_terms(state, deal=deal, stated=text.parsed(currency))

    return _decide(studio, record, deal, decide, why)


def end(studio: Studio, record: str, deal: str, *, why: str | None) -> AgreedDeal:
    """End a deal; what is still committed to it is free again.  Raises: NotFound ``deal.unknown``."""
    return _decide(studio, record, deal, lambda state, _: agreements.end_deal(state, deal=deal), why)


def _decide(
    studio: Studio, record: str, deal: str, decide: Callable[[Finances, str], list[DealEvent]], why: str | None
) -> AgreedDeal:
    def decision(history: History, _: Role) -> tuple[AgreedDeal, Sequence[Event]]:
        state = finances_of(history, studio.today())
        events = decide(state, catalog_after(history).record(record).currency)
        return AgreedDeal(deal, fold_events(finances.evolve, state, events)), events

    return studio.decide(budget_query(record), decision, deed="book", why=why)


def read_finances(studio: Studio, record: str) -> Finances:
    """The finances of *record*.  Raises: Refused ``curtain.money``."""
    refuse_money(studio, record)
    return finances_of(studio.read(budget_query(record)), studio.day_seen())


def deal_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each deal of *record*, also those that ended; of a musician, for their own.

    Raises:
        Refused: ``curtain.money``; the caller sees neither the money of *record* nor a deal of theirs.
    """
    state = finances_of(studio.read(budget_query(record)), studio.today())
    rows = [
        _row(state, id_, deal)
        for id_, deal in state.deals.items()
        if sees_fee(studio.reader, deal.terms.person, record)
    ]
    if not rows:
        refuse_money(studio, record)
    return rows


def deals_of(studio: Studio, person: str) -> list[Row]:
    """One row for each deal of *person* on any record, as far as the caller sees it."""
    agreed = (one.event for one in studio.read(Query.of(DealAgreed, tags=[f"person:{person}"])))
    records = dict.fromkeys(event.record for event in agreed if isinstance(event, DealAgreed))
    return [
        row
        for record in records
        if sees_fee(studio.reader, person, record)
        for row in deal_rows(studio, record)
        if row["who"] == person
    ]


def deal_facts(studio: Studio, record: str, deal: str) -> Row:
    """The terms of a deal, its price, what it cost so far, and when what is due.

    Raises:
        NotFound: ``deal.unknown``.
        Refused: ``curtain.money``.
    """
    state = finances_of(studio.read(budget_query(record)), studio.today())
    found = state.deals.get(deal)
    if found is None or not sees_fee(studio.reader, found.terms.person, record):
        refuse_money(studio, record)
    known = state.deal(deal)
    row, terms = _row(state, deal, known), known.terms
    extra = known.extra_revisions
    return row | {
        "extra_revisions": f"{extra} at {terms.extra}" if extra and terms.extra else "",
        "recoupable": f"{terms.recoupable_bp / 100:g}%" if terms.recoupable_bp else "",
        "due": [
            f"{part.name}: {part.amount}, {part.state}" for part in record_instalments(studio, record, state)[deal]
        ],
    }


def _row(state: Finances, id_: str, deal: Deal) -> Row:
    terms, held = deal.terms, state.budget.commitment(id_)
    nothing = zero(terms.fee.currency)
    return {
        "deal": id_,
        "who": terms.person,
        "role": terms.role,
        "fee": f"{terms.fee}/song" if terms.per == "song" else str(terms.fee),
        "line": terms.line or "unbudgeted",
        "songs": state.song_count,
        "total": deal.amount(state.song_count),
        "cost": sum(held.paid.values(), nothing) if held else nothing,
        "open": held.open if held else nothing,
        "revisions": terms.revisions,
        "extra": terms.extra,
        "pay": "/".join(f"{points / 100:g}" for points in terms.pay),
        "state": "ended" if deal.ended else "agreed",
    }


def round_remarks(studio: Studio, song: str, *, asks: bool) -> list[str]:
    """Remarks of the deals of a record on the mix revisions of *song*, a sentence each; none without such a deal.

    A deal is told to those who see the record's money, and to its own person.

    Args:
        studio: the store.
        song: id of the song.
        asks: True if another revision is being asked for, False if the latest one was made.
    """
    record = record_of(song)
    if not studio.read(Query.of(DealAgreed, tags=[f"record:{record}"])):
        return []
    state = finances_of(studio.read(budget_query(record)), studio.day_seen())
    found, all_of_it = [], sees(studio.reader, "money", record)
    for id_, deal in state.living_deals().items():
        made, person = deal.revisions.get(song, 0), deal.terms.person
        turn = deal.round(made + 1 if asks else made)
        if turn is None or not turn.number or not (all_of_it or person == studio.who.actor):
            continue
        name = f"round {turn.number} of {turn.included}"
        if asks:
            price = f"; it costs {turn.cost}" if turn.cost.minor else ""
            found.append(f"{id_}, {person}: another round would be {name}{price}")
        else:
            price = f"; this one costs {turn.cost}" if turn.cost.minor else ""
            after = f"; next {turn.next_cost}" if turn.next_cost.minor else ""
            found.append(f"{id_}, {person}: {name}{price}{after}")
    return found
