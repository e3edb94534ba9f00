"""Jobs of a master: finding the album gain for one target, and finishing one song for one target."""

from domain.render.jobs import GainJob, MasterJob
from flows.jobs import master as masters_
from flows.run.run_job import Attempt, Log, Outcome
from flows.run.settings import RunSettings


def gain_outcome(job: GainJob, settings: RunSettings, *, log: Log, last: bool) -> Outcome:
    """Find the gain of one record for one target; arguments as of :func:`flows.run.song.song_outcomes`."""
    vault = settings.vault
    attempt = Attempt(masters_.ask_of(job), job.record, None, vault, log, settings.monitor, last)
    return attempt.run(lambda: masters_.gain(job, vault))


def master_outcome(job: MasterJob, settings: RunSettings, *, log: Log, last: bool) -> Outcome:
    """Finish one song for one target; arguments as of :func:`flows.run.song.song_outcomes`."""
    vault = settings.vault
    attempt = Attempt(masters_.ask_of(job), job.record, job.song, vault, log, settings.monitor, last)
    return attempt.run(lambda: masters_.master(job, vault))
