"""All jobs of one song, in order of dependency: edits, then mixes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from domain.core.ids import record_of, song_of
from domain.render.jobs import EditJob, MixJob, Rendered, Report, SongJob
from flows.jobs import edit as edits_
from flows.jobs import mix as mixes_
from flows.run.run_job import Attempt, Log, Outcome
from flows.run.settings import RunSettings


def song_outcomes(job: SongJob, settings: RunSettings, *, threads: int, log: Log, last: bool) -> list[Outcome]:
    """Run the jobs of *job*; a mix of a failed edit is skipped and has no outcome.

    Args:
        job: the song's edits and mixes.
        settings: vault, plug-ins and monitor of the run.
        threads: number of render threads of the song.
        log: logger of tracebacks.
        last: True if no retry follows in this run.
    """
    cut = _in_threads(job.edits, settings, threads, log, last=last)
    reports = {fact.report.key: fact.report for fact in cut if isinstance(fact, Rendered)}
    ready = [mix for mix in job.mixes if reports.keys() >= set(mix.edits.values())]
    return [*cut, *(_mix(mix, reports, settings, threads, log, last=last) for mix in ready)]


def _in_threads(
    edits: Sequence[EditJob], settings: RunSettings, threads: int, log: Log, *, last: bool
) -> list[Outcome]:
    if threads == 1 or len(edits) < 2:  # noqa: PLR2004 - one edit needs no pool
        return [_edit(job, settings, log, last=last) for job in edits]
    with ThreadPoolExecutor(min(threads, len(edits)), thread_name_prefix="edit") as pool:
        # Prefect's log handler finds its settings in the context of the thread that logs.
        begun = [pool.submit(copy_context().run, _edit, job, settings, log, last=last) for job in edits]
        return [edit.result() for edit in begun]


def _edit(job: EditJob, settings: RunSettings, log: Log, *, last: bool) -> Outcome:
    ask, vault = edits_.ask_of(job), settings.vault
    attempt = Attempt(ask, record_of(job.part), song_of(job.part), vault, log, settings.monitor, last)
    return attempt.run(lambda: edits_.edit(job, vault))


def _mix(
    job: MixJob, edits: dict[str, Report], settings: RunSettings, threads: int, log: Log, *, last: bool
) -> Outcome:
    ask, vault = mixes_.ask_of(job, edits), settings.vault
    attempt = Attempt(ask, record_of(job.song), job.song, vault, log, settings.monitor, last)
    plug_ins = settings.plug_ins
    return attempt.run(
        lambda: mixes_.mix(job, edits, vault, threads=threads, progress=attempt.going, plug_ins=plug_ins)
    )
