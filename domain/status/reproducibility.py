"""Reproducibility of mixes: a mix through plug-ins of other makers cannot be rendered again bit for bit."""

from domain.mixes.mixes import FromRecipe, Mixes
from domain.recipe import NOT_REPRODUCIBLE, external_noted
from domain.status.record_state import RecordState, mix_report


def not_reproducible(state: RecordState, song: str, number: int) -> tuple[str, ...]:
    """Reasons why mix *number* of *song* is not reproducible, one sentence per plug-in; empty if it is reproducible.

    For a rendered mix, its report gives the plug-ins' own names and versions.

    Raises:
        NotFound: ``mix.unknown``.
    """
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    if not isinstance(revision.made, FromRecipe):
        return ()
    report = mix_report(state, revision)
    told = external_noted(report.notes) if report else ()
    return told or tuple(f"{NOT_REPRODUCIBLE}: {place} goes through {name}" for place, name in revision.made.plug_ins)
