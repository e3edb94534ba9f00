"""Whether a mix can be made again to the bit: one that goes through plug-ins of other makers cannot."""

from domain.mixes.mixes import FromRecipe, Mixes
from domain.recipe import NOT_REPRODUCIBLE, external_noted
from domain.status.record_state import RecordState, mix_report


def not_reproducible(state: RecordState, song: str, number: int) -> tuple[str, ...]:
    """Why mix *number* of *song* cannot be made again: a sentence a plug-in; none where it can.

    Of a mix that is rendered its report tells the plug-ins' own names and versions.

    Raises:
        NotFound: ``mix.unknown``.
    """
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    if not isinstance(revision.made, FromRecipe):
        return ()
    report = mix_report(state, revision)
    told = external_noted(report.notes) if report else ()
    return told or tuple(f"{NOT_REPRODUCIBLE}: {place} goes through {name}" for place, name in revision.made.plug_ins)
