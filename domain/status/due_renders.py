"""Due renders: jobs whose plans have no output yet, and the status of each master.

An engine upgrade makes nothing due: only plans without output are.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from domain.core.ids import slug_of
from domain.core.refusal import Misused
from domain.label.catalog import Song
from domain.masters.masters import Bound, Finished, MasterPlanned, Masters, Outside
from domain.mixes.mixes import FromRecipe, Mixes, MixRevised
from domain.recipe import Target, parse_master, parse_mix
from domain.render.jobs import (  # fmt: skip
    EditJob,
    GainJob,
    Kind,
    MasterJob,
    MixJob,
    Named,
    Report,
    SongJob,
    Sound,
    album_gain_plan,
    curve_of,
    key,
    manifest,
    mix_plan,
    song_master_plan,
)
from domain.status.record_state import RecordState, mix_inputs, mix_prints, mix_report, mix_standing, parts_of
from domain.status.verdicts import Status, stand
from domain.takes.comps import sources_of
from domain.takes.outside_comps import PartSound

TRIES: Final = 3
"""Attempts at a job with transient failures; after them somebody has to ask for it."""


@dataclass(frozen=True, slots=True)
class DueRenders:
    """Due jobs in the two waves they run in: songs first, masters once their mixes are approved."""

    songs: tuple[SongJob, ...] = ()
    gains: tuple[GainJob, ...] = ()
    masters: tuple[MasterJob, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.songs or self.gains or self.masters)


@dataclass(frozen=True, slots=True)
class RenderNeed:
    """Decides if a plan is due, from a record's state and the circumstances of a run."""

    state: RecordState
    lost: Container[str] = ()
    """Hashes of blobs that are missing from the vault."""
    retry: bool = False
    """Retry jobs that failed for a lasting reason."""
    spent: Collection[str] = ()
    """Keys of jobs that failed in this run and are not started again in it."""
    plugin_tree: Callable[[str], str | None] | None = None
    """Returns the tree hash of an allowed plug-in, by name; None for one that is missing.  None if none is allowed."""

    def output(self, plan_: str | None) -> Report | None:
        """The report of the plan, if its audio is in the vault and no further render was requested; else None."""
        report = self.state.report(plan_)
        if not report or max(found.again for found in self.state.reports[report.plan]) < self._asked(report.plan):
            return None
        if not self._lost(report):
            return report
        remade = key(report.kind, report.plan, again=report.again)  # by today's engine epoch, if the old audio is lost
        reports = self.state.reports[report.plan]
        return next((found for found in reports if found.key == remade and not self._lost(found)), None)

    def again(self, plan_: str) -> int:
        """Number of the render to start: the highest requested, or that of the report whose audio was lost."""
        report, asked = self.state.report(plan_), self._asked(plan_)
        found = self.state.reports.get(plan_, ())
        return report.again if report and max(one.again for one in found) >= asked else asked

    def _asked(self, plan_: str) -> int:
        return self.state.again.get(plan_, 0)

    def _lost(self, report: Report) -> bool:
        return any(output.sound.blob in self.lost for output in report.outputs)

    def is_made(self, kind: Kind, plan_: str | None) -> bool:
        """True if the plan has its output, or its job failed and must wait for somebody."""
        if self.output(plan_):
            return True
        waits = self.state.failures or self.spent
        return bool(waits and plan_ and not self.key(kind, plan_))

    def key(self, kind: Kind, plan_: str) -> str | None:
        """Key of the job to start for the plan; None if it failed and must wait for somebody."""
        name = key(kind, plan_, again=self.again(plan_))
        failed = self.state.failures.get(name, ())
        over = bool(failed) and (len(failed) >= TRIES or failed[-1].failure != "transient")
        return None if name in self.spent or (over and not self.retry) else name


def due_renders(need: RenderNeed, record: str) -> DueRenders:
    """The due jobs of *record*."""
    jobs = (song_job(need, record, song.id) for song in rendered_songs(need.state, record))
    master = _master_to_render(need.state, record)
    if master is None:
        return DueRenders(songs=tuple(job for job in jobs if job))
    return DueRenders(
        tuple(job for job in jobs if job), tuple(_gain_jobs(need, master)), tuple(_master_jobs(need, master))
    )


def master_is_due(need: RenderNeed, record: str) -> bool:
    """True if a job of the newest master of *record* is due."""
    master = _master_to_render(need.state, record)
    return master is not None and any(True for _ in chain(_gain_jobs(need, master), _master_jobs(need, master)))


def output_blobs(state: RecordState, record: str) -> frozenset[str]:
    """Hashes of the blobs of which the present renders of *record* consist; one that the vault lacks is due again."""
    found: set[str] = set()
    for song in rendered_songs(state, record):
        wanted = wanted_mixes(state, record, song.id)
        sounds = (state.sound(f"{song.id}/{part}") for part in _rendered_parts(state, song, wanted))
        reports = [sound.report for sound in sounds if sound and not sound.submitted]
        reports += [mix_report(state, revision) for revision in wanted]
        found |= {output.sound.blob for report in reports if report for output in report.outputs}
    master = _master_to_render(state, record)
    files = master_files(state, master) if master else ()
    return frozenset(found | {file.sound.blob for file in files if file.sound})


def _master_to_render(state: RecordState, record: str) -> MasterPlanned | None:
    """The newest master, if it is made here and all its mixes are approved."""
    master = newest_master(state, record)
    if master is None or master.outside:
        return None
    approved = (mix_standing(state, bound.song, bound.revision).state == "approved" for bound in master.songs)
    return master if all(approved) else None


def newest_master(state: RecordState, record: str) -> MasterPlanned | None:
    """The newest master of *record* that is neither removed nor shelved; None if the record itself is."""
    return None if state.catalog.own_absence(record) else state.masters.get(record, Masters()).latest


def rendered_songs(state: RecordState, record: str) -> list[Song]:
    """The songs of *record* whose renders are kept up to date, in order.

    A removed or shelved song is among them as long as the newest master holds it: nothing shipped changes by it.
    """
    songs, master = state.catalog.songs_of(record), newest_master(state, record)
    bound = {one.song for one in master.songs} - {song.id for song in songs} if master else set()
    if not bound:
        return songs
    kept = bound | {song.id for song in songs}
    return [song for song in state.catalog.all_songs_of(record) if song.id in kept]


def _rendered_parts(state: RecordState, song: Song, wanted: Sequence[MixRevised]) -> list[str]:
    """Slugs of the parts whose edits are kept up to date: those that are there, and those that *wanted* mixes hold."""
    if song.absence is None and not song.absent_parts:
        return list(song.heard)
    held = {part for revision in wanted for part in parts_of(state, revision)}
    there = {} if song.absence else song.mixable
    return [part for part in song.heard if part in held or part in there]


def song_job(need: RenderNeed, record: str, song: str) -> SongJob | None:
    """The due jobs of *song*; None if there are none."""
    wanted = wanted_mixes(need.state, record, song)
    parts = _rendered_parts(need.state, need.state.catalog.song(song), wanted)
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
    recipe = state.edit(part) if _edit_is_due(need, sound) else None
    if sound is None or recipe is None:
        return None
    return EditJob(
        part=part,
        plan=sound.plan,
        again=need.again(sound.plan),
        recipe=recipe.model_dump_json(),
        takes=sources_of(state.comp(part), state.takes_of(part)),
    )


def wanted_mixes(state: RecordState, record: str, song: str) -> list[MixRevised]:
    """The revisions kept up to date: the newest, and the one bound by the newest master.

    Of a removed or shelved song, and of its revisions, those alone that the newest master is bound to.
    """
    mixes, master = state.mixes.get(song, Mixes()), newest_master(state, record)
    newest = None if state.catalog.absent_entry(song) else mixes.latest
    numbers = {one.revision for one in master.songs if one.song == song} if master else set()
    numbers |= {newest.number} if newest else set()
    return [mixes.revisions[number] for number in sorted(numbers) if number in mixes.revisions]


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
    """Tree hash of each plug-in that *recipe* names; the render itself refuses one that is missing here."""
    if need.plugin_tree is None:
        return {}
    try:
        names = sorted({name for _, name in parse_mix(recipe).plug_ins})
    except Misused:  # the render says so, for this mix alone
        return {}
    return {name: tree for name in names if (tree := need.plugin_tree(name))}


@dataclass(frozen=True, slots=True)
class MasterFile:
    """One song of a master for one target, with its plan if it can be computed and its report if it is rendered."""

    target: str
    number: int
    song: str
    mix: Sound
    gain_db: str | None
    plan: str | None
    report: Report | None
    curve: Mapping[str, str] = field(default_factory=dict)
    """Curve that matches the master's reference, dB by Hz."""
    brought: Finished | None = None
    """The file, for a master made outside."""

    @property
    def sound(self) -> Sound | None:
        """Audio of the file; None while it is not rendered."""
        if self.brought:
            return self.brought.sound
        return self.report.outputs[0].sound if self.report else None

    @property
    def measures(self) -> Mapping[str, str | None]:
        """Measures of the file; empty while it is not rendered."""
        return self.brought.measures if self.brought else self.report.measures if self.report else {}


def gain_plan(master: MasterPlanned, target: str, mixes: tuple[Named, ...]) -> str:
    """The plan of a target's album gain, and of the matching to the master's reference if it has one."""
    return album_gain_plan(master.recipe, target, mixes, master.reference)


def master_plan(
    master: MasterPlanned, target: str, mix: Sound, gain_db: str, curve: Mapping[str, str] | None = None
) -> str:
    """The plan of one song for one target; an empty curve is not part of it."""
    return song_master_plan(master.recipe, target, mix, gain_db, curve or {})


def measured_first(master: MasterPlanned, target: Target) -> bool:
    """True if a gain job must run before the songs: for a loudness target or a reference."""
    return target.integrated_lufs is not None or master.reference is not None


def main_mixes(state: RecordState, songs: Iterable[Bound]) -> tuple[Named, ...]:
    """The main print of each bound song, in order; songs without one today are left out."""
    found = []
    for bound in songs:
        prints = {print_.name: print_.sound for print_ in mix_prints(state, bound.song, bound.revision)}
        if "main" in prints:
            found.append(Named(name=bound.song, sound=prints["main"]))
    return tuple(found)


def master_files(state: RecordState, master: MasterPlanned) -> Iterator[MasterFile]:
    """Every file of *master*; none while a song has no mix, or if its outside maker was given other mixes."""
    mixes = main_mixes(state, master.songs)
    if len(mixes) < len(master.songs):
        return
    if master.outside:
        yield from _brought(state, master, master.outside, mixes)
        return
    for name, target in parse_master(master.recipe).targets.items():
        first = measured_first(master, target)
        found = state.report(gain_plan(master, name, mixes)) if first else None
        gain, curve = (found.measures.get("gain_db") if found else None) if first else "0", curve_of(found)
        for number, mix in enumerate(mixes, start=1):
            plan_ = master_plan(master, name, mix.sound, gain, curve) if gain is not None else None
            yield MasterFile(name, number, mix.name, mix.sound, gain, plan_, state.report(plan_), curve)


def _brought(
    state: RecordState, master: MasterPlanned, made: Outside, mixes: tuple[Named, ...]
) -> Iterator[MasterFile]:
    if given_mixes(state, master.songs) != made.given:
        return
    sounds = {mix.name: (number, mix.sound) for number, mix in enumerate(mixes, start=1)}
    for file in made.files:
        number, mix = sounds[file.song]
        yield MasterFile(file.target, number, file.song, mix, None, None, None, brought=file)


def given_mixes(state: RecordState, songs: Iterable[Bound]) -> dict[str, str]:
    """Mix output by song, as a mastering engineer gets them today; songs without one are left out."""
    found = ((bound.song, mix_standing(state, bound.song, bound.revision).output) for bound in songs)
    return {song: output for song, output in found if output}


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


def master_standing(state: RecordState, record: str, number: int) -> Status:
    """Status of master *number* of *record* today.  Raises: NotFound ``master.unknown``."""
    master = state.masters.get(record, Masters()).master(record, number)
    blocked = ""
    for bound in master.songs:
        mix = mix_standing(state, bound.song, bound.revision)
        if mix.state != "approved":
            blocked = f"{mix.address} is {mix}"
            break
    files = list(master_files(state, master))
    complete = bool(files) and all(file.sound for file in files)
    lines = [(_line(file.target, file.number, file.song), file.sound.pcm) for file in files if file.sound]
    if master.outside and not files:
        blocked = blocked or f"the mixes have changed since {master.outside.maker} got them"
    return stand(
        state.verdicts,
        address=f"{record}@master{number}",
        subject=f"{record}@master",
        output=manifest(lines) if complete else None,
        files=[pcm for _, pcm in lines] if complete else [],
        had=frozenset({_output_of(master, master.outside)}) if master.outside else frozenset(),
        blocked=blocked,
    )


def _output_of(master: MasterPlanned, made: Outside) -> str:
    """Manifest hash of a master made outside, over its own files."""
    numbers = {bound.song: number for number, bound in enumerate(master.songs, start=1)}
    return manifest((_line(one.target, numbers[one.song], one.song), one.sound.pcm) for one in made.files)


def _line(target: str, number: int, song: str) -> str:
    return f"{target} {number:02d} {song}"
