"""The flows: songs, one task each; then masters.  They decide nothing, and no task carries audio.

Prefect shows the runs, tries passing failures again, and keeps the tracebacks; what a run comes to is its list of
outcomes, whatever became of any one job.
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
"""Before the second and the third try of what failed for a passing reason."""

ARTIFACT_EACH = 10
"""With more songs than these, the two artifacts of the whole run must do: each costs a fifth of a second."""


class Unfinished(Exception):
    """A task's work is not all done; *outcomes* say what is.  It is how Prefect learns of it."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        undone = (one for one in outcomes if not isinstance(one, Rendered))
        super().__init__("; ".join(f"{one.subject}: {one.reason}" for one in undone))
        self.outcomes = outcomes


@dataclass(frozen=True, slots=True)
class Share:
    """What one task may use."""

    vault: str
    threads: int
    artifact: bool


def _may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    outcomes = error.outcomes if isinstance(error, Unfinished) else []
    return any(_passes(one) for one in outcomes)


def _passes(outcome: Outcome) -> bool:
    """True for a failure, or an interruption, that another try may not meet."""
    return isinstance(outcome, Interruption) or (isinstance(outcome, RenderFailed) and outcome.failure == "transient")


def _patient(name: str, run: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task that tries passing failures again; *run* names its runs for a person."""
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
    """Render what one song owes, edits before mixes; answered from the vault where it was rendered before."""
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
    """What a run works with, handed over beside the flow's parameters.

    Prefect keeps 512 KB of parameters at most, shows them to whoever reads its pages, and lets whoever orders a run
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
    """Bring every song up to date, as many at once as there are render threads; one failure stops no other."""
    batch = _batch.get()
    share = Share(batch.vault, _each(batch.threads, songs), artifact=songs <= ARTIFACT_EACH)
    with _untagged():
        begun = [render_song.submit(job, share) for job in batch.songs]
    return _concluded(title, begun, batch.vault)


@flow(name="master", flow_run_name="master {title}", validate_parameters=False, persist_result=False)
def render_masters(title: str, files: int) -> State[list[Outcome]]:
    """Find the gains, and finish the masters whose gains are known; one failure stops no other."""
    batch = _batch.get()
    share = Share(batch.vault, _each(batch.threads, files), artifact=False)
    with _untagged():
        begun = [find_gain.submit(job, share) for job in batch.gains]
        begun += [render_master.submit(job, share) for job in batch.masters]
    return _concluded(title, begun, batch.vault)


def run_songs(title: str, jobs: Sequence[SongJob], vault: str, threads: int) -> State[Any]:
    """Run :func:`render_songs` in this process on a budget of *threads*; the result of its state is the outcomes."""
    run = render_songs.with_options(task_runner=_runner(threads, len(jobs)))
    with _handed(JobBatch(vault, threads, songs=jobs)), tags(*tags_of_songs(jobs)):
        return run(title, len(jobs), return_state=True)


def run_masters(
    title: str, gains: Sequence[GainJob], masters: Sequence[MasterJob], vault: str, threads: int
) -> State[Any]:
    """Run :func:`render_masters` as :func:`run_songs` does."""
    files = len(gains) + len(masters)
    run = render_masters.with_options(task_runner=_runner(threads, files))
    batch = JobBatch(vault, threads, gains=gains, masters=masters)
    with _handed(batch), tags(*tags_of_masters([*gains, *masters])):
        return run(title, files, return_state=True)


def _untagged() -> TagsContext:
    # For each tag of a task run Prefect asks its server for a slot, and a busy server refuses: the flow run has them.
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
        abandon()  # Prefect waits for what runs: a mix of minutes must not keep who pressed Ctrl-C
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
    except Exception:  # noqa: BLE001 - a page less in Prefect is no reason to lose a render; its log says so
        get_run_logger().warning("Prefect shows no page for this run", exc_info=True)


def _concluded(title: str, begun: Sequence[PrefectFuture[list[Outcome]]], vault: str) -> State[list[Outcome]]:
    outcomes = _gathered(begun)
    _show(lambda: artifacts.of_run(title, outcomes, vault_at(vault)))
    undone = sum(not isinstance(one, Rendered) for one in outcomes)
    if undone:
        return Failed(message=f"{undone} of {len(outcomes)} failed", data=outcomes)
    return Completed(message=f"{len(outcomes)} done", data=outcomes)
