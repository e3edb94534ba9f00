"""Rendering of one job file by this process alone, with the code and a vault, but without log, store and Prefect."""

from collections.abc import Callable
from logging import Logger

from domain.core.refusal import Misused, Refused
from domain.recipe import parse_mix
from domain.render.job_file import WholeJob, inputs_of, name_of
from domain.render.jobs import GainJob, MasterJob, SongJob, subject_of
from flows.jobs.edit import ask_of
from flows.jobs.job_files import job_in
from flows.jobs.plug_ins import paths_for
from flows.jobs.rendering import existing_report
from flows.run.master import gain_outcome, master_outcome
from flows.run.run_job import Outcome
from flows.run.settings import RunSettings
from flows.run.song import song_outcomes
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultCorrupt, VaultMissing


def render_job(file: str, settings: RunSettings, log: Logger, say: Callable[[str], None]) -> list[Outcome]:
    """Render one job; reports that are in the vault already are returned as they are.

    Plug-ins and inputs are checked before the first sample is rendered.

    Args:
        file: hash of the job file.
        settings: vault, threads, plug-ins and monitor.
        log: logger of tracebacks.
        say: callback for one-line messages about slow steps.

    Raises:
        Refused: ``job.plugin``; a plug-in is not allowed here, missing, or another build.  ``job.input``; an input is
            missing or its bytes have another hash.
        Misused, NotFound, Refused: see :func:`flows.jobs.job_files.job_in`.
        VaultFault: the vault cannot be read.
    """
    job = job_in(settings.vault, file)
    if isinstance(job, SongJob):
        _check_plug_ins(job, settings)
    _check_inputs(job, settings.vault)
    _warm(say)
    match job:
        case SongJob():
            return song_outcomes(job, settings, threads=settings.threads, log=log, last=True)
        case GainJob():
            return [gain_outcome(job, settings, log=log, last=True)]
        case MasterJob():
            return [master_outcome(job, settings, log=log, last=True)]


def _warm(say: Callable[[str], None]) -> None:
    """Compile the kernels if this machine has no compiled ones, with a message that explains the delay."""
    from dsp import kernels

    if not kernels.compiled():
        say("compiling the sound kernels; this happens once")
        kernels.warm()


def _check_plug_ins(job: SongJob, settings: RunSettings) -> None:
    for mix in job.mixes:
        try:
            recipe = parse_mix(mix.recipe)
        except Misused:  # its render says so, and stops no edit
            continue
        paths_for(recipe, mix.plugins, settings.plug_ins, subject_of(mix))


def _check_inputs(job: WholeJob, vault: Vault) -> None:
    needed = job
    if isinstance(job, SongJob):  # an edit that is rendered already needs its takes no more
        edits = tuple(edit for edit in job.edits if not existing_report(vault, ask_of(edit).key))
        needed = job.model_copy(update={"edits": edits})
    for name, sound in inputs_of(needed):
        try:
            vault.checked(sound.blob)
        except (VaultMissing, VaultCorrupt) as fault:
            raise Refused(
                "job.input",
                f"{name}, an input of {name_of(job)}: {fault.reason}",
                next="copy it again from the store's vault: takesheet vault mirror",
            ) from None
