from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.event import Event
from domain.core.refusal import Misused
from domain.label.catalog import PartAdded
from domain.takes.comps import EMPTY, Comp, CompStroke, edit_of, plan_of, sources_of
from domain.takes.take_verdicts import set_comp
from domain.takes.takes import CompSet, Takes
from tests.domain.paper import DRUMS, ROOF, Paper, spans, take, tin_roof

LENGTH = 24
"""Frames; short enough to check each one."""

TAKES = {1: (0, 24), 2: (6, 12), 3: (10, 14)}
"""Start and length of each take."""


def drums(*, stack: bool = False) -> Paper:
    paper = tin_roof(PartAdded(part=DRUMS, name="Drums", stack=stack))
    paper.say(*(take(number, at=start, frames=frames) for number, (start, frames) in TAKES.items()))
    return paper


def comp(paper: Paper) -> Comp:
    return paper.state.comp(DRUMS)


def at_once(paper: Paper, painted: dict[int, int | None]) -> list:
    state = paper.state
    judged = state.judgements.get(DRUMS, ())
    new = set_comp(state.takes_of(DRUMS), judged, part=DRUMS, spans=spans(painted), by="pat", role="producer")
    paper.say(*new)
    return new


def sounding(found: Comp) -> list[int | None]:
    """The take that sounds in each frame of a comp of one layer."""
    row: list[int | None] = [None] * LENGTH
    for layer in found.layers:
        for stroke in layer:
            row[stroke.start : stroke.end] = [stroke.take] * (stroke.end - stroke.start)
    return row


def word(row: list[int | None]) -> str:
    return "".join(str(take or ".") for take in row)


def drawn(paper: Paper) -> str:
    return word(sounding(comp(paper)))


def test_an_approved_take_is_the_whole_part_and_nothing_earlier_remains() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    assert drawn(paper) == "1" * 24
    paper.judge(f"{DRUMS}/2", "approved")
    assert drawn(paper) == "......222222222222......"
    assert comp(paper).gaps(paper.state.takes_of(DRUMS)) == [(0, 6)]


def test_an_approved_span_is_painted_over_what_is_there() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/2", "approved", (8, 12))
    paper.judge(f"{DRUMS}/3", "approved", (11, 14))
    assert drawn(paper) == "11111111222333" + "1" * 10


@pytest.mark.parametrize("verdict", ["rejected", "held"])
def test_a_take_that_is_lifted_shows_again_what_lay_beneath(verdict: str) -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/2", "approved", (8, 12))
    paper.judge(f"{DRUMS}/3", "approved")
    paper.judge(f"{DRUMS}/3", verdict)
    assert drawn(paper) == "111111112222" + "1" * 12
    paper.judge(f"{DRUMS}/1", verdict)
    assert drawn(paper) == "........2222" + "." * 12


def test_a_take_once_lifted_comes_back_only_with_what_is_approved_anew() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/1", "rejected")
    paper.judge(f"{DRUMS}/1", "kept")
    assert comp(paper) == EMPTY
    paper.judge(f"{DRUMS}/1", "approved", (2, 4))
    assert drawn(paper) == "..11" + "." * 20


def test_keeping_is_not_using() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/2", "kept")
    assert drawn(paper) == "1" * 24


def test_a_comp_set_at_once_covers_everything() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    at_once(paper, {2: 1, 8: 3, 16: None, 20: 1})
    assert drawn(paper) == "..111111..333333....1111"
    assert comp(paper).gaps(paper.state.takes_of(DRUMS)) == [(0, 2), (8, 10), (16, 20)]


def test_a_span_of_a_comp_whose_take_is_rejected_shows_what_lay_beneath_it_and_the_rest_stays() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/2", "approved")
    at_once(paper, {0: 1, 8: 3, 14: 1})
    assert drawn(paper) == "11111111..3333" + "1" * 10
    paper.judge(f"{DRUMS}/3", "rejected")
    assert drawn(paper) == "11111111222222" + "1" * 10


def test_silence_painted_on_purpose_is_silence() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    at_once(paper, {0: None})
    assert comp(paper) == EMPTY
    assert plan_of(comp(paper), paper.state.takes_of(DRUMS)) is None


def test_undoing_lifts_what_was_painted_and_undoing_twice_goes_further_back() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/2", "approved", (8, 12))
    paper.judge(f"{DRUMS}/2", "rejected")
    paper.undo()
    assert drawn(paper) == "111111112222" + "1" * 12
    paper.undo()
    assert drawn(paper) == "1" * 24


def test_neighbouring_strokes_of_one_take_stay_the_decisions_they_were() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved", (0, 8))
    paper.judge(f"{DRUMS}/1", "approved", (8, 16))
    assert comp(paper).layers == ((CompStroke(0, 8, 1), CompStroke(8, 16, 1)),)


def test_of_a_stack_every_keeper_sounds() -> None:
    paper = drums(stack=True)
    paper.judge(f"{DRUMS}/1", "kept")
    paper.judge(f"{DRUMS}/2", "approved", (8, 10))
    paper.judge(f"{DRUMS}/3", "approved")
    assert comp(paper).layers == ((CompStroke(0, 24, 1),), (CompStroke(8, 10, 2),), (CompStroke(10, 24, 3),))
    assert comp(paper).gaps(paper.state.takes_of(DRUMS)) == []
    paper.judge(f"{DRUMS}/3", "held")
    assert comp(paper).used == (1, 2)


def test_a_comp_of_a_stack_set_at_once_paints_each_take_in_its_own_layer() -> None:
    paper = drums(stack=True)
    at_once(paper, {0: 1, 12: 3})
    assert comp(paper).layers == ((CompStroke(0, 12, 1),), (CompStroke(12, 24, 3),))


# The painting against a canvas painted frame by frame, from the first decision on.

NUMBERS = st.sampled_from(sorted(TAKES))
FRAMES = st.integers(0, LENGTH)
WISHES = st.one_of(
    st.tuples(st.just("approved"), NUMBERS),
    st.tuples(st.just("approved"), NUMBERS, FRAMES, FRAMES.filter(bool)),
    st.tuples(st.sampled_from(["rejected", "held", "kept"]), NUMBERS),
    st.tuples(st.just("set"), st.dictionaries(st.integers(0, LENGTH - 1), st.none() | NUMBERS, min_size=1, max_size=4)),
    st.tuples(st.just("undo")),
)


def sounds(number: int | None, frame: int, first: int = 0) -> int | None:
    if number is None:
        return None
    start, frames = TAKES[number]
    return number if max(start, first) <= frame < start + frames else None


def canvas(decisions: list[Event]) -> list[int | None]:
    """The comp painted by *decisions*, frame by frame."""
    row: list[int | None] = [None] * LENGTH
    for place, decision in enumerate(decisions):
        later = decisions[place + 1 :]
        lifted = {
            int(other.take.rpartition("/")[2])
            for other in later
            if not isinstance(other, CompSet) and other.verdict in {"rejected", "held"}
        }
        for frame in range(LENGTH):
            row[frame] = brush(decision, frame, lifted, row[frame])
    return row


def brush(decision: Event, frame: int, lifted: set[int], beneath: int | None) -> int | None:
    if isinstance(decision, CompSet):
        rules = [span for span in decision.spans if span.start <= frame] or [decision.spans[0]]
        span = rules[-1]
        return beneath if span.take in lifted else sounds(span.take, frame, span.start)
    number = int(decision.take.rpartition("/")[2])
    if decision.verdict != "approved" or number in lifted:
        return beneath
    if decision.range is None:
        return sounds(number, frame)
    return number if decision.range.start <= frame < decision.range.end else beneath


def act(paper: Paper, wish: tuple) -> list[Event] | None:
    match wish:
        case ("undo",):
            return None
        case ("set", painted):
            return at_once(paper, dict(sorted(painted.items())))
        case (verdict, number):
            return paper.judge(f"{DRUMS}/{number}", verdict)
        case (verdict, number, start, end):
            return paper.judge(f"{DRUMS}/{number}", verdict, (start, end))


@given(st.lists(WISHES, max_size=12))
def test_the_comp_is_what_a_brush_would_paint_frame_by_frame(wishes: list[tuple]) -> None:
    paper, decisions = drums(), list[list[Event]]()
    for wish in wishes:
        try:
            new = act(paper, wish)
        except Misused:
            continue
        if new is not None:
            assert act(paper, wish) == []
            decisions += [new] if new else []
        elif decisions:
            paper.undo()
            decisions.pop()
    found = comp(paper)
    assert word(sounding(found)) == word(canvas([event for new in decisions for event in new]))
    for layer in found.layers:
        for one, other in pairwise(layer):
            assert one.start < one.end <= other.start < other.end
            assert one.end <= other.start


@given(st.lists(WISHES.filter(lambda wish: wish[0] != "undo"), max_size=8))
def test_the_gaps_are_the_silent_stretches_before_the_end(wishes: list[tuple]) -> None:
    paper = drums()
    for wish in wishes:
        try:
            act(paper, wish)
        except Misused:
            continue
    found = comp(paper)
    silent = {frame for frame, number in enumerate(sounding(found)[: found.end]) if number is None}
    assert {frame for start, end in found.gaps(paper.state.takes_of(DRUMS)) for frame in range(start, end)} == silent


# From the comp to the edit.


def test_a_comp_of_passes_three_and_five_cuts_all_sixteen_tracks_alike() -> None:
    mics = [f"mic-{number:02d}" for number in range(16)]
    paper = tin_roof()
    paper.say(*(take(number, tracks=mics, frames=9_600_000) for number in range(1, 6)))
    at_once(paper, {0: 3, 2_304_000: 5, 3_840_000: 3})
    takes = paper.state.takes_of(DRUMS)
    recipe = edit_of(comp(paper), takes)
    assert recipe is not None
    assert [(span.start, span.end, span.take) for span in recipe.layers[0]] == [
        (0, 2_304_000, 3),
        (2_304_000, 3_840_000, 5),
        (3_840_000, 9_600_000, 3),
    ]
    assert (recipe.rate, recipe.length, recipe.crossfade_frames, recipe.search_frames) == (48_000, 9_600_000, 480, 480)
    assert recipe.starts == {3: 0, 5: 0}
    sources = sources_of(comp(paper), takes)
    assert {number: [track.name for track in tracks] for number, tracks in sources.items()} == {3: mics, 5: mics}


def test_a_part_without_a_joint_has_nothing_to_search_for() -> None:
    paper = drums()
    at_once(paper, {0: 1, 4: None, 12: 1, 18: 1})
    recipe = edit_of(comp(paper), paper.state.takes_of(DRUMS))
    assert recipe is not None
    assert recipe.search_frames == 0


def test_an_unpainted_part_has_no_edit() -> None:
    assert edit_of(EMPTY, Takes()) is None
    assert plan_of(EMPTY, Takes()) is None


def test_the_plan_of_a_comp_is_told_by_what_sounds_and_not_by_how_it_was_decided() -> None:
    one, other = drums(), drums()
    one.judge(f"{DRUMS}/1", "approved")
    other.judge(f"{DRUMS}/2", "approved")
    other.judge(f"{DRUMS}/1", "approved", (0, 24))
    other.judge(f"{DRUMS}/2", "rejected")
    plans = [paper.state.edit_plan(DRUMS) for paper in (one, other)]
    assert plans[0] == plans[1] is not None
    other.judge(f"{DRUMS}/1", "approved", (0, 12))
    other.judge(f"{DRUMS}/3", "approved", (20, 24))
    assert other.state.edit_plan(DRUMS) != plans[0]


def test_what_one_part_is_painted_with_never_touches_another() -> None:
    paper = tin_roof(PartAdded(part=DRUMS, name="Drums"), PartAdded(part=f"{ROOF}/bass", name="Bass"))
    paper.say(take(1), take(1, f"{ROOF}/bass"))
    paper.judge(f"{DRUMS}/1", "approved")
    before = paper.state.edit_plan(DRUMS)
    paper.judge(f"{ROOF}/bass/1", "approved")
    paper.judge(f"{ROOF}/bass/1", "rejected")
    assert paper.state.edit_plan(DRUMS) == before
