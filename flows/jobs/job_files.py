"""Job files in the vault: written for a run, and read by the process that renders the job."""

import re
from hashlib import sha256
from typing import Final

from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.render.job_file import WholeJob, job_bytes, read_job, refuse_size
from flows.vault.vault import Vault

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def keep_job(vault: Vault, job: WholeJob) -> str:
    """Write the job file of *job* into the vault; return its hash.  Equal jobs share one file.

    Raises:
        Refused: ``job.size``; the file is too large to be read again.
        VaultFault: the vault cannot take it.
    """
    data = job_bytes(job)
    refuse_size(len(data))
    return vault.keep_job(data)


def job_in(vault: Vault, hash: str) -> WholeJob:  # noqa: A002 - the word of the vault
    """The job whose file has this hash.

    Raises:
        Misused: ``job.hash``; *hash* is no SHA-256.  ``job.file``; the file holds no job.
        NotFound: ``job.missing``; the vault has no such file.
        Refused: ``job.changed``; the bytes under this hash have another one.  ``job.size``, ``job.format``,
            ``job.epoch``, ``job.plan``: see :func:`domain.render.job_file.read_job`.
        VaultFault: the vault cannot be read.
    """
    if not _HASH.fullmatch(hash):
        raise Misused(
            "job.hash",
            f"a job is named by 64 hexadecimal digits, not by {hash[:100]!r}",
            next="python -m flows.run JOB --vault URL",
        )
    size = vault.job_size(hash)
    refuse_size(size or 0)  # before it is read
    data = None if size is None else vault.job(hash)
    if data is None:
        raise NotFound("job.missing", f"the vault {vault.url} holds no job {hash}", next=suggest("render"))
    found = sha256(data).hexdigest()
    if found != hash:
        raise Refused(
            "job.changed",
            f"job {hash[:12]} was changed: its {len(data):,} bytes hash to {found[:12]}",
            next=suggest("render"),
        )
    return read_job(data)
