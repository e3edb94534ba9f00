"""Each effect exactly once, in spite of crashes; an event for which a subscriber fails is parked and reported."""

from collections.abc import Sequence
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from pydantic import field_validator

from domain.core.event import Event, Recorded
from orchestrator.log.proof.verify import verify
from orchestrator.log.side_tables.outbox import BATCH, Notice, Parked, catch_up, outbox, try_again
from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS, MoneySpent, RoomBooked, TakeMade, book, drafted, fresh_log, spend, take


class Told:
    """Gives notices of money and of rooms (two for rooms); fails for takes of number 13 until it is repaired."""

    name = "told"

    def __init__(self, *, mended: bool = False) -> None:
        self._mended = mended

    def notices(self, recorded: Recorded[Event]) -> Sequence[str]:
        match recorded.event:
            case MoneySpent(minor=minor):
                return [f"spent {minor}"]
            case RoomBooked(room=room):
                return [f"{room} is booked", f"{room} is yours"]
            case TakeMade(number=13) if not self._mended:
                raise ArithmeticError("13 bars")
            case _:
                return []


def texts(log: Log) -> list[str]:
    return [notice.text for notice in outbox(log, "told")[0]]


def test_notices_come_once_in_order_with_the_positions_they_are_of(log: Log) -> None:
    log.append(drafted(spend(minor=7), take(), book()))
    assert catch_up(log, Told()) == 3
    assert catch_up(log, Told()) == 3
    log.append(drafted(spend(minor=8)))
    assert catch_up(log, Told()) == 4
    expected = [
        Notice(1, 1, "spent 7"), Notice(3, 1, "room-a is booked"), Notice(3, 2, "room-a is yours"),
        Notice(4, 1, "spent 8"),
    ]  # fmt: skip
    assert outbox(log, "told") == (expected, [])
    assert outbox(log, "told", after=3)[0] == expected[3:]
    assert verify(log).sound


def test_what_cannot_be_digested_is_parked_with_its_position_and_the_rest_goes_on(log: Log) -> None:
    log.append(drafted(spend(minor=7), take(number=13), spend(minor=8)))
    catch_up(log, Told())
    assert texts(log) == ["spent 7", "spent 8"]
    assert outbox(log, "told")[1] == [Parked(2, "ArithmeticError: 13 bars")]
    assert try_again(log, Told()) == [Parked(2, "ArithmeticError: 13 bars")]
    assert try_again(log, Told(mended=True)) == []
    assert texts(log) == ["spent 7", "spent 8"]


def test_an_event_that_only_a_newer_program_knows_is_parked_until_that_program_comes(log: Log) -> None:
    log.append(drafted(spend(minor=7), book(), spend(minor=8)))
    with Log.open(log.place, kinds={"money-spent": MoneySpent}) as older:
        catch_up(older, Told())
        assert outbox(older, "told")[1] == [Parked(2, "TypeError: room-booked is from a newer takesheet")]
    assert try_again(log, Told()) == []
    assert texts(log) == ["spent 7", "room-a is booked", "room-a is yours", "spent 8"]


def test_an_event_that_cannot_even_be_read_is_parked(log: Log) -> None:
    log.append(drafted(spend(minor=7), spend(minor=8), spend(minor=9)))

    class Strict(MoneySpent):
        @field_validator("minor")
        @classmethod
        def _never_eight(cls, minor: int) -> int:
            if minor == 8:
                raise ValueError("eight is not believed")
            return minor

    with Log.open(log.place, kinds=KINDS | {"money-spent": Strict}) as narrow:
        catch_up(narrow, Told())
        [parked] = outbox(narrow, "told")[1]
    assert parked.position == 2
    assert "not a money-spent" in parked.reason
    assert texts(log) == ["spent 7", "spent 9"]


class PowerCut(BaseException):
    """Simulated death of the process."""


class Dying(Told):
    """Dies at the *n*-th event."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self._left = left

    def notices(self, recorded: Recorded[Event]) -> Sequence[str]:
        self._left -= 1
        if self._left < 0:
            raise PowerCut
        return super().notices(recorded)


@given(st.lists(st.integers(0, 9), max_size=5), st.integers(1, 20))
def test_whenever_it_dies_each_notice_is_there_exactly_once(deaths: list[int], count: int) -> None:
    with fresh_log() as log:
        for number in range(count):
            log.append(drafted(spend(minor=number)))
            if deaths:
                with suppress(PowerCut):
                    catch_up(log, Dying(deaths.pop()))
        catch_up(log, Told())
        assert texts(log) == [f"spent {number}" for number in range(count)]


def test_a_long_history_is_worked_off_in_batches(log: Log) -> None:
    log.append(drafted(*(spend(minor=number) for number in range(BATCH + 3))))
    assert catch_up(log, Told()) == BATCH + 3
    assert len(texts(log)) == BATCH + 3
