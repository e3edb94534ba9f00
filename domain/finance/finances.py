"""Finances of one record: its budget and its deals, whose commitments follow the songs and mix revisions of the record.

A fee for each song is committed for the songs that are neither removed nor shelved nor dropped: another song raises the
commitment, and a song that leaves lowers it.  Nothing of that is refused, since work is never blocked by money; a line
that cannot pay then shows as overdrawn.  Each mix revision beyond those that a fee includes adds the price of an extra
one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never, get_args

from domain.booking import budget as budgets
from domain.booking.budget import Budget, BudgetEvent
from domain.core.ids import record_of
from domain.core.refusal import NotFound, suggest
from domain.finance.deals import Deal, DealAgreed, DealEnded, DealEvent
from domain.label.catalog import SongAdded
from domain.label.corrections import Absence, AbsenceEvent, absences_after
from domain.mixes.mixes import MixRevised

FinanceEvent = BudgetEvent | DealEvent | SongAdded | AbsenceEvent | MixRevised
FINANCE_EVENTS: tuple[type[FinanceEvent], ...] = get_args(FinanceEvent)
"""Classes of the events that a record's finances follow from."""


@dataclass(frozen=True, slots=True)
class Finances:
    """Budget, deals, songs and mix revisions of one record."""

    budget: Budget = field(default_factory=Budget)
    deals: Mapping[str, Deal] = field(default_factory=dict)
    """Every deal by id, also those that ended."""
    songs: tuple[str, ...] = ()
    """Ids of all songs, also of absent ones."""
    absent: Mapping[str, Absence] = field(default_factory=dict)
    """Absent songs and mix revisions by id."""

    @property
    def song_count(self) -> int:
        """Number of songs that are not absent."""
        return sum(song not in self.absent for song in self.songs)

    def deal(self, deal: str) -> Deal:
        """The deal by id.  Raises: NotFound ``deal.unknown``."""
        if deal not in self.deals:
            raise NotFound("deal.unknown", f"there is no deal {deal}", next=suggest("deal list", record_of(deal)))
        return self.deals[deal]

    def living_deals(self) -> dict[str, Deal]:
        """The deals that have not ended, by id."""
        return {id_: deal for id_, deal in self.deals.items() if not deal.ended}


def evolve(finances: Finances, event: FinanceEvent) -> Finances:
    """Fold one event into the state."""
    if isinstance(event, BudgetEvent):
        return replace(finances, budget=budgets.evolve(finances.budget, event))
    if isinstance(event, DealEvent):
        return _evolve_deal(finances, event)
    if isinstance(event, AbsenceEvent):
        return _absent(finances, event)
    match event:
        case SongAdded(song=song):
            return _priced_anew(replace(finances, songs=(*finances.songs, song)))
        case MixRevised(song=song):
            return _revised(finances, song, 1)
        case _:
            assert_never(event)


def _evolve_deal(finances: Finances, event: DealEvent) -> Finances:
    match event:
        case DealAgreed(deal=deal):
            known = finances.deals.get(deal)
            agreed = replace(known, terms=event, ended=False) if known else Deal(event)
            return _priced(replace(finances, deals={**finances.deals, deal: agreed}), deal)
        case DealEnded(deal=deal):
            ended = replace(finances.deals[deal], ended=True)
            freed = budgets.released(finances.budget, deal)
            return replace(finances, deals={**finances.deals, deal: ended}, budget=freed)
        case _:
            assert_never(event)


def _absent(finances: Finances, event: AbsenceEvent) -> Finances:
    """The finances after a song or a mix revision left or came back; other entries change nothing."""
    entry = event.address
    if event.song is None or entry == event.part:
        return finances
    after = replace(finances, absent=absences_after(finances.absent, entry, event))
    if not event.revision:
        return _priced_anew(after)
    gone, was_gone = entry in after.absent, entry in finances.absent
    return _revised(after, event.song, was_gone - gone)


def _revised(finances: Finances, song: str, by: int) -> Finances:
    deals = {id_: deal if deal.ended else deal.revised(song, by) for id_, deal in finances.deals.items()}
    return _priced_anew(replace(finances, deals=deals)) if by else finances


def _priced_anew(finances: Finances) -> Finances:
    for deal in finances.living_deals():
        finances = _priced(finances, deal)
    return finances


def _priced(finances: Finances, deal: str) -> Finances:
    """The finances with the commitment of *deal* at its present amount."""
    known, living = finances.budget.commitment(deal), finances.deals[deal]
    amount = living.amount(finances.song_count)
    if known and known.amount == amount and not known.released:
        return finances
    return replace(finances, budget=budgets.committed(finances.budget, deal, amount, line=living.terms.line))
