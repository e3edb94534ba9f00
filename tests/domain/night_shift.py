"""Simulated renders, pure functions of their plans without audio, which can be counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from domain.recipe import parse_mix
from domain.render.job_file import job_bytes, read_job
from domain.render.jobs import (
    EPOCHS,
    AnyJob,
    EditJob,
    Engine,
    GainJob,
    MasterJob,
    MixJob,
    Named,
    Rendered,
    RenderFailed,
    Report,
    SongJob,
    key,
    mix_plan,
    subject_of,
)
from domain.status.due_renders import DueRenders, RenderNeed, due_renders
from tests.domain.paper import Paper, sha, sound

RECORD = "night-bus"
ENGINE = Engine(takesheet="0", python="3", platform="paper", packages={})


def same_gain(_: GainJob) -> str:
    return "-1.5"


def gain_of_its_mixes(job: GainJob) -> str:
    return f"-{int(job.plan[:4], 16)}"


@dataclass
class NightShift:
    """A vault of reports by key, and a count of the actual renders by kind."""

    paper: Paper
    gain: Callable[[GainJob], str] = same_gain
    vault: dict[str, Report] = field(default_factory=dict)
    rendered: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)

    def owes(self) -> DueRenders:
        due = due_renders(RenderNeed(state=self.paper.state, lost=self.lost), RECORD)
        for job in (*due.songs, *due.gains, *due.masters):
            assert read_job(job_bytes(job)) == job, "every job can be written and read again"
        return due

    def work(self) -> dict[str, int]:
        """Render until nothing is due; return the number of renders by kind."""
        self.rendered.clear()
        for _ in range(5):
            jobs = self.owes()
            if not jobs:
                return dict(self.rendered)
            for song in jobs.songs:
                self._song(song)
            for job in (*jobs.gains, *jobs.masters):
                self._publish(job, job.plan)
        raise AssertionError(f"still owed after five nights: {jobs}")

    def _song(self, job: SongJob) -> None:
        edits = {edit.part.rpartition("/")[2]: self._publish(edit, edit.plan).outputs for edit in job.edits}
        for mix in job.mixes:
            assert mix.edits == {part: edit.key for part, edit in self._edits(job, mix).items()}
            inputs = {**mix.inputs, **{part: edits[part] for part in mix.edits}}
            self._publish(mix, mix_plan(mix.recipe, inputs, mix.impulses), inputs)

    def _edits(self, job: SongJob, mix: MixJob) -> dict[str, Report]:
        keys = {edit.part.rpartition("/")[2]: key("edit", edit.plan, again=edit.again) for edit in job.edits}
        return {part: self.vault[keys[part]] for part in mix.edits}

    def _publish(self, job: AnyJob, plan: str, inputs: dict[str, tuple[Named, ...]] | None = None) -> Report:
        name = key(job.kind, plan, again=job.again)
        known = self.vault.get(name)
        if known is None or any(output.sound.blob in self.lost for output in known.outputs):
            self.rendered[job.kind] += 1
            self.vault[name] = self._report(job, plan, name, inputs or {})
            self.lost -= {output.sound.blob for output in self.vault[name].outputs}
        song = None if isinstance(job, GainJob) else job.part.rpartition("/")[0] if job.kind == "edit" else job.song
        self.paper.say(Rendered(record=RECORD, song=song, report=self.vault[name]), by="robot")
        return self.vault[name]

    def _report(self, job: AnyJob, plan: str, name: str, inputs: dict[str, tuple[Named, ...]]) -> Report:
        return Report(
            kind=job.kind, key=name, plan=plan, epoch=EPOCHS[job.kind], again=job.again, subject=subject_of(job),
            outputs=tuple(_outputs(job, inputs)), measures=self._measures(job), seconds="1",
            engine=ENGINE,
        )  # fmt: skip

    def _measures(self, job: AnyJob) -> dict[str, str]:
        match job:
            case GainJob():
                return {"gain_db": self.gain(job)}
            case MasterJob():
                return {"integrated_lufs": "-14", "true_peak_dbtp": "-1"}
            case _:
                return {}

    def fail(self, job: AnyJob, failure: str = "transient") -> None:
        """Record that *job* failed."""
        name = key(job.kind, job.plan, again=job.again)
        self.paper.say(
            RenderFailed(
                record=RECORD, job=job.kind, key=name, subject=subject_of(job), failure=failure, reason="on paper"
            ),
            by="robot",
        )


def _outputs(job: AnyJob, inputs: dict[str, tuple[Named, ...]]) -> Iterable[Named]:
    """Outputs of *job*; those of a mix depend on the meaning of its recipe, not on its text."""
    match job:
        case EditJob():
            for track in sorted({track.name for tracks in job.takes.values() for track in tracks}):
                yield Named(name=track, sound=sound("edit", job.plan, track, job.again, EPOCHS["edit"]))
        case MixJob():
            recipe = parse_mix(job.recipe)
            heard = sorted((part, track.sound.pcm) for part, tracks in inputs.items() for track in tracks)
            for version in ("main", *recipe.versions):
                name = sha("mix", recipe.model_dump_json(), heard, version)
                yield Named(name=version, sound=sound(name, job.again, EPOCHS["mix"], channels=2))
        case MasterJob():
            yield Named(name=job.song, sound=sound("master", job.plan, job.again, EPOCHS["master"], channels=2))
