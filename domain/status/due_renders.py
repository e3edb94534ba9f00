"""Due renders: jobs of wanted mixes and masters whose plans have no output yet.

An engine upgrade makes nothing due: only plans without output are.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from domain.core.address import Address, parse_address
from domain.core.ids import record_of, slug_of
from domain.core.refusal import Misused
from domain.label.catalog import Song
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes.mixes import FromRecipe, Mixes, MixRevised
from domain.recipe import parse_master, parse_mix
from domain.render.jobs import (  # fmt: skip
    EditJob,
    GainJob,
    Kind,
    MasterJob,
    MixJob,
    Report,
    SongJob,
    key,
    mix_plan,
)
from domain.status.master_status import gain_plan, main_mixes, master_files, measured_first
from domain.status.record_state import RecordState, mix_inputs, mix_report, mix_status, parts_of
from domain.status.wanted_renders import rendered_songs, wanted_masters, wanted_mixes
from domain.takes.outside_comps import PartSound

TRIES: Final = 3
"""Recorded transient failures of a job, one for each run, after which only a person's request retries it.

Within a run, the flow itself repeats a failed attempt (``flows/run/failure.py``).
"""


@dataclass(frozen=True, slots=True)
class DueRenders:
    """Due jobs, in two waves: songs first, masters once their mixes are approved."""

    songs: tuple[SongJob, ...] = ()
    gains: tuple[GainJob, ...] = ()
    masters: tuple[MasterJob, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.songs or self.gains or self.masters)


@dataclass(frozen=True, slots=True)
class RenderNeed:
    """Test of whether a plan is due, by a record's state and the circumstances of a run."""

    state: RecordState
    lost: Container[str] = ()
    """Hashes of blobs that are missing from the vault."""
    retry: bool = False
    """Retry jobs that failed for a lasting reason."""
    spent: Collection[str] = ()
    """Keys of jobs that failed in this run and are not started again in it."""
    plugin_tree: Callable[[str], str | None] | None = None
    """Returns the tree hash of a plug-in by its name, None for a missing one; None if no plug-in is allowed."""

    def output(self, plan_: str | None) -> Report | None:
        """The report of the plan, if its audio is in the vault and nobody requested another render; else None."""
        report = self.state.report(plan_)
        if not report or max(found.again for found in self.state.reports[report.plan]) < self._asked(report.plan):
            return None
        if not self._lost(report):
            return report
        remade = key(report.kind, report.plan, again=report.again)  # by today's engine epoch, if the old audio is lost
        reports = self.state.reports[report.plan]
        return next((found for found in reports if found.key == remade and not self._lost(found)), None)

    def again(self, plan_: str) -> int:
        """Repeat number of the render to start: the highest requested, or that of the report whose audio was lost."""
        report, asked = self.state.report(plan_), self._asked(plan_)
        found = self.state.reports.get(plan_, ())
        return report.again if report and max(one.again for one in found) >= asked else asked

    def _asked(self, plan_: str) -> int:
        return self.state.again.get(plan_, 0)

    def _lost(self, report: Report) -> bool:
        return any(output.sound.blob in self.lost for output in report.outputs)

    def is_made(self, kind: Kind, plan_: str | None) -> bool:
        """True if the plan has its output, or its job failed and is not retried without a person's request."""
        if self.output(plan_):
            return True
        waits = self.state.failures or self.spent
        return bool(waits and plan_ and not self.key(kind, plan_))

    def key(self, kind: Kind, plan_: str) -> str | None:
        """Key of the job to start for the plan; None if it failed and is not retried without a person's request."""
        name = key(kind, plan_, again=self.again(plan_))
        failed = self.state.failures.get(name, ())
        over = bool(failed) and (len(failed) >= TRIES or failed[-1].failure != "transient")
        return None if name in self.spent or (over and not self.retry) else name


def due_renders(need: RenderNeed, record: str) -> DueRenders:
    """The due jobs of *record*."""
    jobs = (song_job(need, record, song.id) for song in rendered_songs(need.state, record))
    return _with_masters(need, [job for job in jobs if job], _masters_to_render(need.state, record))


def due_at(need: RenderNeed, record: str, below: str = "") -> DueRenders:
    """The due jobs of the entry at the address *below*, or of all of *record* if *below* is empty.

    Args:
        need: state and circumstances.
        record: record id.
        below: address of a record or song; of a part, for its edit; of a mix or master, which is rendered with all its
            inputs even if it is not wanted.

    Raises:
        NotFound: ``mix.unknown``, ``master.unknown``.
    """
    place = parse_address(below) if below else Address((record,))
    kind, number = place.revision or ("", 0)
    song = "/".join(place.path[:2])
    if kind == "mix":
        revision = need.state.mixes.get(song, Mixes()).revision(song, number)
        return DueRenders(songs=_jobs_for(need, [revision]))
    if kind == "master":
        return _due_for(need, need.state.masters.get(record, Masters()).master(record, number))
    due = due_renders(need, record)
    if len(place.path) == 1:
        return due
    jobs = tuple(job for job in due.songs if job.song == song)
    if len(place.path) == 2:  # noqa: PLR2004 - record and song
        return DueRenders(songs=jobs)
    edits = [edit for job in jobs for edit in job.edits if edit.part == "/".join(place.path)]
    return DueRenders(songs=(SongJob(song=song, edits=tuple(edits)),) if edits else ())


def _due_for(need: RenderNeed, master: MasterPlanned) -> DueRenders:
    """The due jobs of *master*, and of the mixes that it is made of."""
    bound = [need.state.mixes.get(one.song, Mixes()).revision(one.song, one.revision) for one in master.songs]
    songs = _jobs_for(need, bound)
    return _with_masters(need, songs, [] if master.outside or not _is_ready(need.state, master) else [master])


def _jobs_for(need: RenderNeed, mixes: Iterable[MixRevised]) -> tuple[SongJob, ...]:
    """The due jobs of *mixes* and of the edits that they are made of."""
    jobs = (song_job(need, record_of(one.song), one.song, only=one) for one in mixes)
    return tuple(job for job in jobs if job)


def _with_masters(need: RenderNeed, songs: Iterable[SongJob], masters: Sequence[MasterPlanned]) -> DueRenders:
    """Jobs of *songs* and *masters*; a job that several masters share is listed once."""
    gains = {job.plan: job for master in masters for job in _gain_jobs(need, master)}
    files = {job.plan: job for master in masters for job in _master_jobs(need, master)}
    return DueRenders(tuple(songs), tuple(gains.values()), tuple(files.values()))


def master_is_due(need: RenderNeed, record: str) -> bool:
    """True if a job of a master of *record* is due."""
    masters = _masters_to_render(need.state, record)
    return any(True for master in masters for _ in chain(_gain_jobs(need, master), _master_jobs(need, master)))


def output_blobs(state: RecordState, record: str) -> frozenset[str]:
    """Hashes of the blobs of the current renders of *record*; a render whose blob is lost is due again."""
    found: set[str] = set()
    for song in rendered_songs(state, record):
        wanted = wanted_mixes(state, record, song.id)
        sounds = (state.sound(f"{song.id}/{part}") for part in _rendered_parts(state, song, wanted))
        reports = [sound.report for sound in sounds if sound and not sound.submitted]
        reports += [mix_report(state, revision) for revision in wanted]
        found |= {output.sound.blob for report in reports if report for output in report.outputs}
    for master in _masters_to_render(state, record):
        found |= {file.sound.blob for file in master_files(state, master) if file.sound}
    return frozenset(found)


def _masters_to_render(state: RecordState, record: str) -> list[MasterPlanned]:
    """The wanted masters that are made here and whose mixes are all approved."""
    return [master for master in wanted_masters(state, record) if not master.outside and _is_ready(state, master)]


def _is_ready(state: RecordState, master: MasterPlanned) -> bool:
    return all(mix_status(state, bound.song, bound.revision).state == "approved" for bound in master.songs)


def _rendered_parts(state: RecordState, song: Song, wanted: Sequence[MixRevised]) -> list[str]:
    """Slugs of the parts whose edits are kept up to date: parts not removed or shelved, and parts of *wanted* mixes."""
    if song.absence is None and not song.absent_parts:
        return list(song.non_guides)
    held = {part for revision in wanted for part in parts_of(state, revision)}
    there = {} if song.absence else song.mixable
    return [part for part in song.non_guides if part in held or part in there]


def song_job(need: RenderNeed, record: str, song: str, *, only: MixRevised | None = None) -> SongJob | None:
    """The due jobs of *song*, or, with *only*, of one mix and its edits; None if there are none."""
    if only is None:
        wanted = wanted_mixes(need.state, record, song)
        parts: Sequence[str] = _rendered_parts(need.state, need.state.catalog.song(song), wanted)
    else:
        wanted, parts = [only], parts_of(need.state, only)
    edits = tuple(job for part in parts if (job := _edit_job(need, f"{song}/{part}")))
    keys = {slug_of(job.part): key("edit", job.plan, again=job.again) for job in edits}
    found = [_mix_job(need, revision, keys) for revision in wanted]
    mixes = tuple(job for job in found if job)
    return SongJob(song=song, edits=edits, mixes=mixes) if edits or mixes else None


def song_is_due(need: RenderNeed, record: str, song: str) -> bool:
    """True if a job of *song* is due."""
    wanted = wanted_mixes(need.state, record, song)
    parts = _rendered_parts(need.state, need.state.catalog.song(song), wanted)
    if any(_edit_is_due(need, need.state.sound(f"{song}/{part}")) for part in parts):
        return True
    return any(_mix_job(need, revision, {}) is not None for revision in wanted)


def _edit_is_due(need: RenderNeed, sound: PartSound | None) -> bool:
    return sound is not None and sound.submitted is None and not need.is_made("edit", sound.plan)


def _edit_job(need: RenderNeed, part: str) -> EditJob | None:
    state = need.state
    sound = state.sound(part)
    edit = state.rendered_edit(part) if _edit_is_due(need, sound) else None
    if edit is None:
        return None
    return EditJob(
        part=part,
        plan=edit.plan,
        again=need.again(edit.plan),
        recipe=edit.recipe.model_dump_json(),
        takes=edit.sources,
    )


def _mix_job(need: RenderNeed, revision: MixRevised, edits: Mapping[str, str]) -> MixJob | None:
    if not isinstance(revision.made, FromRecipe):
        return None
    inputs = mix_inputs(need.state, revision.song, revision)
    unmet = [part for part in inputs.waiting if part not in edits]  # an edit that failed and waits for somebody
    if inputs.missing or unmet or not (inputs.tracks or inputs.waiting):
        return None
    anew = {part: edits[part] for part in (*inputs.tracks, *inputs.waiting) if part in edits}
    plan_ = mix_plan(revision.made.text, inputs.tracks, revision.made.impulses)
    if not anew and (need.output(plan_) or not need.key("mix", plan_)):
        return None
    return MixJob(
        song=revision.song,
        revision=revision.number,
        again=need.again(plan_),
        recipe=revision.made.text,
        inputs={part: tracks for part, tracks in inputs.tracks.items() if part not in anew},
        edits=anew,
        impulses=revision.made.impulses,
        plugins=_plug_in_trees(need, revision.made.text),
    )


def _plug_in_trees(need: RenderNeed, recipe: str) -> dict[str, str]:
    """Tree hash of each plug-in that *recipe* names; a missing plug-in is left out, and the render refuses it."""
    if need.plugin_tree is None:
        return {}
    try:
        names = sorted({name for _, name in parse_mix(recipe).plug_ins})
    except Misused:  # the render says so, for this mix alone
        return {}
    return {name: tree for name in names if (tree := need.plugin_tree(name))}


def _gain_jobs(need: RenderNeed, master: MasterPlanned) -> Iterator[GainJob]:
    mixes = main_mixes(need.state, master.songs)
    for name, target in parse_master(master.recipe).targets.items():
        plan_ = gain_plan(master, name, mixes)
        if measured_first(master, target) and not need.output(plan_) and need.key("gain", plan_):
            yield GainJob(
                record=master.record, master=master.number, target=name, plan=plan_,
                again=need.again(plan_), recipe=master.recipe, mixes=mixes, reference=master.reference,
            )  # fmt: skip


def _master_jobs(need: RenderNeed, master: MasterPlanned) -> Iterator[MasterJob]:
    state = need.state
    for file in master_files(state, master):
        if file.plan and file.gain_db is not None and not need.output(file.plan) and need.key("master", file.plan):
            yield MasterJob(
                record=master.record, song=file.song, master=master.number, target=file.target, plan=file.plan,
                again=need.again(file.plan), recipe=master.recipe, mix=file.mix, gain_db=file.gain_db,
                alone=len(master.songs) == 1, curve=file.curve,
            )  # fmt: skip
