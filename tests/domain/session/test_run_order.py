"""The order with least waiting, against every order tried by its clock."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.session.run_order import MOST_ROWS, RunOrderRow, following_parts, least_waiting

ROWS = st.lists(
    st.tuples(st.integers(1, 180), st.sets(st.sampled_from(["jo", "al", "kim", "pat"]))), min_size=1, max_size=6
)


def row(number: int, minutes: int, people: set[str]) -> RunOrderRow:
    song = "night-bus/tin-roof"
    return RunOrderRow(song=song, parts=(f"{song}/part-{number}",), minutes=minutes, people=tuple(sorted(people)))


def waited(rows: list[RunOrderRow]) -> int:
    """Minutes that all people wait, by the clock: from first arrival to last departure, less the time they play."""
    clock, arrived, left, played = 0, dict[str, int](), dict[str, int](), dict[str, int]()
    for one in rows:
        for person in one.people:
            arrived.setdefault(person, clock)
            left[person] = clock + one.minutes
            played[person] = played.get(person, 0) + one.minutes
        clock += one.minutes
    return sum(left[person] - arrived[person] - played[person] for person in arrived)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_no_other_order_lets_people_wait_less(given_rows: list[tuple[int, set[str]]]) -> None:
    rows = [row(number, *one) for number, one in enumerate(given_rows)]
    found = least_waiting(rows)
    assert sorted(one.parts for one in found) == sorted(one.parts for one in rows)
    assert waited(found) == min(waited(list(order)) for order in permutations(rows))


def test_of_equally_good_orders_the_given_one_stays() -> None:
    rows = [row(number, 10, set()) for number in range(MOST_ROWS)]
    assert least_waiting(rows) == rows


def test_the_next_parts_are_those_of_the_next_row_with_something_left_and_after_the_last_the_first() -> None:
    song = "night-bus/tin-roof"
    groups = (("bass", "drums"), ("keys",), ("lead-vocal", "choir"))
    rows = [
        RunOrderRow(song=song, parts=tuple(f"{song}/{part}" for part in group), minutes=30, people=())
        for group in groups
    ]
    everything = {part for one in rows for part in one.parts}
    own = [one.parts for one in rows]
    assert following_parts(rows, everything, ()) == own[0]
    assert following_parts(rows, everything, own[0]) == own[1]
    assert following_parts(rows, everything - {*own[1]}, own[0]) == own[2]
    assert following_parts(rows, everything - {own[2][0]}, own[1]) == own[2][1:]
    assert following_parts(rows, everything, own[2]) == own[0]
    assert following_parts(rows, set(own[2]), own[2]) == ()
    assert following_parts([], everything, own[0]) == ()
