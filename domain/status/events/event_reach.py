"""The reach of an event: the parts and songs of a record whose review or renders it can change.

Tests: ``tests/orchestrator/readmodels/test_models.py``.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, assert_never

from domain.booking.budget import BookingRefused, BudgetSet
from domain.booking.budget_line import BudgetMoved, OverrunAuthorised
from domain.booking.commitments import CommitmentReleased, CostCommitted, CostUnbudgeted
from domain.booking.payments import MoneySpent, PaymentCorrected, PaymentVoided
from domain.booking.received_invoices import InvoiceReceived, InvoiceWithdrawn
from domain.booking.schedule import ScheduleEvent
from domain.booking.terms.register import TermsEvent
from domain.core.ids import song_of
from domain.correspondence.answers import AnswerReceived
from domain.correspondence.handoffs import HandoffGiven
from domain.correspondence.parcels import SoundSent
from domain.correspondence.signoffs import SignoffEvent, SignoffGiven, SignoffOpened
from domain.finance.deals import DealAgreed, DealEnded
from domain.label.briefs import BriefWritten
from domain.label.catalog import PartAdded, RecordOpened, SongAdded, SongClockSet
from domain.label.corrections import (
    EntryDropped,
    EntryEvent,
    EntryRemoved,
    EntryRenamed,
    EntryRestored,
    EntryShelved,
    PartEdited,
    RecordEdited,
    SongsOrdered,
    TakeMoved,
    noun_of_entry,
)
from domain.label.erasure import TextsErased
from domain.label.house_rules import HouseRuleSet
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.people import LeaveEnded, LeaveNoted, PersonAdded, RolesGranted, RolesRevoked, StoreOpened
from domain.label.stage_durations import StageDurationsSet
from domain.label.stages import SongStaged
from domain.masters.masters import MasterPlanned
from domain.mixes.mixes import FromRecipe, Mixes, MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.mixes.versions import VersionSummed
from domain.render.engine import EnginePaused, EngineResumed
from domain.render.jobs import RenderAsked, Rendered, RenderFailed
from domain.session.archives import SessionArchived
from domain.session.day_events import DayEvent
from domain.session.goals import SessionGoalSet
from domain.session.parked_parts import ParkingEvent
from domain.session.recordings import RecorderEvent
from domain.session.run_order import RunOrderSet
from domain.session.setups import SetupEvent
from domain.session.wraps import SessionWrapped
from domain.song.arrangement import SongArranged
from domain.song.form import SongFormed
from domain.song.ideas import IdeaCaptured, IdeaPromoted
from domain.song.lyrics import LyricsAttached, LyricsTimed
from domain.song.passes import BasicSet, PassMarked
from domain.song.song_facts import SongDescribed
from domain.song.splits import SplitsAgreed, SplitsProposed
from domain.status.events.event_types import AnyEvent
from domain.status.record_fold import part_named
from domain.status.record_state import EditPlans, RecordState
from domain.status.review.ratings import SoundRated
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven
from domain.store.clocks import ClockDoubted
from domain.store.relocation import LogMoved
from domain.store.upgrade import StoreUpgraded
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import TakeEdited
from domain.takes.takes import CompSet, TakeIngested, TakeJudged

Nowhere = (
    StoreOpened | PersonAdded | RolesGranted | BudgetSet | CostCommitted | MoneySpent
    | BookingRefused | LyricsAttached | LyricsTimed | NoteAdded | NoteAnswered | RoughPinned | LogMoved | StoreUpgraded
    | ClockDoubted | EnginePaused | EngineResumed | DecisionUndone | PaymentCorrected | PaymentVoided
    | CostUnbudgeted | CommitmentReleased | RecordEdited | RolesRevoked
    | BudgetMoved | OverrunAuthorised | InvoiceReceived | InvoiceWithdrawn | DealAgreed | DealEnded
    | TextsErased | BriefWritten | SongDescribed | StageDurationsSet
    | SplitsProposed | SplitsAgreed | IdeaCaptured | IdeaPromoted | ScheduleEvent | TermsEvent
    | LeaveNoted | LeaveEnded | HouseRuleSet | DayEvent
    | SessionGoalSet | ParkingEvent | SoundSent | AnswerReceived | HandoffGiven
    | SessionWrapped | SessionArchived | RunOrderSet | RecorderEvent | SoundRated
    | SetupEvent | SignoffEvent | VersionSummed
)  # fmt: skip
"""Events without effect on sound and review; an undo has the reach of the decisions that it takes back or restores."""


class EventReach(NamedTuple):
    """The parts and songs whose takes, mixes and renders may have another status after an event."""

    parts: tuple[str, ...] = ()
    songs: tuple[str, ...] = ()
    masters: bool = False
    """True if the masters may have another status even where no mix has."""


NONE: Final = EventReach()


def reach_of(event: AnyEvent, state: RecordState) -> EventReach:  # noqa: C901, PLR0911, PLR0912 - one case a kind
    """The reach of *event* in a record; *state* is the record's state after the event."""
    match event:
        case TakeIngested():
            return EventReach(parts=(part_named(event),))  # nothing sounds of it before it is judged
        case MidiPlayed() | TakeJudged() | CompSet() | TakeEdited() | CompSubmitted() | TakeMoved():
            part = part_named(event)
            return EventReach((part,), (song_of(part),))
        case SongAdded() | SongClockSet() | SongFormed() | SongArranged() | PassMarked() | SongStaged():
            return EventReach(songs=(event.song,))
        case BasicSet():
            return EventReach(tuple(cut.part for cut in event.cuts()), (event.song,))
        case PartAdded(part=part) | PartEdited(part=part):
            return EventReach((part,), (song_of(part),))
        case SongsOrdered():
            return EventReach(songs=_songs(state), masters=True)
        case EntryRenamed() | EntryRemoved() | EntryShelved() | EntryDropped() | EntryRestored():
            return _of_entry(event, state)
        case MixRevised(song=song):
            return EventReach(songs=(song,))
        case VerdictGiven(song=song):  # of several renders of one plan, the approved one counts
            songs = (song, *_with_equal_mixes(state, song)) if song else _songs(state)
            return EventReach(songs=songs, masters=song is None)
        case MasterPlanned() | RecordOpened():  # the mixes that a master is bound to are kept up to date
            return EventReach(songs=_songs(state), masters=True)
        case Rendered():
            songs = _of_report(state, event)
            return EventReach(songs=songs, masters=not songs)
        case RenderFailed() | RenderAsked():
            return EventReach(songs=_songs(state), masters=True)
        case _:
            return _nowhere(event)


def _nowhere(event: Nowhere) -> EventReach:
    if isinstance(
        event,
        ScheduleEvent
        | TermsEvent
        | DayEvent
        | SessionGoalSet
        | SessionWrapped
        | SessionArchived
        | RunOrderSet
        | ParkingEvent
        | RecorderEvent
        | SetupEvent,
    ):
        return NONE
    match event:
        case (
            StoreOpened() | PersonAdded() | RolesGranted() | BudgetSet()
            | CostCommitted() | MoneySpent() | BookingRefused() | LyricsAttached() | LyricsTimed() | NoteAdded()
            | NoteAnswered() | RoughPinned() | LogMoved() | StoreUpgraded() | ClockDoubted() | EnginePaused()
            | EngineResumed() | DecisionUndone() | PaymentCorrected() | PaymentVoided() | CostUnbudgeted()
            | CommitmentReleased() | RecordEdited() | RolesRevoked()
            | BudgetMoved() | OverrunAuthorised() | InvoiceReceived() | InvoiceWithdrawn() | DealAgreed() | DealEnded()
            | TextsErased() | BriefWritten() | SongDescribed() | StageDurationsSet()
            | SplitsProposed() | SplitsAgreed() | IdeaCaptured() | IdeaPromoted()
            | LeaveNoted() | LeaveEnded() | HouseRuleSet() | SoundSent() | AnswerReceived() | HandoffGiven()
            | SoundRated() | SignoffOpened() | SignoffGiven() | VersionSummed()
        ):  # fmt: skip
            return NONE
        case _:
            assert_never(event)


def _of_entry(event: EntryEvent, state: RecordState) -> EventReach:
    """The reach of a correction of one entry: all parts and songs in it; for a master, also the mixes it is made of."""
    entry = event.place
    if event.revision:
        return EventReach(songs=(event.song,) if event.song else _songs(state), masters=event.song is None)
    if entry is None:
        return NONE
    match noun_of_entry(entry):
        case "part":
            return EventReach((entry,), (song_of(entry),))
        case "song":
            return EventReach(_parts(state, entry), (entry,))
        case _:
            songs = _songs(state)
            return EventReach(tuple(part for song in songs for part in _parts(state, song)), songs, masters=True)


def _parts(state: RecordState, song: str) -> tuple[str, ...]:
    known = state.catalog.songs.get(song)
    return tuple(f"{song}/{part}" for part in known.parts) if known else ()


def _songs(state: RecordState) -> tuple[str, ...]:
    return tuple(state.catalog.songs)


def _of_report(state: RecordState, event: Rendered) -> tuple[str, ...]:
    """The songs that a report concerns: the report's own song, and other songs with an equal edit or mix."""
    report = event.report
    if report.kind not in {"edit", "mix"}:
        return ()
    own = song_of(report.subject)
    if report.kind == "mix":
        return (own, *_with_equal_mixes(state, own))
    same = (song_of(part) for part, plans in _plans(state).items() if report.plan in _plans_of(plans))
    return tuple(dict.fromkeys((own, *same)))


def _plans_of(plans: EditPlans) -> tuple[str | None, ...]:
    return (plans.plan, plans.arranged.plan) if plans.arranged else (plans.plan,)


def _plans(state: RecordState) -> Mapping[str, EditPlans]:
    """The plans of every part that has takes."""
    if len(state.plans) < len(state.takes):
        for part in state.takes:
            state.edit_plan(part)
    return state.plans


def _with_equal_mixes(state: RecordState, song: str) -> Iterator[str]:
    """The other songs with a mix of the same recipe, whose plans may be equal."""
    own = _recipes(state.mixes.get(song))
    return (other for other, mixes in state.mixes.items() if other != song and own & _recipes(mixes))


def _recipes(mixes: Mixes | None) -> frozenset[str]:
    revisions = mixes.revisions.values() if mixes else ()
    return frozenset(one.made.text for one in revisions if isinstance(one.made, FromRecipe))
