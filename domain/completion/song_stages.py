"""The stage of a song's production, from writing to delivered: derived from evidence, and set by people.

A song is in the last stage of which there is evidence today.  Where people set a stage, it holds until evidence of a
later one is recorded after that.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from domain.core.event import Stage
from domain.core.refusal import Misused, Refused, suggest
from domain.label.catalog import PartAdded
from domain.label.stages import STAGES, SongStaged, is_before
from domain.mixes.mixes import Mixes
from domain.status.record_state import RecordState

Evidence = Callable[[RecordState, str], bool]
"""True if there is evidence today of one stage of the song with the given id."""


def needed_parts(state: RecordState, song: str) -> Mapping[str, PartAdded]:
    """The parts of *song* by slug that need a keeper: no guides, not optional, neither removed nor shelved."""
    return {slug: part for slug, part in state.catalog.song(song).mixable.items() if not part.optional}


def _is_prepared(state: RecordState, song: str) -> bool:
    return bool(state.catalog.song(song).living or state.arrangement(song).sections)


def _is_recorded(state: RecordState, song: str) -> bool:
    return any(state.takes_of(f"{song}/{part}").takes for part in state.catalog.song(song).living)


def _is_kept(state: RecordState, song: str) -> bool:
    """True if every part that needs a keeper has one."""
    parts = [f"{song}/{part}" for part in needed_parts(state, song)]
    return (
        bool(parts)
        and all(part in state.judgements for part in parts)
        and all(state.edit_plan(part) is not None for part in parts)
    )


def _is_mixed(state: RecordState, song: str) -> bool:
    return bool(state.mixes.get(song, Mixes()).living)


def _is_approved(state: RecordState, song: str) -> bool:
    """True if an approval of a mix of *song* is in force."""
    return next(state.verdicts.choices(f"{song}@mix"), None) is not None


EVIDENCE: Final[Mapping[Stage, Evidence]] = {
    "mastering": _is_approved,
    "mixing": _is_mixed,
    "editing": _is_kept,
    "recording": _is_recorded,
    "preproduction": _is_prepared,
}
"""Evidence of each stage, the last one first.  Writing needs none, and that a song is delivered is set by people."""

IN_WORDS: Final[Mapping[Stage, str]] = {
    "writing": "it has neither a part nor a form",
    "preproduction": "it has a part or a form",
    "recording": "it has a take",
    "editing": "every part that needs a keeper has one",
    "mixing": "it has a mix",
    "mastering": "a mix of it is approved",
    "delivered": "it was handed over",
}
"""Evidence of each stage in words."""


def stage_of(state: RecordState, song: str) -> Stage:
    """The stage of *song* today."""
    setting = state.stages.get(song)
    for stage, is_there in EVIDENCE.items():
        if setting and not is_before(setting.stage, stage):
            return setting.stage
        if (setting is None or stage in setting.since) and is_there(state, song):
            return stage
    return setting.stage if setting else "writing"


def set_stage(
    state: RecordState, song: str, *, stage: Stage, opening: bool = False, reason: str | None = None
) -> list[SongStaged]:
    """Set the stage of *song*.  Its present stage yields no event.

    Args:
        state: of the song's record.
        song: its id.
        stage: an earlier stage; with *opening*, a later one.
        opening: the song had come so far before it came to this store.
        reason: why it goes back; not needed with *opening*.

    Raises:
        NotFound: ``song.unknown``.
        Refused: ``entry.removed``, ``entry.shelved``.  ``stage.evidence``; the song is not so far today, nor,
            as *opening* would say, was it before.
        Misused: ``stage.reason``; it goes back without a reason.  ``stage.opening``; the song is further already.
    """
    state.catalog.song(song)
    state.catalog.refuse_absent(song)
    present = stage_of(state, song)
    if stage == present:
        return []
    later = is_before(present, stage)
    if later and not opening:
        raise Refused(
            "stage.evidence",
            f"{song} is in {present}; a song is in {stage} once {IN_WORDS[stage]}, "
            "unless it came to this store in that stage",
            next=suggest("song stage", song, stage, opening=True),
        )
    if opening and not later:
        raise Misused(
            "stage.opening",
            f"{song} is in {present}: it is further than {stage} already",
            next=suggest("song stage", song, stage, why="REASON"),
        )
    if not opening and not (reason or "").strip():
        raise Misused(
            "stage.reason",
            f"{song} goes back from {present} to {stage}: say why",
            next=suggest("song stage", song, stage, why="REASON"),
        )
    return [SongStaged(song=song, stage=stage, opening=opening)]


def first_stage(stages: Iterable[str]) -> str:
    """The earliest of *stages*, which is the stage of a record with songs in these stages; empty without any."""
    return min(stages, key=STAGES.index, default="")
