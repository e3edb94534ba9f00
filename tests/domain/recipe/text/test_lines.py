import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.recipe import parse_mix
from domain.recipe.text.lines import line_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[strips.a]\ncompressor = { ratio = 3 }\n[strips.b.compressor]\nthreshold_db = -10",
            "line 2, strips.a.compressor.threshold_db: required",
        ),
        (
            "[strips.a]\n[[strips.a.eq]]\nhz = 100\ngain_db = 1\n[[strips.a.eq]]\ngain_db = 1\nhz = 1",
            "line 7, strips.a.eq.1.hz: must be at least 10, not 1",
        ),
        (
            "[strips.a]\neq = [\n  { hz = 100, gain_db = 1 },\n  { hz = 100, gain_db = 31 }, # too much\n]",
            "line 4, strips.a.eq.1.gain_db: must be at most 30, not 31",
        ),
        (
            "strips.a.low_pass_hz = 900\nstrips.a.pan = 2",
            "line 2, strips.a.pan: must be at most 1, not 2",
        ),
        (
            "[strips.a]\npan = 0\n[strips.b]\nlow_pass_slope_db = 12",
            "line 4, strips.b: low_pass_slope_db: there is no filter without low_pass_hz",
        ),
        (
            "[strips.a]\npan = 0\n[strips.'a.b']\npan = 0\nsends = { hall = 0 }",
            "line 5, strips.a.b.sends.hall: there is no bus 'hall'; write [buses.hall]",
        ),
        (
            "[strips.a]\nlow_pass_hz = 900\nlow_pass_slope_db = 13",
            "line 3, strips.a.low_pass_slope_db: must be 6, 12, 18",
        ),
        (
            "[strips.a.multiband]\ncrossovers_hz = [100]\nbands = [{}, {}, {}]",
            "line 3, strips.a.multiband: bands: 1 crossovers_hz part 2 bands, not 3",
        ),
        (
            "[strips.a.multiband]\nbands = [{}, {}, {}]\ncrossovers_hz = [100, 90]",
            "line 3, strips.a.multiband: crossovers_hz: they must rise, no two at one frequency",
        ),
        ("[strips.a]\neq = [{ hz = 50 }]", "line 2, strips.a.eq.0: gain_db: a bell needs one"),
        (
            "[strips.a]\neq = [{ hz = 50, type = 'notch', gain_db = 3 }]",
            "gain_db: a notch takes its frequency away wholly",
        ),
        ('[strips."a\\nb"]\nfoo = 1', "line 2, strips.a b.foo: no such field `foo` in a strip"),
    ],
)
def test_a_refusal_names_the_line_and_the_field(text: str, said: str) -> None:
    with pytest.raises(Misused) as refusal:
        parse_mix(text)
    assert said in refusal.value.detail
    assert "\n" not in refusal.value.detail


def test_a_line_of_an_array_is_no_table() -> None:
    assert line_of("[a]\nb = [\n  [1, 2]\n]\nc = 1", "a.c") == 5


@given(st.text(alphabet='[]{}=."ab\n 1#', max_size=60), st.text(alphabet="ab01.", max_size=8))
def test_any_text_and_any_field_have_a_line_of_the_text_or_none(text: str, field: str) -> None:
    assert 0 <= line_of(text, field) <= text.count("\n") + 1
