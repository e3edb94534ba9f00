"""Ratings: one a person and sound, repeated without effect, and hidden from those who see no rejections."""

from datetime import UTC, datetime

import pytest

from domain.core.event import Event, Recorded
from domain.core.refusal import Misused
from domain.label.curtain import Reader
from domain.label.people import Role
from domain.label.role_scopes import EVERYWHERE
from domain.status.review.ratings import SoundRated, rate, ratings_in, ratings_in_words
from domain.status.undo import DecisionUndone
from orchestrator.log.codec import microseconds
from tests.domain.paper import DRUMS, sha

TAKE = f"{DRUMS}/1"


def rating(moved: int, *, by: str = "pat", seed: int | None = None, sound: str = "1", target: str = TAKE) -> SoundRated:
    (event,) = rate([], target=target, sound=sha(sound), moved=moved, by=by, role="producer", seed=seed)
    return event


def recorded(*events: Event) -> list[Recorded[Event]]:
    at = microseconds(datetime(2026, 12, 7, 10, tzinfo=UTC))
    return [
        Recorded(n, event, "pat", "pat@desk", None, b"", n.to_bytes(16, "big"), None, at)
        for n, event in enumerate(events, start=1)
    ]


def reader(person: str, *roles: Role) -> Reader:
    return Reader(person, dict.fromkeys(roles, (EVERYWHERE,)))


@pytest.mark.parametrize("moved", [-1, 4])
def test_a_rating_is_a_number_from_0_to_3(moved: int) -> None:
    with pytest.raises(Misused, match=r"rating\.moved"):
        rate([], target=TAKE, sound=sha("1"), moved=moved, by="pat", role="producer")


def test_a_rating_is_new_if_its_number_its_sound_its_person_or_its_blind_order_is() -> None:
    known = [rating(2)]
    again = {"target": TAKE, "sound": sha("1"), "moved": 2, "by": "pat", "role": "producer"}
    assert rate(known, **again) == []
    for other in ({"moved": 1}, {"sound": sha("2")}, {"by": "kim"}, {"seed": 7}, {"target": f"{DRUMS}/2"}):
        assert len(rate(known, **{**again, **other})) == 1, other


def test_the_last_rating_of_each_person_counts_and_says_what_it_heard() -> None:
    given = [rating(1), rating(3, by="kim", seed=7), rating(2), rating(0, target=f"{DRUMS}/2")]
    assert ratings_in_words(given, TAKE, sha("1")) == "2 by pat, 3 by kim (blind)"
    changed = "2 by pat (before it changed), 3 by kim (blind, before it changed)"
    assert ratings_in_words(given, TAKE, sha("2")) == changed
    assert ratings_in_words(given, f"{DRUMS}/9", sha("1")) == ""


def test_the_team_and_whoever_gave_it_see_a_rating_and_nobody_else() -> None:
    history = recorded(rating(0))
    seen = {person: bool(ratings_in(history, reader(person, role))) for person, role in (
        ("kim", "engineer"), ("pat", "musician"), ("ann", "artist"), ("lou", "musician"),
    )}  # fmt: skip
    assert seen == {"kim": True, "pat": True, "ann": False, "lou": False}


def test_a_rating_that_was_taken_back_counts_no_more() -> None:
    first, *_ = history = recorded(rating(1), rating(3))
    undone = DecisionUndone(decision=history[1].id, record="night-bus")
    left = ratings_in([*history, *recorded(rating(1), rating(1), undone)[2:]], reader("kim", "engineer"))
    assert [one.event.moved for one in left] == [first.event.moved] if isinstance(first.event, SoundRated) else False
