"""Tags of task runs: how Prefect's pages point to the log.  The log never points to Prefect."""

from domain.jobs import GainJob, MasterJob, SongJob, key
from flows.master import ask_of


def tags_of_song(job: SongJob) -> set[str]:
    """Song, kinds, addresses, and the keys of the edits; a mix of edits under way has its key once they are done."""
    kinds = {f"kind:{edit.kind}" for edit in job.edits} | {f"kind:{mix.kind}" for mix in job.mixes}
    keys = {f"key:{key(edit.kind, edit.plan, again=edit.again)}" for edit in job.edits}
    addresses = {f"address:{edit.part}" for edit in job.edits}
    addresses |= {f"address:{mix.song}@mix{mix.revision}" for mix in job.mixes}
    return {f"song:{job.song}", *kinds, *keys, *addresses}


def tags_of_master(job: GainJob | MasterJob) -> set[str]:
    """Song where there is one, kind, address and key."""
    song = {f"song:{job.song}"} if isinstance(job, MasterJob) else set()
    return {*song, f"kind:{job.kind}", f"address:{job.record}@master{job.master}", f"key:{ask_of(job).key}"}
