"""Tags of flow runs, by which a run is found in Prefect for an entry of the log; the log has no link to Prefect."""

from collections.abc import Iterable, Sequence
from typing import Final

from domain.core.ids import record_of
from domain.render.jobs import GainJob, MasterJob, SongJob, key
from flows.jobs.master import ask_of

MOST: Final = 200
"""Most tags of a run; larger runs get tags of records and kinds only, and their table has the rest."""


def tags_of_songs(jobs: Sequence[SongJob]) -> set[str]:
    """Tags of records, kinds, songs, addresses and edit keys of *jobs*; keys of mixes depend on edits still to run."""
    records = {f"record:{record_of(job.song)}" for job in jobs}
    kinds = {f"kind:{edit.kind}" for job in jobs for edit in job.edits}
    kinds |= {f"kind:{mix.kind}" for job in jobs for mix in job.mixes}
    return _bounded(records | kinds, (tag for job in jobs for tag in _of_song(job)))


def tags_of_masters(jobs: Sequence[GainJob | MasterJob]) -> set[str]:
    """Tags of the records, kinds, songs (of masters), addresses and keys of *jobs*."""
    few = {f"record:{job.record}" for job in jobs} | {f"kind:{job.kind}" for job in jobs}
    return _bounded(few, (tag for job in jobs for tag in _of_master(job)))


def _of_song(job: SongJob) -> set[str]:
    keys = {f"key:{key(edit.kind, edit.plan, again=edit.again)}" for edit in job.edits}
    addresses = {f"address:{edit.part}" for edit in job.edits}
    addresses |= {f"address:{mix.song}@mix{mix.revision}" for mix in job.mixes}
    return {f"song:{job.song}", *keys, *addresses}


def _of_master(job: GainJob | MasterJob) -> set[str]:
    song = {f"song:{job.song}"} if isinstance(job, MasterJob) else set()
    return {*song, f"address:{job.record}@master{job.master}", f"key:{ask_of(job).key}"}


def _bounded(few: set[str], more: Iterable[str]) -> set[str]:
    every = few | set(more)
    return every if len(every) <= MOST else few
