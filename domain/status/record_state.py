"""State of one record, folded from its events: every subject's state, and the status of each comp and mix."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, get_args

from domain.core.event import Event, Recorded
from domain.core.fold import fold_events
from domain.core.ids import part_of, song_of
from domain.label import catalog
from domain.label.catalog import Catalog, CatalogEvent
from domain.label.notes import NoteAdded
from domain.masters import masters
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes import mixes
from domain.mixes.mixes import FromOutside, FromRecipe, Mixes, MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.recipe import EditRecipe, TimeStretch, parse_mix
from domain.render.jobs import Named, RenderAsked, Rendered, RenderFailed, Report, manifest, mix_plan
from domain.song import arrangement
from domain.song.arrangement import Arrangement, ArrangementEvent
from domain.song.passes import BasicSet
from domain.status import verdicts
from domain.status.undo import DecisionUndone, standing
from domain.status.verdicts import Status, VerdictGiven, Verdicts, stand
from domain.takes import takes
from domain.takes.comps import EMPTY, Comp, comp_of, edit_of, plan_of
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted, PartSound, standing_on
from domain.takes.take_edits import TakeEdited
from domain.takes.takes import CompSet, TakeEvent, TakeIngested, TakeJudged, Takes


@dataclass(frozen=True, slots=True)
class RecordState:
    """The state of one record, or of several whose events are folded together."""

    catalog: Catalog = field(default_factory=Catalog)
    takes: Mapping[str, Takes] = field(default_factory=dict)
    judgements: Mapping[str, tuple[TakeEvent, ...]] = field(default_factory=dict)
    """Judgements of each part that are not undone, in order."""
    submitted: Mapping[str, tuple[CompSubmitted, ...]] = field(default_factory=dict)
    """Comps from outside by part, in order."""
    arrangements: Mapping[str, Arrangement] = field(default_factory=dict)
    """Arrangement by song id."""
    mixes: Mapping[str, Mixes] = field(default_factory=dict)
    roughs: Mapping[str, RoughPinned] = field(default_factory=dict)
    """The rough mix pinned last, by song id."""
    masters: Mapping[str, Masters] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=Verdicts)
    reports: Mapping[str, tuple[Report, ...]] = field(default_factory=dict)
    """Reports by plan, in the order they were recorded."""
    failures: Mapping[str, tuple[RenderFailed, ...]] = field(default_factory=dict)
    """Failures by job key since a retry was last requested."""
    again: Mapping[str, int] = field(default_factory=dict)
    """Number of repeated renders requested by hand, by plan."""

    def takes_of(self, part: str) -> Takes:
        """The takes of *part*."""
        return self.takes.get(part, Takes())

    def comp(self, part: str) -> Comp:
        """The painted comp of *part*."""
        if part not in self.takes:
            return EMPTY
        return comp_of(self.catalog.part(part), self.takes[part], self.judgements.get(part, ()))

    def arrangement(self, song: str) -> Arrangement:
        """Form and running order of *song*."""
        return self.arrangements.get(song, Arrangement())

    def edit(self, part: str) -> EditRecipe | None:
        """The edit recipe of *part*; None while nothing is painted."""
        return edit_of(self.comp(part), self.takes_of(part), self._stretches(part))

    def edit_plan(self, part: str) -> str | None:
        """The plan of *part*'s edit; None while nothing is painted."""
        return plan_of(self.comp(part), self.takes_of(part), self._stretches(part))

    def sound(self, part: str) -> PartSound | None:
        """The sound of *part* today, rendered here or made outside; None while nothing is painted."""
        plan = self.edit_plan(part)
        if plan is None:
            return None
        return PartSound(plan, standing_on(plan, self.submitted.get(part, ())), self.report(plan))

    def _stretches(self, part: str) -> tuple[TimeStretch, ...]:
        return self.arrangement(song_of(part)).stretches

    def report(self, plan: str | None) -> Report | None:
        """The output of *plan*: of several reports the one approved most recently, else the newest."""
        found = self.reports.get(plan or "", ())
        if len(found) > 1:
            for files in self.verdicts.files_approved():
                for report in reversed(found):
                    if {output.sound.pcm for output in report.outputs} <= files:
                        return report
        return found[-1] if found else None


def evolve(state: RecordState, event: Event) -> RecordState:
    """Fold one event that is not undone into the state."""
    fold = _FOLDS.get(type(event))
    return fold(state, event) if fold else state


def fold(history: Iterable[Recorded[Event]]) -> RecordState:
    """The state after *history*, without undone decisions."""
    state, reports = RecordState(), dict[str, list[Report]]()
    for recorded in standing(history):
        if isinstance(recorded.event, Rendered):  # by far the most; nothing else is folded from them
            report = recorded.event.report
            reports.setdefault(report.plan, []).append(report)
            state = _succeeded(state, report)
        else:
            state = evolve(state, recorded.event)
    return replace(state, reports={plan: tuple(found) for plan, found in reports.items()})


def _catalogued(state: RecordState, event: CatalogEvent) -> RecordState:
    return replace(state, catalog=catalog.evolve(state.catalog, event))


def _ingested(state: RecordState, event: TakeIngested | MidiPlayed) -> RecordState:
    part = part_of(event.take)
    return replace(state, takes={**state.takes, part: takes.evolve(state.takes_of(part), event)})


def _judged(state: RecordState, event: TakeJudged | CompSet) -> RecordState:
    part = event.part if isinstance(event, CompSet) else part_of(event.take)
    said = (*state.judgements.get(part, ()), event)
    return replace(
        state,
        takes={**state.takes, part: takes.evolve(state.takes_of(part), event)},
        judgements={**state.judgements, part: said},
    )


def _edited(state: RecordState, event: TakeEdited) -> RecordState:
    part = part_of(event.take)
    return replace(state, takes={**state.takes, part: takes.evolve_edited(state.takes_of(part), event)})


def _submitted(state: RecordState, event: CompSubmitted) -> RecordState:
    known = state.submitted.get(event.part, ())
    return replace(state, submitted={**state.submitted, event.part: (*known, event)})


def _arranged(state: RecordState, event: ArrangementEvent) -> RecordState:
    new = arrangement.evolve(state.arrangement(event.song), event)
    return replace(state, arrangements={**state.arrangements, event.song: new})


def _basic(state: RecordState, event: BasicSet) -> RecordState:
    return fold_events(_judged, _arranged(state, event), event.cuts())


def _revised(state: RecordState, event: MixRevised) -> RecordState:
    return replace(state, mixes={**state.mixes, event.song: mixes.evolve(state.mixes.get(event.song, Mixes()), event)})


def _pinned(state: RecordState, event: RoughPinned) -> RecordState:
    return replace(state, roughs={**state.roughs, event.song: event})


def _planned(state: RecordState, event: MasterPlanned) -> RecordState:
    new = masters.evolve(state.masters.get(event.record, Masters()), event)
    return replace(state, masters={**state.masters, event.record: new})


def _verdict(state: RecordState, event: VerdictGiven) -> RecordState:
    return replace(state, verdicts=verdicts.evolve(state.verdicts, event))


def _rendered(state: RecordState, event: Rendered) -> RecordState:
    report = event.report
    known = state.reports.get(report.plan, ())
    return _succeeded(replace(state, reports={**state.reports, report.plan: (*known, report)}), report)


def _succeeded(state: RecordState, report: Report) -> RecordState:
    if report.key not in state.failures:
        return state
    return replace(state, failures={key: failed for key, failed in state.failures.items() if key != report.key})


def _failed(state: RecordState, event: RenderFailed) -> RecordState:
    failed = (*state.failures.get(event.key, ()), event)
    return replace(state, failures={**state.failures, event.key: failed})


def _asked(state: RecordState, event: RenderAsked) -> RecordState:
    if not event.plans:
        return replace(state, failures={}) if event.record in {None, *state.catalog.records} else state
    again = {plan: state.again.get(plan, 0) + 1 for plan in event.plans}
    return replace(state, again={**state.again, **again})


_FOLDS: Final[Mapping[type[Event], Callable[..., RecordState]]] = {
    **dict.fromkeys(get_args(CatalogEvent), _catalogued),
    TakeIngested: _ingested,
    MidiPlayed: _ingested,
    TakeJudged: _judged,
    CompSet: _judged,
    TakeEdited: _edited,
    CompSubmitted: _submitted,
    **dict.fromkeys(get_args(ArrangementEvent), _arranged),
    BasicSet: _basic,
    MixRevised: _revised,
    RoughPinned: _pinned,
    MasterPlanned: _planned,
    VerdictGiven: _verdict,
    Rendered: _rendered,
    RenderFailed: _failed,
    RenderAsked: _asked,
}
EVENTS: Final[tuple[type[Event], ...]] = (*_FOLDS, NoteAdded, DecisionUndone)
"""Event classes that the state of a record is folded from."""


@dataclass(frozen=True, slots=True)
class MixInputs:
    """Inputs of a mix by recipe today."""

    tracks: Mapping[str, tuple[Named, ...]]
    """Tracks by part, for edits that are rendered or made outside."""
    waiting: Mapping[str, str]
    """Plan by part, for edits that are not rendered."""
    missing: tuple[str, ...]
    """Parts that have no keeper and are not optional."""


def mix_inputs(state: RecordState, song: str, revision: MixRevised) -> MixInputs:
    """The inputs that the parts of *revision* give today."""
    tracks, waiting, missing = {}, {}, []
    for part in parts_of(state, revision):
        sound = state.sound(f"{song}/{part}")
        if sound is None:
            if not state.catalog.part(f"{song}/{part}").optional:
                missing.append(part)
        elif sound.tracks:
            tracks[part] = sound.tracks
        else:
            waiting[part] = sound.plan
    return MixInputs(tracks, waiting, tuple(missing))


def parts_of(state: RecordState, revision: MixRevised) -> tuple[str, ...]:
    """Slugs of the parts in *revision*; for one made outside, the parts whose comps its maker was given."""
    made = revision.made
    known = state.catalog.song(revision.song).heard
    named = _parts_named(made.text) if isinstance(made, FromRecipe) else tuple(sorted(made.given))
    return tuple(part for part in named if part in known)


@lru_cache(maxsize=4096)
def _parts_named(recipe: str) -> tuple[str, ...]:
    return parse_mix(recipe).parts  # many a standing asks this of the same few texts


def mix_prints(state: RecordState, song: str, number: int) -> tuple[Named, ...]:
    """The prints of mix *number* today; empty while its plan has no output."""
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    if isinstance(revision.made, FromOutside):
        return () if _changed_comps(state, song, revision.made) else revision.made.prints
    report = mix_report(state, revision)
    return report.outputs if report else ()


def _changed_comps(state: RecordState, song: str, made: FromOutside) -> list[str]:
    """The parts whose comps are not the ones that the mixer got."""
    today = {part: state.sound(f"{song}/{part}") for part in made.given}
    return [part for part, sound in today.items() if not sound or sound.hash != made.given[part]]


def mix_report(state: RecordState, revision: MixRevised) -> Report | None:
    """The report of *revision* for today's inputs; None if it is not rendered, or was made outside."""
    if isinstance(revision.made, FromOutside):
        return None
    return state.report(_plan_of(revision.made, mix_inputs(state, revision.song, revision)))


def _plan_of(made: FromRecipe, inputs: MixInputs) -> str | None:
    return None if inputs.waiting or inputs.missing else mix_plan(made.text, inputs.tracks, made.impulses)


def mix_standing(state: RecordState, song: str, number: int) -> Status:
    """Status of mix *number* of *song* today.  Raises: NotFound ``mix.unknown``."""
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    if isinstance(revision.made, FromOutside):
        changed = _changed_comps(state, song, revision.made)
        prints = () if changed else revision.made.prints
        comps = f"the {changed[0]} comp has" if len(changed) == 1 else f"the comps of {', '.join(changed)} have"
        blocked = f"{comps} changed since {revision.made.maker} got the tracks" if changed else ""
        found, had = {}, frozenset({_manifest(revision.made.prints)})
    else:
        inputs = mix_inputs(state, song, revision)
        plan = _plan_of(revision.made, inputs)
        report = state.report(plan)
        prints = report.outputs if report else ()
        blocked = _lacks(inputs)
        found = {_manifest(one.outputs): _files(one.outputs) for one in state.reports.get(plan or "", ())}
        had = _had(state, song, revision.made)
    output = _manifest(prints) if prints else None
    return stand(
        state.verdicts,
        address=f"{song}@mix{number}",
        subject=f"{song}@mix",
        output=output,
        files=_files(prints),
        had=had,
        blocked=blocked,
        others={other: files for other, files in found.items() if other != output},
    )


def _lacks(inputs: MixInputs) -> str:
    if inputs.missing:
        return f"no keeper of {', '.join(inputs.missing)}"
    return "" if inputs.tracks or inputs.waiting else "no part of it has a keeper"


def _had(state: RecordState, song: str, made: FromRecipe) -> frozenset[str]:
    """Manifest hashes of all outputs ever rendered from revisions with this recipe."""
    twins = {f"{song}@mix{one.number}" for one in state.mixes[song].revisions.values() if one.made == made}
    reports = (report for found in state.reports.values() for report in found if report.subject in twins)
    return frozenset(_manifest(report.outputs) for report in reports)


def _files(prints: Iterable[Named]) -> tuple[str, ...]:
    return tuple(print_.sound.pcm for print_ in prints)


def _manifest(files: Iterable[Named]) -> str:
    return manifest((file.name, file.sound.pcm) for file in files)


def approved_mixes(state: RecordState, record: str) -> dict[str, int]:
    """The newest approved revision of each song of *record* that has one."""
    found = {}
    for song in state.catalog.songs_of(record):
        for number in sorted(state.mixes.get(song.id, Mixes()).revisions, reverse=True):
            if mix_standing(state, song.id, number).state == "approved":
                found[song.id] = number
                break
    return found
