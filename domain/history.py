"""Every kind of event there is, by its name in storage."""

from collections.abc import Mapping
from typing import Final

from domain.arrangement import SongArranged
from domain.budget import BookingRefused, BudgetSet, CostCommitted, MoneySpent
from domain.catalog import PartAdded, RecordOpened, SongAdded, SongClockSet
from domain.clocks import ClockDoubted
from domain.edits import TakeEdited
from domain.engine import EnginePaused, EngineResumed
from domain.event import Event
from domain.form import SongFormed
from domain.jobs import RenderAsked, Rendered, RenderFailed
from domain.lyrics import LyricsAttached, LyricsTimed
from domain.masters import MasterPlanned
from domain.midi import MidiPlayed
from domain.mixes import MixRevised
from domain.notes import NoteAdded
from domain.passes import BasicSet, PassMarked
from domain.people import PersonAdded, RolesGranted, StoreOpened, StoreUpgraded
from domain.relocation import LogMoved
from domain.roughs import RoughPinned
from domain.schedule import ResourceAdded, SessionBooked
from domain.submitted import CompSubmitted
from domain.takes import CompSet, TakeIngested, TakeJudged
from domain.undo import DecisionUndone
from domain.verdicts import VerdictGiven

EVENTS: Final[tuple[type[Event], ...]] = (
    StoreOpened, PersonAdded, RolesGranted,
    RecordOpened, SongAdded, PartAdded, SongClockSet,
    ResourceAdded, SessionBooked, BudgetSet, CostCommitted, MoneySpent, BookingRefused,
    SongFormed, SongArranged, LyricsAttached, LyricsTimed, PassMarked, BasicSet,
    TakeIngested, MidiPlayed, TakeJudged, TakeEdited, CompSet, CompSubmitted,
    MixRevised, RoughPinned, MasterPlanned, VerdictGiven, NoteAdded, DecisionUndone,
    Rendered, RenderFailed, RenderAsked, LogMoved,
    StoreUpgraded, ClockDoubted, EnginePaused, EngineResumed,
)  # fmt: skip


def kind_of(event: type[Event]) -> str:
    """The name of an event class in storage."""
    return str(event.model_fields["kind"].default)


KINDS: Final[Mapping[str, type[Event]]] = {kind_of(event): event for event in EVENTS}
