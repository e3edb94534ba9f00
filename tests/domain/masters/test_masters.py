from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, Refused
from domain.masters.masters import TARGETS, Masters, draft, evolve, plan
from domain.recipe import parse_master
from domain.status.chosen_mixes import chosen_mixes
from tests.domain.night_shift import RECORD
from tests.domain.paper import ROOF
from tests.domain.production import FERRY, finished, words

SONGS = (ROOF, FERRY)


def test_a_drafted_recipe_says_what_the_house_s_targets_are() -> None:
    recipe = parse_master(draft(["streaming", "cd"]))
    assert dict(recipe.targets) == dict(TARGETS)


def test_a_loudness_asked_for_goes_to_every_target_and_as_mixed_to_none() -> None:
    louder = parse_master(draft(["streaming", "cd"], lufs=Decimal("-9.5")))
    assert {target.integrated_lufs for target in louder.targets.values()} == {Decimal("-9.5")}
    as_mixed = parse_master(draft(["streaming", "cd"], as_mixed=True))
    assert {target.integrated_lufs for target in as_mixed.targets.values()} == {None}
    assert as_mixed.targets["cd"].ceiling_dbtp == TARGETS["cd"].ceiling_dbtp


def test_a_target_named_twice_is_one_target_and_none_at_all_is_no_master() -> None:
    assert draft(["cd", "cd"]) == draft(["cd"])
    with pytest.raises(Misused, match=r"recipe\.master"):
        plan(Masters(), record=RECORD, songs=[ROOF], approved={ROOF: 1}, recipe=draft([]))


@given(st.decimals("-40", "-5", places=2), st.integers(0, 2**63 - 1))
def test_any_loudness_and_seed_of_a_draft_are_read_back_exactly(lufs: Decimal, seed: int) -> None:
    target = parse_master(draft(["cd"], lufs=lufs, seed=seed)).targets["cd"]
    assert (target.integrated_lufs, target.seed) == (lufs, seed)


def test_a_record_without_songs_has_no_master() -> None:
    with pytest.raises(Refused, match=r"master\.source: night-bus has no songs"):
        plan(Masters(), record=RECORD, songs=[], approved={}, recipe=draft(["cd"]))


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), st.sampled_from(["cd", "streaming"])), max_size=6))
def test_masters_count_up_bind_every_song_in_order_and_repeat_harmlessly(wanted: list[tuple[int, int, str]]) -> None:
    masters = Masters()
    for roof, ferry, target in wanted:
        asked = {"songs": SONGS, "approved": {ROOF: roof, FERRY: ferry}, "recipe": draft([target])}
        for event in plan(masters, record=RECORD, **asked):
            assert [bound.song for bound in event.songs] == list(SONGS)
            masters = evolve(masters, event)
        assert plan(masters, record=RECORD, **asked) == []
    assert list(masters.masters) == list(range(1, len(masters.masters) + 1))


def test_a_newer_mix_does_not_move_a_master_that_is_planned() -> None:
    paper, night = finished()
    paper.revise("[strips.drums]\ngain_db = -9\n")
    assert night.work() == {"mix": 1}
    paper.verdict(paper.mix(2))
    assert (words(paper.mix(1)), words(paper.master())) == ("approved", "approved")
    assert not night.owes()
    (second,) = paper.plan()
    assert [bound.revision for bound in second.songs] == [2, 1]
    assert words(paper.master(2)) == "pending"
    assert night.work() == {"master": 1}


def test_the_same_plan_again_yields_nothing_and_a_song_without_an_approved_mix_has_no_master() -> None:
    paper, _ = finished()
    assert paper.plan() == []
    paper.verdict(paper.mix(), "rejected")
    with pytest.raises(Refused, match=rf"master\.source: {ROOF} has no approved mix"):
        paper.plan()
    with pytest.raises(Misused, match=r"master\.target"):
        paper.plan("cassette")


def test_the_newest_approved_mix_is_the_one_a_master_is_made_from() -> None:
    paper, night = finished()
    paper.revise("[strips.drums]\ngain_db = -9\n")
    night.work()
    assert chosen_mixes(paper.state, RECORD) == {ROOF: 1, FERRY: 1}
    paper.verdict(paper.mix(2))
    assert chosen_mixes(paper.state, RECORD) == {ROOF: 2, FERRY: 1}
