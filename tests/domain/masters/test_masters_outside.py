"""Masters made outside: they count exactly while the mixes are those that their maker was given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.core.refusal import Refused
from domain.masters.masters import (
    MasterPlanned,
    Masters,
    OutsideMaster,
    OutsideMasterFile,
    SongBinding,
    bind,
    draft,
    submit,
)
from domain.status.chosen_mixes import chosen_mixes
from domain.status.master_status import given_mixes, master_files
from domain.takes.takes import TakeVerdict
from tests.domain.night_shift import RECORD
from tests.domain.paper import ROOF, sound
from tests.domain.production import FERRY, MIX1, Production, finished, take_one_instead, words

SONGS = (ROOF, FERRY)


def bring(paper: Production, *of: object, maker: str = "Ann") -> list[MasterPlanned]:
    """Submit a master of the approved mixes by *maker*, identified by *of*."""
    state = paper.state
    songs = bind(RECORD, SONGS, chosen_mixes(state, RECORD))
    files = tuple(
        OutsideMasterFile(target=target, song=song, sound=sound(target, song, *of, channels=2), bits=24, measures={})
        for target in ("cd", "streaming")
        for song in SONGS
    )
    outside = OutsideMaster(files=files, maker=maker, given=given_mixes(state, songs))
    new = submit(state.masters.get(RECORD, Masters()), record=RECORD, songs=songs, outside=outside)
    paper.say(*new)
    return new


def test_it_is_the_next_master_owes_nothing_and_waits_for_ears() -> None:
    paper, night = finished()
    (event,) = bring(paper)
    assert (event.number, event.targets) == (2, ("cd", "streaming"))
    assert words(paper.master(2)) == "to hear"
    assert night.work() == {}
    names = [f"{file.target} {file.number} {file.song}" for file in master_files(paper.state, event)]
    assert names == [f"cd 1 {ROOF}", f"cd 2 {FERRY}", f"streaming 1 {ROOF}", f"streaming 2 {FERRY}"]


def test_it_lapses_when_a_mix_sounds_otherwise_and_stands_again_when_it_does_not() -> None:
    paper, night = finished()
    bring(paper)
    paper.verdict(paper.master(2))
    take_one_instead(paper)
    assert words(paper.master(2)) == "lapsed, blocked"
    night.work()
    paper.verdict(paper.mix())
    assert str(paper.master(2)) == "lapsed, blocked (the mixes have changed since Ann got them)"
    paper.drums(1, "rejected")
    paper.drums(2)
    assert words(paper.master(2)) == "approved"


def test_a_newer_mix_leaves_it_alone_and_one_that_is_rejected_blocks_it() -> None:
    paper, night = finished()
    bring(paper)
    paper.revise(f"{MIX1}# louder\n[master]\n")
    night.work()
    paper.verdict(paper.mix(2))
    assert words(paper.master(2)) == "to hear"
    paper.verdict(paper.mix(1), "rejected")
    assert words(paper.master(2)) == "blocked"


def test_the_same_again_yields_nothing_new_and_other_files_are_another_master() -> None:
    paper, _ = finished()
    assert bring(paper)
    assert bring(paper) == []
    assert [event.number for event in bring(paper, "warmer")] == [3]
    assert [event.number for event in paper.plan()] == [4], "a plan after it is a master of its own"


def test_what_comes_back_as_it_left_is_approved_where_that_was() -> None:
    paper, _ = finished()
    files = [file for file in master_files(paper.state, paper.state.masters[RECORD].masters[1]) if file.sound]
    came = tuple(
        OutsideMasterFile(target=file.target, song=file.song, sound=file.sound, bits=24, measures={})
        for file in files
        if file.sound
    )
    songs = bind(RECORD, SONGS, chosen_mixes(paper.state, RECORD))
    outside = OutsideMaster(files=came, maker="Ann", given=given_mixes(paper.state, songs))
    paper.say(*submit(paper.state.masters[RECORD], record=RECORD, songs=songs, outside=outside))
    assert words(paper.master(2)) == "approved", "a verdict is on what it sounds like, whoever made it"
    take_one_instead(paper)
    assert words(paper.master(2)) == "lapsed, blocked"


def test_a_record_whose_songs_are_not_all_approved_has_nothing_to_stand_on() -> None:
    with pytest.raises(Refused, match=rf"master\.source: {FERRY} has no approved mix"):
        bind(RECORD, SONGS, {ROOF: 1})


def test_a_master_is_made_here_or_elsewhere_and_never_both_or_neither() -> None:
    paper, _ = finished()
    (event,) = bring(paper)
    songs = (SongBinding(song=ROOF, revision=1),)
    for both in ({}, {"recipe": draft(["cd"]), "outside": event.outside}):
        with pytest.raises(ValidationError, match="one of the two"):
            MasterPlanned(record=RECORD, number=1, songs=songs, **both)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 2), st.sampled_from(("approved", "rejected", "held"))), max_size=5))
def test_whatever_was_decided_it_stands_on_the_very_mixes_that_were_given(said: list[tuple[int, TakeVerdict]]) -> None:
    paper, night = finished()
    (event,) = bring(paper)
    paper.verdict(paper.master(2))
    assert event.outside
    for number, verdict in said:
        paper.drums(number, verdict)
        night.work()
        if words(paper.mix()).endswith("to hear"):
            paper.verdict(paper.mix())
        same = given_mixes(paper.state, event.songs) == event.outside.given
        assert words(paper.master(2)) == ("approved" if same else "lapsed, blocked")
