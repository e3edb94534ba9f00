"""Due renders made in this process by the functions that the flows call, and recorded as the driver records them.

The engine, its server and the command ``render`` have tests of their own; a test that needs rendered sound for
something else waits for no server here.
"""

import logging
from collections.abc import Iterator

from domain.core.event import Event
from domain.render.jobs import GainJob, MasterJob, SongJob
from domain.status.due_renders import DueRenders, RenderNeed, due_renders
from flows.jobs.job_files import job_in, keep_job
from flows.jobs.plug_ins import AllowedPlugIns
from flows.run.master import gain_outcome, master_outcome
from flows.run.run_job import Outcome
from flows.run.settings import RunSettings
from flows.run.song import song_outcomes
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.review.review_rows import records
from orchestrator.studio import Studio

LOG = logging.getLogger("rendering")


def render_all(folder: str) -> list[str]:
    """Bring every record of the store in *folder* up to date; return the addresses that were rendered."""
    made: list[str] = []
    with Studio.at(folder) as studio:
        plug_ins = AllowedPlugIns(studio.config.plugins)
        settings = RunSettings(studio.config.vault, 1, plug_ins)
        for record in records(studio):
            while jobs := due_renders(
                RenderNeed(read_record(studio, record).state, plugin_tree=plug_ins.tree_of), record
            ):
                outcomes = list(_outcomes(jobs, settings))
                assert all(outcome.kind == "rendered" for outcome in outcomes), outcomes
                studio.record_work(list[Event](outcomes))
                made += [outcome.report.subject for outcome in outcomes if outcome.kind == "rendered"]
    return made


def _outcomes(jobs: DueRenders, settings: RunSettings) -> Iterator[Outcome]:
    """Outcomes of the jobs as they are read from their files."""
    for due in (*jobs.songs, *jobs.gains, *jobs.masters):
        match job_in(settings.vault, keep_job(settings.vault, due)):
            case SongJob() as job:
                yield from song_outcomes(job, settings, threads=1, log=LOG, last=True)
            case GainJob() as job:
                yield gain_outcome(job, settings, log=LOG, last=True)
            case MasterJob() as job:
                yield master_outcome(job, settings, log=LOG, last=True)
