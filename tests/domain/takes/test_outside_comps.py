"""Parts edited outside: they are used exactly while the decisions give the edit that their maker was given."""

from hypothesis import given
from hypothesis import strategies as st

from domain.mixes.mixes import submit as submit_mix
from domain.render.jobs import Named
from domain.takes.outside_comps import CompSubmitted, form_of, submit
from domain.takes.takes import TakeVerdict
from tests.domain.night_shift import NightShift
from tests.domain.paper import DRUMS, ROOF, sound, take, tin_roof
from tests.domain.production import Production, finished, take_one_instead, words

Decision = tuple[int, TakeVerdict]


def edited(paper: Production, *of: object, maker: str = "Lou") -> list[CompSubmitted]:
    """Submit an edit of today's drums by *maker*, identified by *of*."""
    state = paper.state
    tracks = tuple(Named(name=name, sound=sound(name, *of)) for name in ("kick", "snare"))
    new = CompSubmitted(part=DRUMS, tracks=tracks, bits=24, maker=maker, given=str(state.edit_plan(DRUMS)))
    events = submit(state.submitted.get(DRUMS, ()), new)
    paper.say(*events)
    return events


def maker_in_use(paper: Production) -> str | None:
    """The maker of the drums in use; None for the painted comp."""
    there = paper.state.sound(DRUMS)
    return there.submitted.maker if there and there.submitted else None


def test_the_mix_hears_what_was_brought_and_no_edit_is_owed() -> None:
    paper, night = finished()
    edited(paper, "tighter")
    assert words(paper.mix()) == "lapsed, pending"
    assert words(paper.master()) == "lapsed, blocked"
    assert night.work() == {"mix": 1}
    assert words(paper.mix()) == "lapsed, to hear"
    paper.verdict(paper.mix())
    assert words(paper.mix()) == "approved"


def test_an_edit_that_nobody_rendered_is_never_owed_once_it_came_back_from_elsewhere() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1))
    paper.drums(1)
    paper.revise()
    edited(paper, "tighter")
    night = NightShift(paper)
    (song,) = night.owes().songs
    assert song.edits == ()
    assert song.mixes[0].inputs["drums"] == paper.state.submitted[DRUMS][0].tracks
    assert night.work() == {"mix": 1}


def test_it_lapses_when_other_takes_are_used_and_stands_again_when_they_are_those() -> None:
    paper, night = finished()
    edited(paper, "tighter")
    night.work()
    paper.verdict(paper.mix())
    assert night.work() == {"master": 1}
    take_one_instead(paper)
    assert maker_in_use(paper) is None
    assert night.work() == {"edit": 1, "mix": 1}
    paper.drums(1, "rejected")
    paper.drums(2)
    assert maker_in_use(paper) == "Lou"
    assert words(paper.mix()) == "approved"
    assert night.work() == {}


def test_undoing_lifts_what_was_brought_and_the_painted_comp_rules() -> None:
    paper, _ = finished()
    edited(paper, "tighter")
    paper.undo()
    assert maker_in_use(paper) is None
    assert words(paper.mix()) == "approved"
    assert edited(paper, "tighter"), "what was taken back can be brought again"


def test_the_same_again_yields_nothing_new_and_a_later_one_replaces_it() -> None:
    paper, _ = finished()
    assert edited(paper, "tighter")
    assert edited(paper, "tighter") == []
    assert edited(paper, "looser", maker="Ann")
    assert maker_in_use(paper) == "Ann"
    assert edited(paper, "tighter"), "an older one is news where another rules"
    assert maker_in_use(paper) == "Lou"


def test_what_was_made_of_another_comp_leaves_this_one_alone() -> None:
    paper, _ = finished()
    edited(paper, "of take 2")
    take_one_instead(paper)
    edited(paper, "of take 1", maker="Ann")
    assert maker_in_use(paper) == "Ann"
    paper.drums(1, "rejected")
    paper.drums(2)
    assert maker_in_use(paper) == "Lou"


def test_a_mix_from_outside_stands_on_the_edit_from_outside_that_its_maker_was_given() -> None:
    paper, _ = finished()
    edited(paper, "tighter")
    state = paper.state
    there = state.sound(DRUMS)
    assert there
    assert there.hash != there.plan
    prints = (Named(name="main", sound=sound("mixed", channels=2)),)
    paper.say(
        *submit_mix(
            state.mixes[ROOF], state.catalog.song(ROOF), prints=prints, maker="Kim", given={"drums": there.hash}
        )
    )
    assert words(paper.mix(2)) == "to hear"
    edited(paper, "looser", maker="Ann")
    assert (
        str(paper.mix(2)) == "lapsed, blocked (the drums comp has changed since Kim got the tracks)"
        or words(paper.mix(2)) == "blocked"
    )
    paper.undo()
    assert words(paper.mix(2)) == "to hear"


def test_the_form_of_an_edit_is_that_of_its_takes_the_widest_where_they_differ() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1), take(2, tracks=("kick", "room"), frames=500_000))
    paper.drums(1)
    paper.judge(f"{DRUMS}/2", "approved", (480_000, 500_000))
    state = paper.state
    recipe = state.edit(DRUMS)
    assert recipe
    takes = {number: one.tracks for number, one in state.takes[DRUMS].takes.items()}
    named = {number: tuple(Named(name=t.name, sound=t.sound) for t in tracks) for number, tracks in takes.items()}
    form = form_of(recipe, named)
    assert (form.rate, form.frames) == (48_000, 500_000)
    assert dict(form.channels) == {"kick": 1, "snare": 1, "room": 1}


DECISIONS = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 3), st.sampled_from(("approved", "rejected", "held", "kept"))),
        st.just("submit"),
    ),
    max_size=12,
)


@given(DECISIONS)
def test_the_same_comp_is_heard_as_it_last_came_back_whatever_was_decided_between(said: list[Decision | str]) -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1), take(2), take(3))
    makers: dict[str | None, str] = {}
    for number, one in enumerate(said):
        plan = paper.state.edit_plan(DRUMS)
        if isinstance(one, tuple):
            paper.drums(*one)
        elif plan:
            edited(paper, number, maker=f"editor {number}")
            makers[plan] = f"editor {number}"
        assert maker_in_use(paper) == makers.get(paper.state.edit_plan(DRUMS))
