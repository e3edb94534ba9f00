"""Takes that sound at one moment, and the frame of each."""

from domain.recipe import EditRecipe, Span, TimeStretch
from domain.takes.takes_at_time import recorded_frame, takes_at

COMP = EditRecipe(
    rate=100,
    length=400,
    crossfade_frames=0,
    starts={1: 0, 2: 50},
    layers=(
        (Span(start=0, end=100, take=1), Span(start=100, end=400, take=2, slip=10)),
        (Span(start=350, end=400, take=1),),
    ),
)
TURNED = COMP.model_copy(update={"arrangement": (TimeStretch(start=200, end=300), TimeStretch(start=0, end=100))})


def test_the_take_is_named_with_its_own_moment() -> None:
    assert [(one.span.take, one.frame) for one in takes_at(COMP, 99)] == [(1, 99)]
    assert [(one.span.take, one.frame) for one in takes_at(COMP, 100)] == [(2, 40)]


def test_every_layer_of_a_stack_is_heard() -> None:
    assert [one.span.take for one in takes_at(COMP, 360)] == [2, 1]


def test_in_another_arrangement_the_moment_is_looked_up_where_it_was_recorded() -> None:
    assert [(one.span.take, one.frame) for one in takes_at(TURNED, 5)] == [(2, 145)]
    assert [(one.span.take, one.frame) for one in takes_at(TURNED, 105)] == [(1, 5)]
    assert recorded_frame(TURNED, 200) is None


def test_silence_is_nobody() -> None:
    assert list(takes_at(COMP, 400)) == []
