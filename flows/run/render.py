"""The flows: one of songs and one of masters.  Flows read job files and make no decisions; no task passes audio.

Prefect shows the runs, retries transient failures, and keeps the tracebacks; the result of a run is its list of
outcomes, even if jobs fail.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, ParamSpec, TypeVar

from prefect import flow, get_run_logger, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TagsContext
from prefect.flows import Flow
from prefect.futures import PrefectFuture
from prefect.runtime import task_run
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from domain.render.job_file import WholeJob
from domain.render.jobs import GainJob, MasterJob, Rendered, RenderFailed, SongJob
from flows.jobs.job_files import job_in
from flows.run import artifacts
from flows.run.failure import RETRY_DELAYS_S
from flows.run.master import gain_outcome, master_outcome
from flows.run.progress import RunMonitor
from flows.run.run_job import Interruption, Outcome
from flows.run.settings import RunSettings
from flows.run.song import song_outcomes

P = ParamSpec("P")
R = TypeVar("R")

ARTIFACT_EACH = 10
"""Most songs for which each gets an artifact of its own; each artifact takes a fifth of a second."""


class Unfinished(Exception):
    """A task whose jobs are not all done, raised so that Prefect marks it as failed; *outcomes* has all results."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        undone = (one for one in outcomes if not isinstance(one, Rendered))
        super().__init__("; ".join(f"{one.subject}: {one.reason}" for one in undone))
        self.outcomes = outcomes


def _may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    outcomes = error.outcomes if isinstance(error, Unfinished) else []
    return any(_passes(one) for one in outcomes)


def _passes(outcome: Outcome) -> bool:
    """True for a failure or an interruption that may not recur in another attempt."""
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
def render_song(job: SongJob, settings: RunSettings, threads: int, *, artifact: bool) -> list[Outcome]:
    """Render the due jobs of one song, edits before mixes; earlier reports in the vault are reused."""
    outcomes = song_outcomes(job, settings, threads=threads, log=get_run_logger(), last=_last_try())
    if artifact:
        _show(lambda: artifacts.of_song(job.song, outcomes, settings.vault))
    return _finished(outcomes)


@_patient("gain", "gain {job.record}@master{job.master} {job.target}")
def find_gain(job: GainJob, settings: RunSettings) -> list[Outcome]:
    """Find the gain of one record for one target."""
    return _finished([gain_outcome(job, settings, log=get_run_logger(), last=_last_try())])


@_patient("master", "master {job.record}@master{job.master} {job.target} {job.song}")
def render_master(job: MasterJob, settings: RunSettings) -> list[Outcome]:
    """Finish one song for one target."""
    return _finished([master_outcome(job, settings, log=get_run_logger(), last=_last_try())])


FlowName = Literal["render", "master"]
"""Name of the flow of songs, and of the flow of gains and masters."""


def run_jobs(
    name: FlowName, title: str, jobs: Sequence[str], run_tags: Iterable[str], settings: RunSettings
) -> State[Any]:
    """Run a flow in this process; the result of its state is the outcomes.

    Args:
        name: name of the flow.
        title: the run's name for people.
        jobs: hashes of the job files in the vault; songs for ``render``, gains and masters for ``master``.
        run_tags: tags of the flow run (:mod:`flows.run.run_tags`).
        settings: vault, threads, plug-ins and monitor.
    """
    with tags(*run_tags):
        return flow_of(name, settings, len(jobs))(title, list(jobs), return_state=True)


def flow_of(name: FlowName, settings: RunSettings, tasks: int) -> Flow[[str, list[str]], State[list[Outcome]]]:
    """A flow that renders job files, as many at once as there are render threads; a failed job stops no other.

    Its parameters are a title and the hashes of job files: Prefect shows parameters to all readers of its pages, and
    lets anyone who starts a run choose them.  The settings are this process's own.

    Args:
        name: name of the flow.
        settings: vault, threads, plug-ins and monitor of its runs.
        tasks: number of jobs in a run.
    """

    @flow(
        name=name,
        flow_run_name=f"{name} {{title}}",
        task_runner=_runner(settings.threads, tasks),
        validate_parameters=False,
        persist_result=False,
    )
    def render(title: str, jobs: list[str]) -> State[list[Outcome]]:
        found = [job_in(settings.vault, job) for job in jobs]
        with _untagged():
            begun = [_submitted(job, settings, len(found)) for job in found]
        return _concluded(title, begun, settings)

    return render


def _submitted(job: WholeJob, settings: RunSettings, tasks: int) -> PrefectFuture[list[Outcome]]:
    match job:
        case SongJob():
            threads = _each(settings.threads, tasks)
            return render_song.submit(job, settings, threads, artifact=tasks <= ARTIFACT_EACH)
        case GainJob():
            return find_gain.submit(job, settings)
        case MasterJob():
            return render_master.submit(job, settings)


def _untagged() -> TagsContext:
    # Prefect asks its server for a slot for each tag of a task run, and a busy server refuses: tag the flow run only.
    return TagsContext(current_tags=set())


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


def _gathered(begun: Sequence[PrefectFuture[list[Outcome]]], monitor: RunMonitor) -> list[Outcome]:
    try:
        answers = [future.result(raise_on_failure=False) for future in begun]
    except KeyboardInterrupt:
        monitor.abandon()  # Prefect waits for running tasks: Ctrl-C must not wait minutes for a mix
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


def _concluded(
    title: str, begun: Sequence[PrefectFuture[list[Outcome]]], settings: RunSettings
) -> State[list[Outcome]]:
    outcomes = _gathered(begun, settings.monitor)
    _show(lambda: artifacts.of_run(title, outcomes, settings.vault))
    undone = sum(not isinstance(one, Rendered) for one in outcomes)
    if undone:
        return Failed(message=f"{undone} of {len(outcomes)} failed", data=outcomes)
    return Completed(message=f"{len(outcomes)} done", data=outcomes)
