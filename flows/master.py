"""Masters: the one gain of a record for a target, and each song finished with it."""

from decimal import Decimal
from pathlib import Path

from domain.jobs import GainJob, MasterJob, Report, subject_of
from domain.recipe import parse_master
from flows.answer import Ask, Work, answer, source
from flows.vault import Vault


def ask_of(job: GainJob | MasterJob) -> Ask:
    """What the job is known by."""
    return Ask(job.kind, job.plan, job.again, subject_of(job))


def gain(job: GainJob, vault: Vault) -> Report:
    """Find the gain; it stands in ``measures["gain_db"]``, and no audio comes of it.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.failure`.
    """

    def render(room: Path) -> Work:
        from dsp.master.mastering import find_gain

        mixes = [source(vault, mix.sound) for mix in job.mixes]
        found = find_gain(parse_master(job.recipe), job.target, mixes, room)
        return Work(measures={**found.measures, "gain_db": str(found.gain_db)}, notes=found.notes)

    return answer(vault, ask_of(job), render)


def master(job: MasterJob, vault: Vault) -> Report:
    """Finish one song for one target.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.failure`.
    """

    def render(room: Path) -> Work:
        from dsp.master.mastering import render_master

        recipe, mix = parse_master(job.recipe), source(vault, job.mix)
        made = render_master(recipe, job.target, mix, Decimal(job.gain_db), room, alone=job.alone)
        return Work([made.printed], made.measures, made.notes)

    return answer(vault, ask_of(job), render)
