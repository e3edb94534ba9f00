"""Answers of the readers, and the same answers computed from the log alone, event by event."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from domain.booking import budget
from domain.booking.budget import Budget, BudgetEvent
from domain.completion.song_stages import first_stage, stage_of
from domain.core.event import Event, Recorded, RecordId, Traits, tags_of
from domain.core.fold import fold_events
from domain.core.words import searched, words_of
from domain.label.catalog import RecordOpened
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.render.jobs import RenderAsked
from domain.status.events.event_types import KINDS
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from domain.status.review_items import to_judge
from orchestrator.desk.booking.budget import budget_rows
from orchestrator.desk.label.boards import board_rows
from orchestrator.desk.label.search import search_rows
from orchestrator.desk.review.review_rows import questions
from orchestrator.log.codec import Unknown
from orchestrator.log.store import Log
from orchestrator.studio import Studio

Answers = dict[str, Any]
WORDS = ("drums", "late", "night bus", "w1")
MOST = 100_000


class TapeBaked(Event):
    """Stands for a kind of event that only a newer program knows."""

    kind: Literal["tape-baked"] = "tape-baked"
    traits: ClassVar[Traits] = Traits(
        undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False
    )
    address_fields: ClassVar[tuple[str, ...]] = ("record",)
    record: RecordId

    def describe(self) -> str:
        return f"the drums tape of {self.record} was baked"


NEWER = {**KINDS, "tape-baked": TapeBaked}


def by_the_readers(studio: Studio) -> Answers:
    """Return what board, review, budget list and search show."""
    return {
        "board": {
            row["record"]: tuple(
                row[name] for name in ("title", "songs", "parts", "takes", "unheard", "mixes", "masters", "stage")
            )
            for row in board_rows(studio)
        },
        "review": [(one.kind, one.address, one.output, one.why) for one in questions(studio, None)],
        "budget": [
            (row["record"], row["approved"].minor, row["committed"].minor, row["spent"].minor)
            for row in budget_rows(studio)
        ],
        **{word: [row["position"] for row in search_rows(studio, word.split(), MOST)] for word in WORDS},
    }


def by_the_log(log: Log) -> Answers:
    """Return the answers of the readers, computed from the events alone."""
    history = [one for one in log.read_all() if not isinstance(one.event, Unknown)]
    records = [one.event.record for one in history if isinstance(one.event, RecordOpened)]
    found: Answers = {"board": {}, "review": [], "budget": []}
    begun: list[tuple[int, str, Budget]] = []
    owned = _by_record(history, records)
    for record, own in owned.items():
        state = fold(own)
        if record not in state.catalog.absent_records:
            found["board"][record] = _board(state, record)
        found["review"] += [(one.kind, one.address, one.output, one.why) for one in to_judge(state, record)]
        money = [one for one in own if isinstance(one.event, BudgetEvent)]
        if money:
            events = (one.event for one in money if isinstance(one.event, BudgetEvent))
            begun.append((money[0].position, record, fold_events(budget.evolve, Budget(), events)))
    for _, record, held in sorted(begun, key=lambda one: one[0]):
        lines = held.lines.values()
        amounts = ([line.approved for line in lines], [line.promised for line in lines], [line.spent for line in lines])
        found["budget"].append((record, *(sum(one.minor for one in amount) for amount in amounts)))
    return found | {word: _search(history, word) for word in WORDS}


def _by_record(history: Sequence[Recorded[Event]], records: Sequence[str]) -> dict[str, list[Recorded[Event]]]:
    """The events of each record; a request to render everything concerns all."""
    found: dict[str, list[Recorded[Event]]] = {record: [] for record in records}
    for one in history:
        if isinstance(one.event, RenderAsked):
            own = list(found)
        else:
            own = [tag.removeprefix("record:") for tag in tags_of(one.event) if tag.startswith("record:")]
        for record in own:
            found.get(record, []).append(one)
    return found


def _board(state: RecordState, record: str) -> tuple[object, ...]:
    songs = state.catalog.songs_of(record)
    parts = [f"{song.id}/{name}" for song in songs for name in song.living]
    takes = [take for part in parts for take in state.takes_of(part).takes.values()]
    mixes = sum(len(state.mixes.get(song.id, Mixes()).living) for song in songs)
    masters = len(state.masters.get(record, Masters()).living)
    unheard = sum(take.verdict is None for take in takes)
    stage = first_stage(stage_of(state, song.id) for song in songs)
    return (state.catalog.records[record].title, len(songs), len(parts), len(takes), unheard, mixes, masters, stage)


def _search(history: Sequence[Recorded[Event]], sought: str) -> list[int]:
    words = [word for text in sought.split() for word in searched(text)]
    found = []
    for one in history:
        if one.event.traits.searchable:
            text = f"{one.event.address} {one.event.describe()} {one.why or ''} {one.actor}"
            own = words_of(text)
            if all(any(there.startswith(word) for there in own) for word in words):
                found.append(one.position)
    return found[::-1]
