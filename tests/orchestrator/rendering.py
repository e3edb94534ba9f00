"""What is owed, rendered in this process by the very functions the flows call, and recorded as the driver records it.

The engine, its server and the command ``render`` have tests of their own; whoever needs rendered sound for something
else waits for no server here.
"""

import logging
from collections.abc import Iterator

from domain.event import Event
from domain.jobs import GainJob, MasterJob
from domain.owed import Need, Owed, owed
from flows import master as masters
from flows.attempt import Attempt, Outcome
from flows.song import song_outcomes
from flows.vault import Vault
from orchestrator.desk.productions import dossier
from orchestrator.desk.waiting import records
from orchestrator.studio import Studio

LOG = logging.getLogger("rendering")


def render_all(folder: str) -> list[str]:
    """Bring every record of the store in *folder* up to date; what was rendered, by its address."""
    made: list[str] = []
    with Studio.at(folder) as studio:
        vault = Vault(studio.config.vault)
        for record in records(studio):
            while jobs := owed(Need(dossier(studio, record).state, plugins=studio.config.plugins), record):
                outcomes = list(_outcomes(jobs, vault))
                assert all(outcome.kind == "rendered" for outcome in outcomes), outcomes
                studio.record_work(list[Event](outcomes))
                made += [outcome.report.subject for outcome in outcomes if outcome.kind == "rendered"]
    return made


def _outcomes(jobs: Owed, vault: Vault) -> Iterator[Outcome]:
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
