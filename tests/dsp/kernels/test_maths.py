import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.kernels.maths import amplitude, exp2, forty_bits, log2, sin, tanh


@given(st.floats(-1000, 1000))
def test_exp2_is_right_to_3e_12(x: float) -> None:
    assert exp2(x) == pytest.approx(2.0**x, rel=3e-12)


@given(st.floats(1e-300, 1e300))
def test_log2_is_right_to_3e_12(x: float) -> None:
    assert log2(x) == pytest.approx(math.log2(x), abs=3e-12, rel=1e-15)


@given(st.floats(-1000, 1000))
def test_sin_is_right_to_1e_15_in_every_turn(turns: float) -> None:
    assert sin(turns) == pytest.approx(math.sin(2 * math.pi * math.remainder(turns, 1)), abs=1.2e-15)


@given(st.floats(-50, 50))
def test_tanh_is_right_to_3e_12_and_odd(x: float) -> None:
    assert tanh(x) == pytest.approx(math.tanh(x), abs=3e-12)
    assert tanh(-x) == -tanh(x)


def test_what_has_an_exact_answer_gets_it() -> None:
    assert [exp2(float(k)) for k in range(-3, 4)] == [0.125, 0.25, 0.5, 1, 2, 4, 8]
    assert [log2(2.0**k) for k in (-20, 0, 7)] == [-20, 0, 7]
    assert [sin(quarter / 4) for quarter in range(5)] == [0, 1, 0, -1, 0]
    assert tanh(0.0) == 0
    assert (amplitude(0), amplitude(-144)) == (1, 0)


@given(st.floats(-1e6, 1e6, allow_subnormal=False))
def test_forty_bits_keeps_forty_bits_and_is_settled(x: float) -> None:
    kept = forty_bits(x)
    assert kept == pytest.approx(x, rel=2.0**-40)
    assert forty_bits(kept) == kept
    assert math.ldexp(math.frexp(kept)[0], 40).is_integer()


@given(st.floats(0.001, 1000), st.sampled_from([-1, 1]))
def test_the_last_bit_of_a_c_library_is_lost_in_forty(x: float, ulp: int) -> None:
    middle = forty_bits(x)
    assert forty_bits(math.nextafter(middle, ulp * math.inf)) == middle
