"""Due renders made in this process by the functions that the flows call, and recorded as the driver records them.

The engine, its server and the command ``render`` have tests of their own; a test that needs rendered sound for
something else waits for no server here.
"""

import logging
from collections.abc import Iterator

from domain.core.event import Event
from domain.render.jobs import GainJob, MasterJob
from domain.status.due_renders import DueRenders, RenderNeed, due_renders
from flows.jobs import master as masters
from flows.run.run_job import Attempt, Outcome
from flows.run.song import song_outcomes
from flows.vault.vault import Vault
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.review.review_queue import records
from orchestrator.studio import Studio

LOG = logging.getLogger("rendering")


def render_all(folder: str) -> list[str]:
    """Bring every record of the store in *folder* up to date; return the addresses that were rendered."""
    made: list[str] = []
    with Studio.at(folder) as studio:
        vault = Vault(studio.config.vault)
        for record in records(studio):
            while jobs := due_renders(
                RenderNeed(read_record(studio, record).state, plugins=studio.config.plugins), record
            ):
                outcomes = list(_outcomes(jobs, vault))
                assert all(outcome.kind == "rendered" for outcome in outcomes), outcomes
                studio.record_work(list[Event](outcomes))
                made += [outcome.report.subject for outcome in outcomes if outcome.kind == "rendered"]
    return made


def _outcomes(jobs: DueRenders, vault: Vault) -> Iterator[Outcome]:
    for song in jobs.songs:
        yield from song_outcomes(song, vault, threads=1, log=LOG, last=True)
    for gain in jobs.gains:
        yield _gain(gain, vault)
    for master in jobs.masters:
        yield _master(master, vault)


def _gain(job: GainJob, vault: Vault) -> Outcome:
    attempt = Attempt(masters.ask_of(job), job.record, None, vault, LOG)
    return attempt.run(lambda: masters.gain(job, vault))


def _master(job: MasterJob, vault: Vault) -> Outcome:
    attempt = Attempt(masters.ask_of(job), job.record, job.song, vault, LOG)
    return attempt.run(lambda: masters.master(job, vault))
