"""Folding a record's events one at a time, so that a reader folds only the events that are new.

An undo or redo refolds only the state that depends on the decision: the later events of its part or of its song, or the
verdicts.

Tests: ``tests/domain/status/test_record_fold.py``.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from operator import attrgetter
from typing import Any, ClassVar, Final, NamedTuple, get_args
from uuid import UUID

from domain.core.event import Event, Recorded
from domain.core.fold import fold_events
from domain.core.ids import part_of, song_of
from domain.label import catalog
from domain.label.catalog import CatalogEvent, PartAdded
from domain.label.corrections import EntryEvent, PartEdited, TakeMoved
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.stages import SongStaged, StageSetting
from domain.masters import masters
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes import mixes
from domain.mixes.mixes import Mixes, MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.mixes.versions import VersionSummed
from domain.render.jobs import RenderAsked, Rendered, RenderFailed, Report
from domain.song import arrangement
from domain.song.arrangement import Arrangement, ArrangementEvent
from domain.song.passes import BasicSet
from domain.status import verdicts
from domain.status.record_state import EditPlans, RecordState
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven, Verdicts
from domain.takes import takes
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import TakeEdited
from domain.takes.takes import CompSet, TakeEvent, TakeIngested, TakeJudged, Takes

PartEvent = TakeEvent | MidiPlayed | TakeEdited | CompSubmitted | TakeMoved
"""Events of one part; ``BasicSet``, an event of a song's arrangement, sets comps of the song's parts, too."""

SNAPSHOT_EVENTS: Final = 64
"""Events of a part between two snapshots of its state, from which it is folded on after an undo."""


class PartSnapshot(NamedTuple):
    """The state of a part before one of its events."""

    number: int
    """Events of the part folded so far."""
    takes: Takes | None
    judgements: tuple[TakeEvent, ...] | None
    submitted: tuple[CompSubmitted, ...] | None


class RecordFold:
    """The state of one record, or of several, advanced by one event after the other."""

    def __init__(self) -> None:
        self.history: list[Recorded[Event]] = []
        """The events fed so far, including those taken back."""
        self._takes: dict[str, Takes] = {}
        self._judgements: dict[str, tuple[TakeEvent, ...]] = {}
        self._submitted: dict[str, tuple[CompSubmitted, ...]] = {}
        self._arrangements: dict[str, Arrangement] = {}
        self._mixes: dict[str, Mixes] = {}
        self._roughs: dict[str, RoughPinned] = {}
        self._masters: dict[str, Masters] = {}
        self._reports: dict[str, tuple[Report, ...]] = {}
        self._subjects: dict[str, tuple[Report, ...]] = {}
        self._failures: dict[str, tuple[RenderFailed, ...]] = {}
        self._again: dict[str, int] = {}
        self._named: dict[str, int] = {}
        self._plans: dict[str, EditPlans] = {}
        self._stages: dict[str, StageSetting] = {}
        self._start()

    def _start(self) -> None:
        self._of_song: dict[str, list[Recorded[Event]]] = {}
        """Events of each song's arrangement."""
        self._of_part: dict[str, list[Recorded[Event]]] = {}
        """Events of each part, and those of the arrangement that set its comp."""
        self._snapshots: dict[str, list[PartSnapshot]] = {}
        self.first_played: dict[str, int] = {}
        """Position of the first sound of each MIDI take, which came with the take."""
        self._verdicts: list[Recorded[Event]] = []
        self._decisions: dict[UUID, Recorded[Event]] = {}
        self._undos: list[tuple[UUID, UUID]] = []
        """Ids of the undos, and of what each takes back."""
        self._undone: frozenset[UUID] = frozenset()
        self.live = RecordState(
            takes=self._takes, judgements=self._judgements, submitted=self._submitted, arrangements=self._arrangements,
            mixes=self._mixes, roughs=self._roughs, masters=self._masters, reports=self._reports,
            failures=self._failures, again=self._again, subjects=self._subjects, plans=self._plans, named=self._named,
            stages=self._stages,
        )  # fmt: skip
        """The state after the events fed so far; changes with the next event."""

    @property
    def state(self) -> RecordState:
        """The state after the events fed so far, as a copy that later events do not change."""
        live = self.live
        return replace(
            live, takes=dict(live.takes), judgements=dict(live.judgements), submitted=dict(live.submitted),
            arrangements=dict(live.arrangements), mixes=dict(live.mixes), roughs=dict(live.roughs),
            masters=dict(live.masters), reports=dict(live.reports), failures=dict(live.failures),
            again=dict(live.again), subjects=dict(live.subjects), plans=dict(live.plans), named=dict(live.named),
            stages=dict(live.stages),
        )  # fmt: skip

    def feed(self, history: Iterable[Recorded[Event]], *, skip: tuple[type[Exception], ...] = ()) -> "RecordFold":
        """Fold the next events, *history*, and return this fold.

        Decisions that *history* itself takes back are never folded, which makes this faster than :meth:`evolve`.

        Args:
            history: the next events.
            skip: exceptions of events that contradict others; such an event is passed over.
        """
        events = list(history)
        changed = self._set_undone(recorded for recorded in events if isinstance(recorded.event, DecisionUndone))
        for recorded in events:
            self.history.append(recorded)
            if isinstance(recorded.event, DecisionUndone):
                continue
            self._keep(recorded)
            if not self._undone or recorded.id not in self._undone:
                with suppress(*skip):
                    self.apply(recorded.event)
        if changed:
            with suppress(*skip):
                self._fold_changed(changed - {recorded.id for recorded in events})
        return self

    def evolve(self, recorded: Recorded[Event]) -> Sequence[Recorded[Event]]:
        """Fold the next event; return the events that count, or no longer count, because of it: usually that event."""
        self.history.append(recorded)
        event = recorded.event
        if isinstance(event, DecisionUndone):
            return self._fold_changed(self._set_undone((recorded,)))
        self._keep(recorded)
        if self._undone and recorded.id in self._undone:
            return ()
        self.apply(event)
        return (recorded,)

    def counts(self, recorded: Recorded[Event]) -> bool:
        """True unless *recorded* is taken back."""
        return recorded.id not in self._undone

    def has_decision(self, id_: UUID) -> bool:
        """True if the event with this id is a decision of this record that can be taken back."""
        return id_ in self._decisions

    def _keep(self, recorded: Recorded[Event]) -> None:
        """Remember an event that may have to be folded again; called before it is folded."""
        event = recorded.event
        if isinstance(event, PartEvent):
            self._keep_of_part(part_named(event), recorded)
            if isinstance(event, MidiPlayed):
                self.first_played.setdefault(event.take, recorded.position)
        elif isinstance(event, ArrangementEvent):
            self._of_song.setdefault(event.song, []).append(recorded)
            for part in _parts_set(event):
                self._keep_of_part(part, recorded)
        elif isinstance(event, VerdictGiven):
            self._verdicts.append(recorded)
        if event.traits.undoable:
            self._decisions[recorded.id] = recorded

    def _keep_of_part(self, part: str, recorded: Recorded[Event]) -> None:
        events = self._of_part.setdefault(part, [])
        self._snap(part, len(events))
        events.append(recorded)

    def _snap(self, part: str, number: int) -> None:
        """Keep the state of *part* before its event *number*, if a snapshot is due at that number."""
        if number % SNAPSHOT_EVENTS == 0:
            state = self._takes.get(part), self._judgements.get(part), self._submitted.get(part)
            self._snapshots.setdefault(part, []).append(PartSnapshot(number, *state))

    def apply(self, event: Event) -> None:
        """Fold an event that counts, without remembering it for an undo."""
        fold = self.FOLDS.get(type(event))
        if fold is not None:
            fold(self, event)
        if self._stages:
            self._note_evidence(event)

    def _set_undone(self, undos: Iterable[Recorded[Event]]) -> set[UUID]:
        """Add *undos*; return the ids of the decisions that count, or no longer count, because of them."""
        new = [(one.id, one.event.decision) for one in undos if isinstance(one.event, DecisionUndone)]
        if not new:
            return set()
        self._undos += new
        undone = set[UUID]()
        for id_, decision in reversed(self._undos):
            if id_ not in undone:
                undone.add(decision)
        before, self._undone = self._undone, frozenset(undone)
        return set(before ^ self._undone).difference(id_ for id_, _ in self._undos)

    def _fold_changed(self, changed: set[UUID]) -> list[Recorded[Event]]:
        """Refold the state that depends on the decisions with the ids *changed*; return these decisions."""
        decisions = [recorded for id_ in changed if (recorded := self._decisions.get(id_))]
        if len(decisions) < len(changed):  # of another record, or of a kind that is not taken back today
            self._fold_all()
            return [recorded for recorded in self.history if recorded.id in changed]
        parts: dict[str, int] = {}
        """Position of the first changed decision by part."""
        for recorded in sorted(decisions, key=_position):
            for part in self._fold_again(recorded.event):
                parts.setdefault(part, recorded.position)
        for part, position in parts.items():
            self._fold_part(part, position)
        for song in self._stages.keys() & {
            song_of(recorded.event.address) for recorded in decisions if recorded.event.stage_evidence
        }:
            self._fold_stage(song)
        return decisions

    def _fold_again(self, event: Event) -> Iterable[str]:
        """Refold the state that depends on *event*, except for the parts whose ids are returned."""
        if isinstance(event, VerdictGiven):
            self._fold_verdicts()
        elif isinstance(event, ArrangementEvent):
            self._fold_song(event.song)
            return _parts_set(event)
        elif isinstance(event, PartEvent):
            return (part_named(event),)
        return ()

    def _fold_verdicts(self) -> None:
        given = (event for event in self._standing(self._verdicts) if isinstance(event, VerdictGiven))
        self.live = replace(self.live, verdicts=fold_events(verdicts.evolve, Verdicts(), given))

    def _forget_plans(self, song: str) -> None:
        for part in [part for part in self._plans if song_of(part) == song]:
            del self._plans[part]

    def _fold_song(self, song: str) -> None:
        self._forget_plans(song)
        self._arrangements.pop(song, None)
        for event in self._standing(self._of_song.get(song, ())):
            if isinstance(event, ArrangementEvent):
                self._arrange(event)

    def _fold_part(self, part: str, position: int) -> None:
        """Refold the events of *part* from the last snapshot before *position*."""
        events, snapshots = self._of_part[part], self._snapshots[part]
        first = bisect_left(events, position, key=_position)
        while snapshots[-1].number > first:
            snapshots.pop()
        snapshot = snapshots.pop()  # taken again by the first event
        self._restore(part, snapshot)
        for number, recorded in enumerate(events[snapshot.number :], start=snapshot.number):
            self._snap(part, number)
            event = recorded.event
            if recorded.id in self._undone:
                continue
            if isinstance(event, BasicSet):
                for cut in event.cuts():
                    if cut.part == part:
                        self._judge(cut)
            else:
                self.apply(event)

    def _restore(self, part: str, snapshot: PartSnapshot) -> None:
        self._plans.pop(part, None)
        if part in self._takes:
            self._takes[part] = snapshot.takes or Takes()  # in its place among the parts
        self._judgements.pop(part, None)
        if snapshot.judgements is not None:
            self._judgements[part] = snapshot.judgements
        self._submitted.pop(part, None)
        if snapshot.submitted is not None:
            self._submitted[part] = snapshot.submitted

    def _fold_all(self) -> None:
        """Refold all events."""
        history, self.history = self.history, []
        kept: tuple[dict[str, Any], ...] = (
            self._takes, self._judgements, self._submitted, self._arrangements, self._mixes, self._roughs,
            self._masters, self._reports, self._failures, self._again, self._subjects, self._plans, self._named,
            self._stages,
        )  # fmt: skip
        for states in kept:
            states.clear()
        undos, undone = self._undos, self._undone
        self._start()
        self._undos, self._undone = undos, undone
        for recorded in history:
            self.history.append(recorded)
            if not isinstance(recorded.event, DecisionUndone):
                self._keep(recorded)
                if recorded.id not in undone:
                    self.apply(recorded.event)

    def _standing(self, history: Iterable[Recorded[Event]]) -> Iterator[Event]:
        return (recorded.event for recorded in history if recorded.id not in self._undone)

    def _catalogue(self, event: CatalogEvent) -> None:
        if isinstance(event, PartAdded | PartEdited):  # a stack sounds with all its keepers
            self._plans.pop(event.part, None)
        self.live = replace(self.live, catalog=catalog.evolve(self.live.catalog, event))

    def _correct(self, event: EntryEvent) -> None:
        if event.revision is None:
            self._catalogue(event)
        elif event.song is not None:
            self._mixes[event.song] = mixes.evolve(self._mixes.get(event.song, Mixes()), event)
        elif event.record is not None:
            self._masters[event.record] = masters.evolve(self._masters.get(event.record, Masters()), event)

    def _move(self, event: TakeMoved) -> None:
        part = part_of(event.take)
        self._plans.pop(part, None)
        if part in self._takes:
            self._takes[part] = takes.evolve_moved(self._takes[part], event)

    def _ingest(self, event: TakeIngested | MidiPlayed) -> None:
        part = part_of(event.take)
        self._plans.pop(part, None)
        self._takes[part] = takes.evolve(self._takes.get(part, Takes()), event)

    def _judge(self, event: TakeJudged | CompSet) -> None:
        part = event.part if isinstance(event, CompSet) else part_of(event.take)
        self._plans.pop(part, None)
        self._takes[part] = takes.evolve(self._takes.get(part, Takes()), event)
        self._judgements[part] = (*self._judgements.get(part, ()), event)

    def _edit(self, event: TakeEdited) -> None:
        part = part_of(event.take)
        self._plans.pop(part, None)
        self._takes[part] = takes.evolve_edited(self._takes.get(part, Takes()), event)

    def _submit(self, event: CompSubmitted) -> None:
        self._plans.pop(event.part, None)
        self._submitted[event.part] = (*self._submitted.get(event.part, ()), event)

    def _arrange(self, event: ArrangementEvent) -> None:
        self._forget_plans(event.song)
        self._arrangements[event.song] = arrangement.evolve(
            self._arrangements.get(event.song, Arrangement()), event
        )  # fmt: skip

    def _set_basic(self, event: BasicSet) -> None:
        self._arrange(event)
        for cut in event.cuts():
            self._judge(cut)

    def _revise(self, event: MixRevised | VersionSummed) -> None:
        self._mixes[event.song] = mixes.evolve(self._mixes.get(event.song, Mixes()), event)

    def _pin(self, event: RoughPinned) -> None:
        self._roughs[event.song] = event

    def _plan_master(self, event: MasterPlanned) -> None:
        self._masters[event.record] = masters.evolve(self._masters.get(event.record, Masters()), event)

    def _give_verdict(self, event: VerdictGiven) -> None:
        self.live = replace(self.live, verdicts=verdicts.evolve(self.live.verdicts, event))

    def _set_stage(self, event: SongStaged) -> None:
        self._stages[event.song] = StageSetting(event.stage)

    def _note_evidence(self, event: Event) -> None:
        stage = event.stage_evidence
        if stage is not None and (song := song_of(event.address)) in self._stages:
            self._stages[song] = self._stages[song].with_evidence(stage)

    def _fold_stage(self, song: str) -> None:
        """Fold the evidence since the stage of *song* was set again, without decisions that were taken back."""
        for event in self._standing(self.history):
            if isinstance(event, SongStaged) and event.song == song:
                self._set_stage(event)
            elif song in self._stages and event.stage_evidence and song_of(event.address) == song:
                self._note_evidence(event)

    def _report(self, event: Rendered) -> None:
        report = event.report
        self._reports[report.plan] = (*self._reports.get(report.plan, ()), report)
        if report.kind in {"mix", "master"}:
            self._subjects[report.subject] = (*self._subjects.get(report.subject, ()), report)
        self._failures.pop(report.key, None)

    def _fail(self, event: RenderFailed) -> None:
        self._failures[event.key] = (*self._failures.get(event.key, ()), event)

    def _ask(self, event: RenderAsked) -> None:
        if event.named:
            self._named[event.target] = self.live.renders_of(event.target)
            return
        if not event.plans and event.record in {None, *self.live.catalog.records}:
            self._failures.clear()
        for plan in dict.fromkeys(event.plans):
            self._again[plan] = self._again.get(plan, 0) + 1

    FOLDS: ClassVar[Mapping[type[Event], Callable[..., None]]] = {
        **dict.fromkeys(get_args(CatalogEvent), _catalogue),
        **dict.fromkeys(get_args(EntryEvent), _correct),
        **dict.fromkeys(get_args(ArrangementEvent), _arrange),
        BasicSet: _set_basic,
        TakeIngested: _ingest,
        MidiPlayed: _ingest,
        TakeMoved: _move,
        TakeJudged: _judge,
        CompSet: _judge,
        TakeEdited: _edit,
        CompSubmitted: _submit,
        MixRevised: _revise,
        VersionSummed: _revise,
        RoughPinned: _pin,
        MasterPlanned: _plan_master,
        VerdictGiven: _give_verdict,
        SongStaged: _set_stage,
        Rendered: _report,
        RenderFailed: _fail,
        RenderAsked: _ask,
    }


def part_named(event: PartEvent) -> str:
    """The id of the part that *event* is about."""
    return event.part if isinstance(event, CompSet | CompSubmitted) else part_of(event.take)


def _parts_set(event: ArrangementEvent) -> list[str]:
    """The ids of the parts whose comp *event* sets."""
    return list(dict.fromkeys(cut.part for cut in event.cuts())) if isinstance(event, BasicSet) else []


_position: Final = attrgetter("position")

EVENTS: Final[tuple[type[Event], ...]] = (*RecordFold.FOLDS, NoteAdded, NoteAnswered, DecisionUndone)
"""Event classes that the state of a record is folded from."""


def fold(history: Iterable[Recorded[Event]]) -> RecordState:
    """The state after *history*, without undone decisions."""
    return RecordFold().feed(history).live
