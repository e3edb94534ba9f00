"""One edit: a part cut from its takes."""

from pathlib import Path

from domain.jobs import EditJob, Report, subject_of
from domain.recipe import EditRecipe, joint_note, splice_note
from flows.answer import Ask, Work, answer, sources
from flows.vault import Vault


def ask_of(job: EditJob) -> Ask:
    """What the job is known by."""
    return Ask("edit", job.plan, job.again, subject_of(job))


def edit(job: EditJob, vault: Vault) -> Report:
    """Cut the part, every track at the same sample; answered from the vault where it was cut before.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.failure`.
    """

    def render(room: Path) -> Work:
        from dsp.edit.cut import render_edit

        recipe = EditRecipe.model_validate_json(job.recipe)
        edited = render_edit(recipe, {take: sources(vault, tracks) for take, tracks in job.takes.items()}, room)
        return Work(edited.printed, notes=(*map(splice_note, edited.splices), *map(joint_note, edited.joints)))

    return answer(vault, ask_of(job), render)
