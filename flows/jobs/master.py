"""The gain job of a record for a target, and the master job of each song."""

from decimal import Decimal
from pathlib import Path

from domain.recipe import parse_master
from domain.render.jobs import GainJob, MasterJob, Report, curve_measures, subject_of
from flows.jobs.rendering import JobId, Rendering, answer, source
from flows.vault.vault import Vault


def ask_of(job: GainJob | MasterJob) -> JobId:
    """The id of a gain or master job."""
    return JobId(job.kind, job.plan, job.again, subject_of(job))


def gain(job: GainJob, vault: Vault) -> Report:
    """Find the gain; the report holds it in ``measures["gain_db"]``, with the matching curve, and no audio.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.run.failure`.
    """

    def render(room: Path) -> Rendering:
        from dsp.master.mastering import find_gain
        from dsp.master.reference import ReferenceSpectrum

        mixes = [source(vault, mix.sound) for mix in job.mixes]
        near = ReferenceSpectrum(source(vault, job.reference.sound), job.reference.amount) if job.reference else None
        found = find_gain(parse_master(job.recipe), job.target, mixes, room, near)
        curve = curve_measures({str(hz): str(gain) for hz, gain in found.curve.items()})
        return Rendering(measures={**found.measures, "gain_db": str(found.gain_db), **curve}, notes=found.notes)

    return answer(vault, ask_of(job), render)


def master(job: MasterJob, vault: Vault) -> Report:
    """Finish one song for one target.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.run.failure`.
    """

    def render(room: Path) -> Rendering:
        from dsp.master.mastering import render_master

        recipe, mix = parse_master(job.recipe), source(vault, job.mix)
        curve = {Decimal(hz): Decimal(gain) for hz, gain in job.curve.items()}
        made = render_master(recipe, job.target, mix, Decimal(job.gain_db), room, alone=job.alone, curve=curve)
        return Rendering([made.printed], made.measures, made.notes)

    return answer(vault, ask_of(job), render)
