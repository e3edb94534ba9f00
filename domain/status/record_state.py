"""State of one record, folded from its events: every subject's state, and the status of each comp and mix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from domain.core.ids import IdParts, song_of
from domain.label.catalog import Catalog
from domain.label.stages import StageSetting
from domain.masters.masters import Masters
from domain.mixes.mixes import FromOutside, FromRecipe, Mixes, MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.mixes.versions import VersionSummed
from domain.recipe import EditRecipe, TimeStretch, parse_mix
from domain.render.jobs import Named, RenderFailed, Report, manifest, mix_plan
from domain.song.arrangement import Arrangement
from domain.song.edit_orders import follow_order, is_of_another_order
from domain.status.verdicts import Status, Verdicts, derive_status
from domain.takes.comps import EMPTY, Comp, comp_of, edit_of, plan_of, sources_of
from domain.takes.outside_comps import ArrangedComp, CompSubmitted, PartSound, standing_on
from domain.takes.takes import TakeEvent, Takes


class EditPlans(NamedTuple):
    """Plans of a part's edit; None while nothing is painted."""

    plan: str | None
    """Plan of the edit stroke by stroke, as painted: the one that is rendered."""
    joined: str | None
    """Plan with touching stretches of one take joined: the one that outside makers are given."""
    arranged: ArrangedComp | None = None
    """The comp made outside for another order of the song, put into the present one; None if there is none."""


class RenderedEdit(NamedTuple):
    """The edit that is rendered for a part."""

    plan: str
    recipe: EditRecipe
    sources: Mapping[int, tuple[Named, ...]]
    """Tracks by take number."""


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
    named: Mapping[str, int] = field(default_factory=dict)
    """Mixes and masters that a person named for one render, each with the number of its reports at that moment."""
    subjects: Mapping[str, tuple[Report, ...]] = field(default_factory=dict)
    """Reports of mixes and of the files of masters by subject, in the order they were recorded."""
    stages: Mapping[str, StageSetting] = field(default_factory=dict)
    """The stages that people set, by song id."""
    plans: dict[str, EditPlans] = field(default_factory=dict, compare=False, repr=False)
    """Cache of the plans of the parts' edits."""

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
        return self._edit_plans(part).plan

    def joined_plan(self, part: str) -> str | None:
        """The plan of *part*'s edit with touching stretches of one take as one; None while nothing is painted."""
        return self._edit_plans(part).joined

    def _edit_plans(self, part: str) -> EditPlans:
        if part not in self.plans:
            comp, takes, stretches = self.comp(part), self.takes_of(part), self._stretches(part)
            plan, joined = plan_of(comp, takes, stretches) if part in self.takes else None, comp.joined
            self.plans[part] = EditPlans(plan, plan if joined == comp else plan_of(joined, takes, stretches))
            if plan and part in self.submitted:
                self.plans[part] = self.plans[part]._replace(arranged=self._arranged(part))
        return self.plans[part]

    def _arranged(self, part: str) -> ArrangedComp | None:
        submitted, plans = self.submitted[part], self.plans[part]
        if standing_on({plans.plan or "", plans.joined or ""}, submitted):
            return None
        comp, takes, there = self.comp(part), self.takes_of(part), self.arrangement(song_of(part))
        arranged = (follow_order(one, comp, takes, there) for one in reversed(submitted))
        return next((one for one in arranged if one), None)

    def edit_of_another_order(self, part: str) -> CompSubmitted | None:
        """The last comp of *part* made outside, if it does not sound because the song has another order; else None."""
        sound, submitted = self.sound(part), self.submitted.get(part)
        if not submitted or sound is None or sound.outside:
            return None
        last, there = submitted[-1], self.arrangement(song_of(part))
        orders = [last.order] if last.order else []
        is_other = is_of_another_order(last, self.comp(part), self.takes_of(part), there, orders)
        return last if is_other else None

    def rendered_edit(self, part: str) -> RenderedEdit | None:
        """The edit that is rendered for *part*: of its takes, or of a comp made outside for another order.

        None while nothing is painted, and if a comp made outside sounds as it is.
        """
        sound, recipe = self.sound(part), self.edit(part)
        if sound is None or recipe is None or sound.submitted:
            return None
        if sound.arranged:
            return RenderedEdit(sound.plan, sound.arranged.recipe, sound.arranged.sources)
        return RenderedEdit(sound.plan, recipe, sources_of(self.comp(part), self.takes_of(part)))

    def sound(self, part: str) -> PartSound | None:
        """The sound of *part* today, rendered here or made outside; None while nothing is painted."""
        plan = self.edit_plan(part)
        if plan is None:
            return None
        joined = self.joined_plan(part) or plan
        submitted = standing_on({plan, joined}, self.submitted.get(part, ()))
        if arranged := self._edit_plans(part).arranged:
            return PartSound(arranged.plan, None, self.report(arranged.plan), arranged.plan, arranged)
        return PartSound(plan, submitted, self.report(plan), joined)

    def renders_of(self, address: str) -> int:
        """Number of reports of the mix, or of the files of the master, at *address*."""
        return sum(len(found) for subject, found in self.subjects.items() if IdParts.of(subject).name == address)

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


@dataclass(frozen=True, slots=True)
class MixInputs:
    """Current inputs of a mix that has a recipe."""

    tracks: Mapping[str, tuple[Named, ...]]
    """Tracks by part, for edits that are rendered or made outside."""
    waiting: Mapping[str, str]
    """Plan by part, for edits that are not rendered."""
    missing: tuple[str, ...]
    """Parts that have no keeper and are not optional."""


def mix_inputs(state: RecordState, song: str, revision: MixRevised) -> MixInputs:
    """The current inputs of *revision*: the sound of each of its parts."""
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
    """Slugs of the parts in *revision*; for one made outside, the parts whose comps its maker was given.

    A part that was removed or shelved later still counts: a correction of the catalog changes no plan, and a restored
    part is in the mix as before.  So a revision that waits for a keeper of a removed part stays blocked; the next
    revision is made without that part.
    """
    made = revision.made
    known = state.catalog.song(revision.song).non_guides
    named = _parts_named(made.text) if isinstance(made, FromRecipe) else tuple(sorted(made.given))
    return tuple(part for part in named if part in known)


@lru_cache(maxsize=4096)
def _parts_named(recipe: str) -> tuple[str, ...]:
    return parse_mix(recipe).parts  # many a standing asks this of the same few texts


def mix_prints(state: RecordState, song: str, number: int) -> tuple[Named, ...]:
    """The current prints of mix *number*, then its versions that are summed; empty while its plan has no output."""
    summed = summed_versions(state, song, number)
    return (*own_prints(state, song, number), *(Named(name=one.version, sound=one.sound) for one in summed))


def summed_versions(state: RecordState, song: str, number: int) -> tuple[VersionSummed, ...]:
    """The versions summed from the current stems of mix *number*; a print of the same name takes their place."""
    known = state.mixes.get(song, Mixes()).summed.get(number)
    if not known:
        return ()
    prints = own_prints(state, song, number)
    names = {print_.name for print_ in prints}
    return tuple(one for name, one in known.items() if name not in names and one.is_of(prints))


def own_prints(state: RecordState, song: str, number: int) -> tuple[Named, ...]:
    """The current prints of mix *number* as they were rendered or submitted; empty while its plan has no output."""
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    if isinstance(revision.made, FromOutside):
        return () if since_handoff(state, song, revision.made.given) else revision.made.prints
    report = mix_report(state, revision)
    return report.outputs if report else ()


class HandoffChanges(NamedTuple):
    """Slugs of the parts that sound otherwise today than in what an outside mixer was given; false if none do."""

    changed: tuple[str, ...] = ()
    """Parts whose comps have other audio."""
    new: tuple[str, ...] = ()
    """Parts that have a keeper and were not given."""
    gone: tuple[str, ...] = ()
    """Parts that were given and have no keeper any more."""

    def __bool__(self) -> bool:
        return any(self)

    def describe(self, maker: str) -> str:
        """Each kind of change in words, for people who know that *maker* got the tracks; empty if nothing changed."""
        comps = (
            f"the {self.changed[0]} comp has"
            if len(self.changed) == 1
            else f"the comps of {', '.join(self.changed)} have"
        )
        told = [
            f"{comps} changed since {maker} got the tracks" if self.changed else "",
            f"{maker} was not given {', '.join(self.new)}, kept since" if self.new else "",
            f"no keeper of {', '.join(self.gone)} any more" if self.gone else "",
        ]
        return "; ".join(filter(None, told))


def since_handoff(state: RecordState, song: str, given: Mapping[str, str]) -> HandoffChanges:
    """The parts of *song* that sound otherwise today than in *given*, the hashes of a handoff by part.

    A part that was removed or shelved after the handoff sounds in the mix as it did, and is no change.
    """
    today = {part: state.sound(f"{song}/{part}") for part in given}
    return HandoffChanges(
        changed=tuple(
            part for part, sound in today.items() if sound and not _is_given(state, sound, given[part])
        ),
        new=tuple(
            part for part in state.catalog.song(song).mixable
            if part not in given and state.sound(f"{song}/{part}") is not None
        ),
        gone=tuple(part for part, sound in today.items() if sound is None),
    )  # fmt: skip


def _is_given(state: RecordState, sound: PartSound, hash_: str) -> bool:
    """True if *sound* is that of a handoff with *hash_*: by its plan or, where both are rendered, by its audio."""
    if sound.is_given(hash_):
        return True
    report, today = state.report(hash_), _manifest(sound.tracks) if sound.tracks else None
    return today is not None and today in {hash_, _manifest(report.outputs) if report else None}


def mix_report(state: RecordState, revision: MixRevised) -> Report | None:
    """The report of *revision* for its current inputs; None if it is not rendered, or was made outside."""
    if isinstance(revision.made, FromOutside):
        return None
    return state.report(_plan_of(revision.made, mix_inputs(state, revision.song, revision)))


def _plan_of(made: FromRecipe, inputs: MixInputs) -> str | None:
    return None if inputs.waiting or inputs.missing else mix_plan(made.text, inputs.tracks, made.impulses)


def mix_status(state: RecordState, song: str, number: int) -> Status:
    """Status of mix *number* of *song* today.  Raises: NotFound ``mix.unknown``."""
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    if isinstance(revision.made, FromOutside):
        blocked = since_handoff(state, song, revision.made.given).describe(revision.made.maker)
        prints = () if blocked else revision.made.prints
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
    return derive_status(
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
    twins = (f"{song}@mix{one.number}" for one in state.mixes[song].revisions.values() if one.made == made)
    return frozenset(_manifest(report.outputs) for twin in twins for report in state.subjects.get(twin, ()))


def _files(prints: Iterable[Named]) -> tuple[str, ...]:
    return tuple(print_.sound.pcm for print_ in prints)


def _manifest(files: Iterable[Named]) -> str:
    return manifest((file.name, file.sound.pcm) for file in files)
