from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.song.tempo import TempoMap, frame_of_bar, frame_of_quarter, quarter_of, read_tempo_map, tempo_map

RATE = 48_000


@pytest.mark.parametrize(
    ("tempi", "meters", "bar", "seconds"),
    [
        (["120"], [], "1", Fraction(0)),
        (["120"], [], "2", Fraction(2)),
        (["120"], [], "2.3", Fraction(3)),
        (["120"], ["3/4"], "3", Fraction(3)),
        (["120"], ["6/8"], "3.4", Fraction(15, 4)),
        (["120", "33=124"], [], "33", Fraction(64)),
        (["120", "33=124"], [], "34", 64 + Fraction(60 * 4, 124)),
        (["100"], ["4/4", "3=7/8"], "4", Fraction(60, 100) * (8 + Fraction(7, 2))),
        ([], ["5=3/4"], "6", Fraction(1, 2) * (16 + 3)),
        (["87.5"], [], "1001", Fraction(60, 1) * 4000 / Fraction("87.5")),
    ],
)
def test_a_bar_lies_where_its_tempi_and_meters_put_it(
    tempi: list[str], meters: list[str], bar: str, seconds: Fraction
) -> None:
    assert frame_of_bar(read_tempo_map(tempi, meters), bar, RATE) == int(seconds * RATE + Fraction(1, 2))


@given(
    st.dictionaries(st.integers(0, 400), st.integers(20, 300), max_size=8),
    st.dictionaries(st.integers(1, 60), st.tuples(st.integers(1, 12), st.sampled_from([2, 4, 8])), max_size=4),
)
def test_bars_follow_each_other_and_what_is_stored_is_the_map(
    tempi: dict[int, int], meters: dict[int, tuple[int, int]]
) -> None:
    known = tempo_map(
        [(Fraction(at), Fraction(bpm)) for at, bpm in tempi.items()],
        [(bar, beats, unit) for bar, (beats, unit) in meters.items()],
    )
    assert TempoMap.model_validate_json(known.model_dump_json()) == known
    frames = [frame_of_bar(known, str(bar), RATE) for bar in range(1, 80)]
    assert frames[0] == 0
    assert frames == sorted(set(frames))
    quarters = [quarter_of(known, bar) for bar in range(1, 80)]
    assert [frame_of_quarter(known, quarter, RATE) for quarter in quarters] == frames


@pytest.mark.parametrize(
    ("tempi", "meters"),
    [
        (["0"], []), (["4.9"], []), (["1001"], []), (["-120"], []), (["nan"], []), (["1e9"], []), (["=120"], []),
        (["0=120"], []), (["1.2=120"], []), (["x=120"], []), (["100001=120"], []), (["120="], []), (["١٢٠"], []),
        ([], ["4"]), ([], ["4/5"]), ([], ["0/4"]), ([], ["100/4"]), ([], ["4/0"]), ([], ["4/128"]), ([], ["0=4/4"]),
    ],
)  # fmt: skip
def test_what_is_no_tempo_and_no_meter_is_refused(tempi: list[str], meters: list[str]) -> None:
    with pytest.raises(Misused, match=r"form\.tempo"):
        read_tempo_map(tempi, meters)


@pytest.mark.parametrize("bar", ["0", "-1", "1.0", "1.5", "1.2.3", "100001", "9" * 30, "", "one", "٣"])
def test_what_is_no_bar_is_refused(bar: str) -> None:
    with pytest.raises(Misused, match=r"form\.bar"):
        frame_of_bar(read_tempo_map(["120"], ["4/4"]), bar, RATE)
