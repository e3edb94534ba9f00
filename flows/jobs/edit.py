"""The edit job, which cuts a part from its takes."""

from pathlib import Path

from domain.recipe import EditRecipe, joint_note, splice_note
from domain.render.jobs import EditJob, Report, subject_of
from flows.jobs.rendering import JobId, Rendering, answer, sources
from flows.vault.vault import Vault


def ask_of(job: EditJob) -> JobId:
    """The id of an edit job."""
    return JobId("edit", job.plan, job.again, subject_of(job))


def edit(job: EditJob, vault: Vault) -> Report:
    """Cut the part, every track at the same sample; an earlier report in the vault is returned as it is.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.run.failure`.
    """

    def render(room: Path) -> Rendering:
        from dsp.edit.cut import render_edit

        recipe = EditRecipe.model_validate_json(job.recipe)
        edited = render_edit(recipe, {take: sources(vault, tracks) for take, tracks in job.takes.items()}, room)
        return Rendering(edited.printed, notes=(*map(splice_note, edited.splices), *map(joint_note, edited.joints)))

    return answer(vault, ask_of(job), render)
