"""Ticks to frames: exact, and without drift."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from dsp.midi.score import Clock, Division, Tempo


def quarters(ticks: int) -> Division:
    return Division(ticks, Fraction(1, 1_000_000 * ticks))


def test_after_ninety_minutes_of_an_odd_tempo_a_click_is_where_arithmetic_puts_it() -> None:
    clock = Clock(quarters(480), [(0, 461_539)])  # 130 bpm as a sequencer writes it
    for beat in (1, 1000, 11_700):
        exact = Fraction(beat * 461_539 * 48_000, 1_000_000)
        assert clock.frame(beat * 480, 48_000) == floor(exact + Fraction(1, 2))
    assert clock.seconds(11_700 * 480) > 89 * 60


def test_a_tempo_holds_from_its_tick_on() -> None:
    clock = Clock(quarters(480), [(0, 500_000), (960, 1_000_000), (1440, 250_000)])
    assert [clock.frame(tick, 48_000) for tick in (0, 960, 1200, 1440, 1920)] == [0, 48_000, 72_000, 96_000, 108_000]


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 16_777_215)), min_size=1, max_size=30),
    st.integers(1, 32_767),
    st.integers(0, 400_000),
    st.sampled_from([44_100, 48_000, 96_000]),
)
def test_a_thousand_tempos_add_up_as_fractions_do(steps: list[Tempo], ticks: int, tick: int, rate: int) -> None:
    at, tempos, seconds = 0, [(0, 500_000)], Fraction(0)
    for pause, tempo in steps:
        at += pause
        tempos.append((at, tempo))
    for (begin, tempo), end in zip(tempos, [*(start for start, _ in tempos[1:]), 2**40], strict=True):
        seconds += Fraction(max(0, min(end, tick) - begin) * tempo, 1_000_000 * ticks)
    clock = Clock(quarters(ticks), tempos)
    assert clock.seconds(tick) == seconds
    assert clock.frame(tick, rate) == floor(seconds * rate + Fraction(1, 2))
    assert clock.frame(Fraction(2 * tick + 1, 2), rate) >= clock.frame(tick, rate)
