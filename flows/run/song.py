"""All jobs of one song, in order of dependency: edits, then mixes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from domain.core.ids import record_of, song_of
from domain.render.jobs import EditJob, MixJob, Rendered, Report, SongJob
from flows.jobs import edit as edits_
from flows.jobs import mix as mixes_
from flows.run.run_job import Attempt, Log, Outcome
from flows.vault.vault import Vault


def song_outcomes(job: SongJob, vault: Vault, *, threads: int, log: Log, last: bool) -> list[Outcome]:
    """Run the jobs of *job*; a mix of a failed edit is skipped and has no outcome.

    Args:
        job: the song's edits and mixes.
        vault: vault of audio and reports.
        threads: number of render threads of the song.
        log: logger of tracebacks.
        last: True if no retry follows in this run.
    """
    cut = _in_threads(job.edits, vault, threads, log, last=last)
    reports = {fact.report.key: fact.report for fact in cut if isinstance(fact, Rendered)}
    ready = [mix for mix in job.mixes if reports.keys() >= set(mix.edits.values())]
    return [*cut, *(_mix(mix, reports, vault, threads, log, last=last) for mix in ready)]


def _in_threads(edits: Sequence[EditJob], vault: Vault, threads: int, log: Log, *, last: bool) -> list[Outcome]:
    if threads == 1 or len(edits) < 2:  # noqa: PLR2004 - one edit needs no pool
        return [_edit(job, vault, log, last=last) for job in edits]
    with ThreadPoolExecutor(min(threads, len(edits)), thread_name_prefix="edit") as pool:
        # Each thread gets a copy of the run's context: its logger and its observer.
        begun = [pool.submit(copy_context().run, _edit, job, vault, log, last=last) for job in edits]
        return [edit.result() for edit in begun]


def _edit(job: EditJob, vault: Vault, log: Log, *, last: bool) -> Outcome:
    attempt = Attempt(edits_.ask_of(job), record_of(job.part), song_of(job.part), vault, log, last)
    return attempt.run(lambda: edits_.edit(job, vault))


def _mix(job: MixJob, edits: dict[str, Report], vault: Vault, threads: int, log: Log, *, last: bool) -> Outcome:
    attempt = Attempt(mixes_.ask_of(job, edits), record_of(job.song), job.song, vault, log, last)
    return attempt.run(lambda: mixes_.mix(job, edits, vault, threads=threads, progress=attempt.going))
