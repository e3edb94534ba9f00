"""Stages of songs: shown with their evidence, and set by people.

Tests: ``tests/orchestrator/cli/commands/song/test_song_stage.py``.
"""

from collections.abc import Sequence

from domain.completion.song_stages import IN_WORDS, set_stage, stage_of
from domain.core.event import Event, Stage
from domain.core.ids import record_of
from domain.core.refusal import Misused, suggest
from domain.label.corrections import EntryLeft, absences_after
from domain.label.people import Role
from domain.label.stages import STAGES, SongStaged
from domain.status.record_fold import fold
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.studio import History, Studio


def stage_named(song: str, word: str) -> Stage:
    """The stage called *word*.  Raises: Misused ``stage.unknown``."""
    if word not in STAGES:
        raise Misused(
            "stage.unknown", f"{word!r} is no stage; there are {', '.join(STAGES)}", next=suggest("song stage", song)
        )
    return word


def set_song_stage(studio: Studio, song: str, stage: Stage, *, opening: bool, why: str | None) -> bool:
    """Set the stage of *song*; return False if it was in that stage already."""

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = set_stage(fold(history), song, stage=stage, opening=opening, reason=why)
        return bool(events), events

    return studio.decide(production_query(record_of(song)), decision, deed="record", why=why)


def stage_facts(studio: Studio, song: str) -> Row:
    """The stage of *song*, what it follows from, and who set it last, if anybody did.

    An absent song is in no stage: its absence stands for one, with who took it away, and why.
    """
    read = read_record(studio, record_of(song))
    if absent := read.state.catalog.absent_entry(song):
        return _absence_facts(read.history, song, absent)
    stage = stage_of(read.state, song)
    settings = [one for one in read.history if isinstance(one.event, SongStaged) and one.event.song == song]
    own = settings[-1] if settings and stage == read.state.stages[song].stage else None
    return {
        "address": song,
        "stage": stage,
        "evidence": own.event.describe().partition(": ")[2] if own else IN_WORDS[stage],
        "set_by": own.actor if own else "",
        "why": (own.why or "") if own else "",
    }


def _absence_facts(history: History, song: str, absent: str) -> Row:
    """The facts of *song* while it, or the record that it lies in, the entry *absent*, is absent."""
    [*_, (left, last)] = [
        (one.event, one) for one in history if isinstance(one.event, EntryLeft) and one.event.address == absent
    ]
    evidence = left.describe() if absent == song else f"{left.describe()}, and {song} lies in it"
    stage = absences_after({}, absent, left)[absent]
    return {"address": song, "stage": stage, "evidence": evidence, "set_by": last.actor, "why": last.why or ""}
