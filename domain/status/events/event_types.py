"""All event classes, and the lookup by their name in storage."""

from collections.abc import Mapping
from typing import Final

from domain.booking.budget import BookingRefused, BudgetSet
from domain.booking.budget_line import BudgetMoved, OverrunAuthorised
from domain.booking.commitments import CommitmentReleased, CostCommitted, CostUnbudgeted
from domain.booking.payments import MoneySpent, PaymentCorrected, PaymentVoided
from domain.booking.received_invoices import InvoiceReceived, InvoiceWithdrawn
from domain.booking.resources import ResourceAdded
from domain.booking.session_events import (
    PlayerReplaced,
    PlayersAsked,
    SessionAnswered,
    SessionBooked,
    SessionCancelled,
    SessionChallenged,
    SessionHeld,
    SessionMoved,
    SessionReleased,
    SessionWorked,
)
from domain.booking.terms.agreed_terms import TermsAgreed
from domain.booking.terms.cancellation import CancellationCharged
from domain.booking.terms.rate_cards import RateCardSet
from domain.booking.terms.working_hours import ResourceBlocked, ResourceUnblocked, WorkingHoursSet
from domain.core.event import Event
from domain.correspondence.answers import AnswerReceived
from domain.correspondence.handoffs import HandoffGiven
from domain.correspondence.parcels import SoundSent
from domain.correspondence.signoffs import SignoffGiven, SignoffOpened
from domain.finance.deals import DealAgreed, DealEnded
from domain.label.briefs import BriefWritten
from domain.label.catalog import PartAdded, RecordOpened, SongAdded, SongClockSet
from domain.label.corrections import (
    EntryDropped,
    EntryRemoved,
    EntryRenamed,
    EntryRestored,
    EntryShelved,
    PartEdited,
    RecordEdited,
    SongsOrdered,
    TakeMoved,
)
from domain.label.erasure import TextsErased
from domain.label.house_rules import HouseRuleSet
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.people import LeaveEnded, LeaveNoted, PersonAdded, RolesGranted, RolesRevoked, StoreOpened
from domain.label.stage_durations import StageDurationsSet
from domain.label.stages import SongStaged
from domain.masters.masters import MasterPlanned
from domain.mixes.mixes import MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.mixes.versions import VersionSummed
from domain.render.engine import EnginePaused, EngineResumed
from domain.render.jobs import RenderAsked, Rendered, RenderFailed
from domain.session.archives import SessionArchived
from domain.session.day_events import (
    MomentMarked,
    PartsStarted,
    RollStarted,
    RollStopped,
    SessionStarted,
    SlateMarked,
)
from domain.session.goals import SessionGoalSet
from domain.session.parked_parts import PartParked, PartResumed
from domain.session.recordings import RecorderClockSet, RecordingClaimed, RecordingFound
from domain.session.run_order import RunOrderSet
from domain.session.setups import SetupApproved, SetupRecalled, SetupSaved
from domain.session.wraps import SessionWrapped
from domain.song.arrangement import SongArranged
from domain.song.form import SongFormed
from domain.song.ideas import IdeaCaptured, IdeaPromoted
from domain.song.lyrics import LyricsAttached, LyricsTimed
from domain.song.passes import BasicSet, PassMarked
from domain.song.song_facts import SongDescribed
from domain.song.splits import SplitsAgreed, SplitsProposed
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

EVENTS: Final[tuple[type[Event], ...]] = (
    StoreOpened, PersonAdded, RolesGranted, RolesRevoked,
    RecordOpened, SongAdded, PartAdded, SongClockSet,
    EntryRenamed, EntryRemoved, EntryShelved, EntryRestored, RecordEdited, PartEdited, SongsOrdered, TakeMoved,
    ResourceAdded, SessionBooked, BudgetSet, CostCommitted, MoneySpent, BookingRefused,
    SongFormed, SongArranged, LyricsAttached, LyricsTimed, PassMarked, BasicSet,
    TakeIngested, MidiPlayed, TakeJudged, TakeEdited, CompSet, CompSubmitted,
    MixRevised, RoughPinned, MasterPlanned, VerdictGiven, NoteAdded, NoteAnswered, DecisionUndone,
    Rendered, RenderFailed, RenderAsked, LogMoved,
    StoreUpgraded, ClockDoubted, EnginePaused, EngineResumed,
    PaymentCorrected, PaymentVoided, CostUnbudgeted, CommitmentReleased, SessionMoved, SessionCancelled, TextsErased,
    BudgetMoved, OverrunAuthorised, InvoiceReceived, InvoiceWithdrawn, DealAgreed, DealEnded,
    SongStaged, BriefWritten, SongDescribed, StageDurationsSet,
    SplitsProposed, SplitsAgreed, IdeaCaptured, IdeaPromoted,
    RateCardSet, WorkingHoursSet, ResourceBlocked, ResourceUnblocked, TermsAgreed, CancellationCharged,
    SessionHeld, SessionChallenged, SessionReleased, PlayersAsked, SessionAnswered, PlayerReplaced, SessionWorked,
    LeaveNoted, LeaveEnded, HouseRuleSet,
    SessionStarted, PartsStarted, RollStarted, RollStopped, SlateMarked, MomentMarked,
    SessionGoalSet, PartParked, PartResumed,
    SoundSent, AnswerReceived, HandoffGiven,
    SessionWrapped, SessionArchived, RunOrderSet,
    RecorderClockSet, RecordingFound, RecordingClaimed, EntryDropped, SoundRated,
    SetupSaved, SetupApproved, SetupRecalled,
    SignoffOpened, SignoffGiven,
    VersionSummed,
)  # fmt: skip


AnyEvent = (
    StoreOpened | PersonAdded | RolesGranted | RolesRevoked
    | RecordOpened | SongAdded | PartAdded | SongClockSet
    | EntryRenamed | EntryRemoved | EntryShelved | EntryRestored | RecordEdited | PartEdited | SongsOrdered | TakeMoved
    | ResourceAdded | SessionBooked | BudgetSet | CostCommitted | MoneySpent | BookingRefused
    | SongFormed | SongArranged | LyricsAttached | LyricsTimed | PassMarked | BasicSet
    | TakeIngested | MidiPlayed | TakeJudged | TakeEdited | CompSet | CompSubmitted
    | MixRevised | RoughPinned | MasterPlanned | VerdictGiven | NoteAdded | NoteAnswered | DecisionUndone
    | Rendered | RenderFailed | RenderAsked | LogMoved
    | StoreUpgraded | ClockDoubted | EnginePaused | EngineResumed
    | PaymentCorrected | PaymentVoided | CostUnbudgeted | CommitmentReleased | SessionMoved | SessionCancelled
    | TextsErased
    | BudgetMoved | OverrunAuthorised | InvoiceReceived | InvoiceWithdrawn | DealAgreed | DealEnded
    | SongStaged | BriefWritten | SongDescribed | StageDurationsSet
    | SplitsProposed | SplitsAgreed | IdeaCaptured | IdeaPromoted
    | RateCardSet | WorkingHoursSet | ResourceBlocked | ResourceUnblocked | TermsAgreed | CancellationCharged
    | SessionHeld | SessionChallenged | SessionReleased | PlayersAsked | SessionAnswered | PlayerReplaced
    | SessionWorked
    | LeaveNoted | LeaveEnded | HouseRuleSet
    | SessionStarted | PartsStarted | RollStarted | RollStopped | SlateMarked | MomentMarked
    | SessionGoalSet | PartParked | PartResumed
    | SoundSent | AnswerReceived | HandoffGiven
    | SessionWrapped | SessionArchived | RunOrderSet
    | RecorderClockSet | RecordingFound | RecordingClaimed | EntryDropped | SoundRated
    | SetupSaved | SetupApproved | SetupRecalled
    | SignoffOpened | SignoffGiven
    | VersionSummed
)  # fmt: skip
"""Union of all event classes, by which the type checker proves that code handles every kind."""


def kind_of(event: type[Event]) -> str:
    """The storage name of an event class."""
    return str(event.model_fields["kind"].default)


KINDS: Final[Mapping[str, type[Event]]] = {kind_of(event): event for event in EVENTS}
