"""The mix job, which renders the prints of a song's mix, one file a print."""

from collections.abc import Callable, Mapping
from pathlib import Path

from domain.recipe import parse_mix
from domain.render.jobs import MixJob, Named, Report, mix_plan, subject_of
from flows.jobs.plug_ins import AllowedPlugIns, paths_for
from flows.jobs.rendering import JobId, Rendering, answer, source, sources
from flows.vault.vault import Vault


def ask_of(job: MixJob, edits: Mapping[str, Report]) -> JobId:
    """The id of a mix job, given the reports of its *edits* by key.

    Raises:
        KeyError: the report of one of its edits is missing.
    """
    return JobId("mix", mix_plan(job.recipe, _tracks(job, edits), job.impulses), job.again, subject_of(job))


def mix(
    job: MixJob,
    edits: Mapping[str, Report],
    vault: Vault,
    *,
    threads: int = 1,
    progress: Callable[[float], None] | None = None,
    plug_ins: AllowedPlugIns | None = None,
) -> Report:
    """Render every print of the mix; an earlier report in the vault is returned as it is.

    Args:
        job: the mix; parts named in its ``edits`` use the outputs of those edits.
        edits: reports of the edits of ``job.edits``, by key.
        vault: vault of the audio.
        threads: number of nodes that may run at a time; the bits are equal for any number.
        progress: called with the share that is done, 0 to 1.
        plug_ins: the plug-ins that this machine allows; None for none.

    Raises:
        Unsound, Refusal, VaultFault, Unequal: see :mod:`flows.run.failure`.
    """
    inputs = _tracks(job, edits)

    def render(room: Path) -> Rendering:
        from dsp.mix.console import render_mix
        from dsp.mix.plugins.rack import Rack

        recipe = parse_mix(job.recipe)
        paths = paths_for(recipe, job.plugins, plug_ins or AllowedPlugIns(), subject_of(job))
        heard = {part: sources(vault, tracks) for part, tracks in inputs.items() if part in recipe.parts}
        rooms = {impulse.name: source(vault, impulse.sound) for impulse in job.impulses}
        with Rack(paths) as rack:
            printed = render_mix(recipe, heard, room, impulses=rooms, threads=threads, progress=progress, rack=rack)
        return Rendering(printed, notes=(*rack.notes, *recipe.stem_notes))

    return answer(vault, ask_of(job, edits), render)


def _tracks(job: MixJob, edits: Mapping[str, Report]) -> dict[str, tuple[Named, ...]]:
    return {**job.inputs, **{part: edits[key].outputs for part, key in job.edits.items()}}
