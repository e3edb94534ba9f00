import pytest

from domain.core.refusal import Misused, NotFound
from domain.label.catalog import PartAdded
from domain.mixes.mixes import FromOutside, FromRecipe, MixRevised, submit
from domain.render.jobs import Impulse, Named, Sound
from tests.domain.paper import DRUMS, ROOF, sound
from tests.domain.production import MIX1, Production, finished, take_one_instead, words


def test_the_recipe_of_the_latest_mix_again_yields_nothing_new() -> None:
    paper, _ = finished()
    assert paper.revise() == []


def test_a_mix_hears_parts_of_its_song_that_are_no_guides() -> None:
    paper, _ = finished()
    paper.say(PartAdded(part=f"{ROOF}/click", name="Click", guide=True))
    for text, said in {
        "[strips.click]": "strips.click: click is a guide",
        "[strips.tuba]": "strips.tuba: tuba is no part of",
    }.items():
        with pytest.raises(Misused, match=said):
            paper.revise(text)


def outside(paper: Production, *, main: Sound) -> list[MixRevised]:
    state = paper.state
    given = {"drums": str(state.edit_plan(DRUMS))}
    prints = (Named(name="main", sound=main),)
    new = submit(state.mixes[ROOF], state.catalog.song(ROOF), prints=prints, maker="Lou", given=given)
    paper.say(*new)
    return new


def test_a_mix_from_outside_stands_on_the_comps_its_maker_was_given() -> None:
    paper, night = finished()
    assert outside(paper, main=sound("lou", channels=2))
    assert outside(paper, main=sound("lou", channels=2)) == []
    assert words(paper.mix(2)) == "to hear"
    paper.verdict(paper.mix(2))
    take_one_instead(paper)
    assert str(paper.mix(2)) == "lapsed, blocked (the drums comp has changed since Lou got the tracks)"
    night.work()
    assert words(paper.mix(2)) == "lapsed, blocked"
    paper.drums(1, "rejected")
    paper.drums(2)
    assert words(paper.mix(2)) == "approved"


def test_revisions_count_up_whoever_makes_them_and_an_older_text_is_a_new_revision() -> None:
    paper, _ = finished()
    outside(paper, main=sound("lou", channels=2))
    paper.revise()
    revisions = paper.state.mixes[ROOF].revisions
    assert [isinstance(one.made, FromOutside) for one in revisions.values()] == [False, True, False]
    assert list(revisions) == [1, 2, 3]
    with pytest.raises(NotFound, match=rf"mix.unknown: {ROOF} has no mix4"):
        paper.state.mixes[ROOF].revision(ROOF, 4)


def test_a_recipe_that_differs_by_a_comment_is_another_revision() -> None:
    paper, _ = finished()
    (event,) = paper.revise(f"{MIX1}# a thought\n")
    assert event.number == 2


THROUGH_HALL = MIX1.replace("[strips.drums]", '[buses.wet]\nconvolution = { impulse = "hall" }\n[strips.drums]')


def hall(*words: object) -> Impulse:
    return Impulse(name="hall", file="hall.wav", sound=sound("hall", *words))


def through(paper: Production, number: int) -> list[Impulse]:
    made = paper.state.mixes[ROOF].revisions[number].made
    assert isinstance(made, FromRecipe)
    return list(made.impulses)


def test_an_impulse_is_brought_once_and_heard_by_each_later_mix_that_names_it() -> None:
    paper, _ = finished()
    assert paper.revise(THROUGH_HALL, ROOF, hall())
    assert paper.revise(THROUGH_HALL) == paper.revise(THROUGH_HALL, ROOF, hall()) == []
    paper.revise(MIX1)
    paper.revise(f"{THROUGH_HALL}# again")
    assert [through(paper, number) for number in (1, 2, 3, 4)] == [[], [hall()], [], [hall()]]


def test_another_file_under_the_same_name_is_another_mix_to_render_and_the_old_one_keeps_its_own() -> None:
    paper, night = finished()
    paper.revise(THROUGH_HALL, ROOF, hall())
    night.work()
    paper.verdict(paper.mix(2))
    paper.revise(THROUGH_HALL, ROOF, hall("larger"))
    assert words(paper.mix(2)) == "approved"
    assert words(paper.mix(3)) == "pending"
    assert paper.revise(THROUGH_HALL) == []
    assert [through(paper, number) for number in (2, 3)] == [[hall()], [hall("larger")]]


def test_an_impulse_that_nobody_brought_or_nobody_hears_is_no_mix() -> None:
    paper, _ = finished()
    with pytest.raises(Misused, match=r"line 2, buses.wet.convolution.impulse: there is no impulse 'hall'"):
        paper.revise(THROUGH_HALL)
    with pytest.raises(Misused, match="the recipe names no impulse 'hall'; no bus of it has a convolution"):
        paper.revise(MIX1, ROOF, hall())
    with pytest.raises(Misused, match="the recipe names no impulse 'hal'; it uses hall"):
        paper.revise(THROUGH_HALL, ROOF, hall(), hall().model_copy(update={"name": "hal"}))
