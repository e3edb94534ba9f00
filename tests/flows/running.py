"""Runs of the flows in this process, as the embedded engine runs them."""

from collections.abc import Sequence

from domain.render.jobs import GainJob, MasterJob, SongJob
from flows.jobs.job_files import keep_job
from flows.run.progress import Observer, RunMonitor
from flows.run.run_job import Outcome
from flows.run.run_tags import tags_of_masters, tags_of_songs
from flows.run.settings import RunSettings
from flows.vault.vault import Vault


def run_songs(
    title: str, jobs: Sequence[SongJob], vault: Vault, threads: int, observer: Observer = lambda _: None
) -> list[Outcome]:
    """Write the job files of *jobs* and run the flow ``render``; a failure of the flow itself is raised."""
    from flows.run.render import run_jobs

    settings = RunSettings(vault.url, threads, monitor=RunMonitor(observer))
    files = [keep_job(vault, job) for job in jobs]
    outcomes = run_jobs("render", title, files, tags_of_songs(jobs), settings).result(raise_on_failure=False)
    assert isinstance(outcomes, list), outcomes
    return outcomes


def run_masters(
    title: str, jobs: Sequence[GainJob | MasterJob], vault: Vault, threads: int, observer: Observer
) -> list[Outcome]:
    """Like :func:`run_songs`, for the flow ``master``."""
    from flows.run.render import run_jobs

    settings = RunSettings(vault.url, threads, monitor=RunMonitor(observer))
    files = [keep_job(vault, job) for job in jobs]
    outcomes = run_jobs("master", title, files, tags_of_masters(jobs), settings).result(raise_on_failure=False)
    assert isinstance(outcomes, list), outcomes
    return outcomes
