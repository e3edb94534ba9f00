"""Marks of the room in the review: their takes come first, and a day's keepers are approved together.

Tests: ``tests/orchestrator/cli/commands/daily/test_keeper_offer.py``.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.core.ids import number_of, part_of, record_of
from domain.session.day_events import MARKS_IN_WORDS, SlateMarked
from domain.session.take_marks import FIRST, DayKeepers, keepers_to_confirm
from domain.status.review_items import QueueItem
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.session.take_marks import marks_of_record
from orchestrator.desk.takes.takes import judge_takes
from orchestrator.studio import Studio


def marked_first(studio: Studio, items: Sequence[QueueItem]) -> list[QueueItem]:
    """The *items* with the takes that a session marked as keepers first, then those it held; each says its mark."""
    marks = _marks(studio, items)
    told = [
        replace(item, why=f"{MARKS_IN_WORDS[mark.mark]} in the session · {item.why}")
        if (mark := marks.get(item.address))
        else item
        for item in items
    ]
    return sorted(told, key=lambda item: _turn(marks.get(item.address)))


def _turn(mark: SlateMarked | None) -> int:
    """Place of a take with *mark* in the order in which marked takes are heard."""
    return FIRST.index(mark.mark) if mark and mark.mark in FIRST else len(FIRST)


def _marks(studio: Studio, items: Sequence[QueueItem]) -> dict[str, SlateMarked]:
    found: dict[str, SlateMarked] = {}
    for record in dict.fromkeys(record_of(item.address) for item in items if item.kind == "take"):
        found |= marks_of_record(studio, record)
    return found


def keepers_of(studio: Studio, items: Sequence[QueueItem]) -> DayKeepers | None:
    """The keepers of the first session among the takes in *items* that nobody judged by now; None without any."""
    marks = _marks(studio, items)
    keepers = [item.address for item in items if item.address in marks]
    return keepers_to_confirm(marks, {take for take in keepers if _is_unjudged(studio, take)})


def _is_unjudged(studio: Studio, take: str) -> bool:
    """True if nobody has judged *take* by now, and it is still of its part."""
    own = read_record(studio, record_of(take)).state.takes_of(part_of(take)).takes.get(number_of(take))
    return own is not None and own.verdict is None


def confirm_keepers(studio: Studio, keepers: DayKeepers, *, since: int) -> list[str]:
    """Approve the *keepers* of a day in one decision; return what it did, in words.

    Args:
        studio: the store.
        keepers: as they were shown.
        since: log position up to which the caller had read.

    Raises:
        Clash: ``review.meanwhile``; somebody judged one of them since.
        Refused: the caller's roles do not permit it; ``comp.tracks``.
    """
    judged = judge_takes(studio, keepers.approved, "approved", since=since, kept=keepers.kept)
    beside = f", {len(keepers.kept)} kept beside them" if keepers.kept else ""
    return [f"{keepers.session}: {len(keepers.approved)} approved{beside}", *judged.replaced]
