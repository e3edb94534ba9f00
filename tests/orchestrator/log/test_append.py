from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from domain.core.event import Event, Recorded
from orchestrator.log.append_condition import Condition, Draft
from orchestrator.log.database.url import Place
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.refusals import Conflict, IdTaken, StoreDamaged, StoreReadOnly
from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS, MoneySpent, RoomBooked, TakeMade, book, drafted, spend, take

NOON = datetime(2026, 12, 7, 12, tzinfo=UTC)


def test_what_is_recorded_comes_back_as_it_went_in_with_its_circumstances(log: Log) -> None:
    berlin = timezone(timedelta(hours=1))
    draft = Draft(
        event=take(note="the second fill drags \u2012 keep it"),
        actor="pat",
        via="pat@desk",
        id=uuid4(),
        why="moves me",
        occurred_at=datetime(2026, 12, 7, 14, 30, tzinfo=berlin),
        cause=uuid4(),
        correlation=uuid4(),
    )
    [recorded] = log.append([draft])
    assert list(log.read_all()) == [recorded]
    assert (recorded.position, recorded.id, recorded.event) == (1, draft.id, draft.event)
    assert (recorded.actor, recorded.via, recorded.why) == ("pat", "pat@desk", "moves me")
    assert recorded.occurred_at is not None
    assert recorded.occurred_at.isoformat() == "2026-12-07T14:30:00+01:00"
    assert recorded.correlation == draft.correlation


def test_positions_run_from_one_without_a_gap_and_the_head_is_the_last(log: Log) -> None:
    assert log.head().position == 0
    log.append(drafted(take(), spend()))
    recorded = log.append(drafted(book()))
    assert [event.position for event in log.read_all()] == [1, 2, 3]
    assert (log.head().position, log.head().hash) == (3, recorded[0].hash)


def test_an_event_without_an_id_gets_one_that_sorts_by_time(place: Place) -> None:
    times = iter([NOON, NOON, NOON + timedelta(milliseconds=1), NOON])
    with Log.create(place, kinds=KINDS, clock=lambda: next(times)) as log:
        ids = [log.append(drafted(take()))[0].id for _ in range(2)]
    assert ids == sorted(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert ids[0].int >> 80 == int(NOON.timestamp()) * 1000


def test_each_event_is_recorded_at_the_time_of_its_own_writers_clock(place: Place) -> None:
    now = NOON
    with Log.create(place, kinds=KINDS, clock=lambda: now) as log:
        log.append(drafted(take()))
        now = NOON - timedelta(hours=1)
        [second] = log.append(drafted(take()))
        now = NOON + timedelta(microseconds=1)
        [third] = log.append(drafted(take()))
    assert (second.recorded_at, third.recorded_at) == (NOON - timedelta(hours=1), now)


def test_a_time_means_the_last_position_recorded_at_or_before_it(place: Place) -> None:
    now = NOON
    with Log.create(place, kinds=KINDS, clock=lambda: now) as log:
        assert log.position_at(NOON) == 0
        for hour in range(5):
            now = NOON + timedelta(hours=hour)
            log.append(drafted(take(), take()))
        assert log.position_at(NOON - timedelta(microseconds=1)) == 0
        assert log.position_at(NOON) == 2
        assert log.position_at(NOON + timedelta(hours=2, minutes=59)) == 6
        assert log.position_at(NOON + timedelta(days=1)) == 10


def test_two_programs_append_in_turn_and_alone(place: Place) -> None:
    with Log.create(place, kinds=KINDS) as one, Log.open(place, kinds=KINDS) as other:
        for log in (one, other, one, one, other, other, one):
            log.append(drafted(take(), spend()))
        assert [recorded.position for recorded in one.read_all()] == list(range(1, 15))
        assert verify(other).sound


def test_an_append_that_is_refused_moves_nothing_and_the_next_follows_the_last(log: Log) -> None:
    log.append(drafted(take()))
    for _ in range(2):
        log.append(drafted(spend()))
        with pytest.raises(Conflict):
            log.append(drafted(spend()), condition=Condition(Query.of(MoneySpent), after=1))
    assert log.head().position == 3
    assert verify(log).sound


def test_a_condition_lets_through_what_nobody_touched(log: Log) -> None:
    log.append(drafted(book(day=1), spend("ferry")))
    ours = Query.of(RoomBooked, tags={"resource:room-a"}) | Query.of(MoneySpent, tags={"record:night-bus"})
    log.append(drafted(book(room="room-b"), spend("ferry"), take()))
    [booked] = log.append(drafted(book(day=2)), condition=Condition(ours, after=2))
    assert booked.position == 6


def test_a_condition_stops_at_the_first_event_that_matters_and_names_it(log: Log) -> None:
    log.append(drafted(book(day=1)))
    log.append(drafted(take(), spend(), book(record="ferry", day=2)))
    ours = Query.of(RoomBooked, tags={"resource:room-a"}) | Query.of(MoneySpent, tags={"record:night-bus"})
    with pytest.raises(Conflict, match=r"log\.conflict: money-spent was recorded meanwhile, at 3") as conflict:
        log.append(drafted(book(day=2)), condition=Condition(ours, after=1))
    assert (conflict.value.position, conflict.value.kind, conflict.value.after) == (3, "money-spent", 1)
    assert log.head().position == 4


def test_a_condition_beyond_the_head_means_that_part_of_the_log_is_gone(log: Log) -> None:
    log.append(drafted(take()))
    with pytest.raises(StoreDamaged, match="part of it is gone"):
        log.append(drafted(take()), condition=Condition(Query.of(TakeMade), after=2))


def test_the_same_batch_again_changes_nothing_and_gives_what_stands(log: Log) -> None:
    batch = [*drafted(take(), id=uuid4()), *drafted(spend(), id=uuid4())]
    first = log.append(batch, condition=Condition(Query.of(TakeMade), after=0))
    log.append(drafted(take(number=2)))
    assert log.append(batch, condition=Condition(Query.of(TakeMade), after=0)) == first
    assert log.head().position == 3


def test_an_id_that_stands_for_other_content_is_refused(log: Log) -> None:
    id_ = uuid4()
    log.append(drafted(take(), id=id_))
    for other in (drafted(take(number=2), id=id_), drafted(take(), id=id_, why="again"), drafted(spend(), id=id_)):
        with pytest.raises(IdTaken, match=f"{id_}: is recorded already, with other content"):
            log.append(other)
    assert log.head().position == 1


def test_a_batch_is_recorded_whole_or_not_at_all(log: Log) -> None:
    known, new = drafted(take(), id=uuid4()), drafted(spend(), id=uuid4())
    log.append(known)
    with pytest.raises(IdTaken, match="the rest of this batch is not"):
        log.append([*new, *known])
    with pytest.raises(IdTaken, match="twice in this batch"):
        log.append([*new, *new])
    assert log.head().position == 1
    assert log.append([]) == []


def test_a_log_open_for_reading_records_nothing(log: Log) -> None:
    with Log.open(log.place, kinds=KINDS, readonly=True) as reader, pytest.raises(StoreReadOnly, match="reading only"):
        reader.append(drafted(take()))


def test_an_event_is_recorded_only_by_its_registered_class(log: Log) -> None:
    class Rumour(Event):
        kind: str = "take-made"

    with pytest.raises(TypeError, match="Rumour is not registered as 'take-made'"):
        log.append(drafted(Rumour()))


def test_reading_sees_the_log_as_it_was_when_reading_began(log: Log) -> None:
    log.append(drafted(take(), take()))
    seen: list[Recorded[Event]] = []
    for recorded in log.read(Query.of(TakeMade)):
        log.append(drafted(take(number=recorded.position + 10)))
        seen.append(recorded)
    assert [recorded.position for recorded in seen] == [1, 2]
    assert log.head().position == 4


def test_reading_keeps_to_its_bounds(log: Log) -> None:
    log.append(drafted(*(take(number=number) for number in range(1, 8))))
    drums = Query.of(TakeMade, tags={"part:night-bus/tin-roof/drums"})
    assert [recorded.position for recorded in log.read(drums, after=2, upto=5)] == [3, 4, 5]
    assert [recorded.position for recorded in log.read_all(after=5, upto=99)] == [6, 7]
    assert list(log.read(drums, after=7)) == []


def test_a_long_reading_goes_page_by_page_through_dense_and_sparse_stretches(log: Log) -> None:
    rain = [("ferry/rain" if number % 700 == 0 or 1500 < number < 4000 else "ferry/sun") for number in range(6000)]
    log.append(drafted(*(take(song, number) for number, song in enumerate(rain))))
    found = [recorded.position for recorded in log.read(Query.of(TakeMade, tags={"song:ferry/rain"}))]
    assert found == [number + 1 for number, song in enumerate(rain) if song == "ferry/rain"]
    assert [recorded.position for recorded in log.read_all()] == list(range(1, 6001))


def test_a_query_names_kinds_and_its_tags_are_a_collection() -> None:
    with pytest.raises(ValueError, match="always names kinds"):
        Query.of(tags={"record:night-bus"})
    with pytest.raises(TypeError, match="not one word"):
        Query.of(TakeMade, tags="record:night-bus")
    with pytest.raises(TypeError, match="no kind of its own"):
        Query.of(Event)
