"""Ratings of takes, mixes and masters: giving one, and reading those that the caller may see.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_ratings.py``.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.ids import record_of
from domain.label.people import Permission, Role
from domain.status.review.ratings import SoundRated, rate, ratings_in
from domain.status.review_items import QueueItem
from domain.status.undo import DecisionUndone, effective_events
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

DEEDS: Final[Mapping[str, Permission]] = {"take": "judge-take", "mix": "judge-mix", "master": "judge-master"}
"""The permission to rate, by kind of item."""


def rate_item(studio: Studio, item: QueueItem, sound: str, moved: int, *, seed: int | None = None) -> bool:
    """Rate *item*; return False if the caller's last rating of this sound is the same.

    Args:
        studio: the store.
        item: what was heard.
        sound: its hash, as it was presented.
        moved: from 0 to 3.
        seed: seed of the order of a blind review; None if the review is not blind.

    Raises:
        Misused: ``rating.moved``.
        Refused: the caller's roles do not permit it.
    """

    def decision(history: History, role: Role) -> tuple[bool, Sequence[Event]]:
        known = [one.event for one in effective_events(history) if isinstance(one.event, SoundRated)]
        events = rate(
            known, target=item.address, sound=sound, moved=moved, by=studio.who.actor, role=role, seed=seed
        )  # fmt: skip
        return bool(events), events

    return studio.decide(_query(record_of(item.address)), decision, deed=DEEDS[item.kind])


def ratings_read(studio: Studio, record: str) -> list[SoundRated]:
    """The ratings in *record* that the caller may see, in order."""
    return [one.event for one in recorded_ratings(studio, record)]


def recorded_ratings(studio: Studio, record: str) -> list[Recorded[SoundRated]]:
    """The ratings in *record* that the caller may see, each as it was recorded."""
    return ratings_in(studio.read(_query(record)), studio.reader)


def _query(record: str) -> Query:
    return Query.of(SoundRated, DecisionUndone, tags=[f"record:{record}"])
