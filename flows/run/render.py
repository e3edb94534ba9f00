"""The flows: songs, one task each; then masters.  They decide nothing, and no task carries audio.

Prefect shows the runs, retries transient failures, and keeps the tracebacks; the result of a run is its list of
outcomes, even if jobs fail.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from prefect import flow, get_run_logger, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TagsContext
from prefect.futures import PrefectFuture
from prefect.runtime import task_run
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from domain.render.jobs import GainJob, MasterJob, Rendered, RenderFailed, SongJob
from flows.jobs import master as masters_
from flows.run import artifacts
from flows.run.progress import abandon
from flows.run.run_job import Attempt, Interruption, Outcome
from flows.run.run_tags import tags_of_masters, tags_of_songs
from flows.run.song import song_outcomes
from flows.vault.vault import vault_at

P = ParamSpec("P")
R = TypeVar("R")

RETRY_DELAYS_S = [0.5, 2.0]
"""Delays before the second and third attempt at a transient failure."""

ARTIFACT_EACH = 10
"""Most songs for which each gets an artifact of its own; each artifact takes a fifth of a second."""


class Unfinished(Exception):
    """A task whose jobs are not all done, raised so that Prefect marks it as failed; *outcomes* has all results."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        undone = (one for one in outcomes if not isinstance(one, Rendered))
        super().__init__("; ".join(f"{one.subject}: {one.reason}" for one in undone))
        self.outcomes = outcomes


@dataclass(frozen=True, slots=True)
class Share:
    """Resources of one task."""

    vault: str
    threads: int
    artifact: bool


def _may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    outcomes = error.outcomes if isinstance(error, Unfinished) else []
    return any(_passes(one) for one in outcomes)


def _passes(outcome: Outcome) -> bool:
    """True for a failure, or an interruption, that another attempt may not meet."""
    return isinstance(outcome, Interruption) or (isinstance(outcome, RenderFailed) and outcome.failure == "transient")


def _patient(name: str, run: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task decorator with retries of transient failures; *run* names the task runs for people."""
    return task(
        name=name,
        task_run_name=run,
        retries=len(RETRY_DELAYS_S),
        retry_delay_seconds=RETRY_DELAYS_S,
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


@_patient("song", "render {job.song}")
def render_song(job: SongJob, share: Share) -> list[Outcome]:
    """Render the due jobs of one song, edits before mixes; earlier reports in the vault are reused."""
    vault, log = vault_at(share.vault), get_run_logger()
    outcomes = song_outcomes(job, vault, threads=share.threads, log=log, last=_last_try())
    if share.artifact:
        _show(lambda: artifacts.of_song(job.song, outcomes, vault))
    return _finished(outcomes)


@_patient("gain", "gain {job.record}@master{job.master} {job.target}")
def find_gain(job: GainJob, share: Share) -> list[Outcome]:
    """Find the gain of one record for one target."""
    vault = vault_at(share.vault)
    attempt = Attempt(masters_.ask_of(job), job.record, None, vault, get_run_logger(), _last_try())
    return _finished([attempt.run(lambda: masters_.gain(job, vault))])


@_patient("master", "master {job.record}@master{job.master} {job.target} {job.song}")
def render_master(job: MasterJob, share: Share) -> list[Outcome]:
    """Finish one song for one target."""
    vault = vault_at(share.vault)
    attempt = Attempt(masters_.ask_of(job), job.record, job.song, vault, get_run_logger(), _last_try())
    return _finished([attempt.run(lambda: masters_.master(job, vault))])


@dataclass(frozen=True, slots=True)
class JobBatch:
    """Jobs and resources of a run, handed over beside the flow's parameters.

    Prefect keeps 512 KB of parameters at most, shows them to all readers of its pages, and lets anyone who starts a run
    choose them: no flow takes jobs, a vault or a path as a parameter.
    """

    vault: str
    threads: int
    songs: Sequence[SongJob] = ()
    gains: Sequence[GainJob] = ()
    masters: Sequence[MasterJob] = ()


_batch: ContextVar[JobBatch] = ContextVar("batch")


@flow(name="render", flow_run_name="render {title}", validate_parameters=False, persist_result=False)
def render_songs(title: str, songs: int) -> State[list[Outcome]]:
    """Render every song, as many at once as there are render threads; one failure stops no other."""
    batch = _batch.get()
    share = Share(batch.vault, _each(batch.threads, songs), artifact=songs <= ARTIFACT_EACH)
    with _untagged():
        begun = [render_song.submit(job, share) for job in batch.songs]
    return _concluded(title, begun, batch.vault)


@flow(name="master", flow_run_name="master {title}", validate_parameters=False, persist_result=False)
def render_masters(title: str, files: int) -> State[list[Outcome]]:
    """Find gains and finish masters; one failure stops no other."""
    batch = _batch.get()
    share = Share(batch.vault, _each(batch.threads, files), artifact=False)
    with _untagged():
        begun = [find_gain.submit(job, share) for job in batch.gains]
        begun += [render_master.submit(job, share) for job in batch.masters]
    return _concluded(title, begun, batch.vault)


def run_songs(title: str, jobs: Sequence[SongJob], vault: str, threads: int) -> State[Any]:
    """Run :func:`render_songs` in this process on *threads* render threads; the state's result is the outcomes."""
    run = render_songs.with_options(task_runner=_runner(threads, len(jobs)))
    with _handed(JobBatch(vault, threads, songs=jobs)), tags(*tags_of_songs(jobs)):
        return run(title, len(jobs), return_state=True)


def run_masters(
    title: str, gains: Sequence[GainJob], masters: Sequence[MasterJob], vault: str, threads: int
) -> State[Any]:
    """Run :func:`render_masters` in this process, like :func:`run_songs`."""
    files = len(gains) + len(masters)
    run = render_masters.with_options(task_runner=_runner(threads, files))
    batch = JobBatch(vault, threads, gains=gains, masters=masters)
    with _handed(batch), tags(*tags_of_masters([*gains, *masters])):
        return run(title, files, return_state=True)


def _untagged() -> TagsContext:
    # Prefect asks its server for a slot for each tag of a task run, and a busy server refuses: tag the flow run only.
    return TagsContext(current_tags=set())


@contextmanager
def _handed(batch: JobBatch) -> Iterator[None]:
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)


def _runner(threads: int, tasks: int) -> TaskRunner[Any]:
    runner: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=_at_once(threads, tasks))
    return runner


def _at_once(threads: int, tasks: int) -> int:
    return max(1, min(threads, tasks))


def _each(threads: int, tasks: int) -> int:
    return max(1, threads // _at_once(threads, tasks))


def _last_try() -> bool:
    return bool(task_run.run_count > len(RETRY_DELAYS_S))


def _finished(outcomes: list[Outcome]) -> list[Outcome]:
    if any(not isinstance(one, Rendered) for one in outcomes):
        raise Unfinished(outcomes)
    return outcomes


def _gathered(begun: Sequence[PrefectFuture[list[Outcome]]]) -> list[Outcome]:
    try:
        answers = [future.result(raise_on_failure=False) for future in begun]
    except KeyboardInterrupt:
        abandon()  # Prefect waits for running tasks: Ctrl-C must not wait minutes for a mix
        raise
    return [one for answer in answers for one in _outcomes(answer)]


def _outcomes(answer: list[Outcome] | Exception) -> list[Outcome]:
    match answer:
        case Unfinished(outcomes=outcomes):
            return outcomes
        case Exception():
            raise answer
        case _:
            return answer


def _show(page: Callable[[], None]) -> None:
    try:
        page()
    except Exception:  # noqa: BLE001 - a missing page in Prefect must not lose a render; its log says so
        get_run_logger().warning("Prefect shows no page for this run", exc_info=True)


def _concluded(title: str, begun: Sequence[PrefectFuture[list[Outcome]]], vault: str) -> State[list[Outcome]]:
    outcomes = _gathered(begun)
    _show(lambda: artifacts.of_run(title, outcomes, vault_at(vault)))
    undone = sum(not isinstance(one, Rendered) for one in outcomes)
    if undone:
        return Failed(message=f"{undone} of {len(outcomes)} failed", data=outcomes)
    return Completed(message=f"{len(outcomes)} done", data=outcomes)
