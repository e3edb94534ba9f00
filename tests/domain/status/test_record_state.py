"""Any history of decisions folds and has a status without an error, and every decision repeated yields nothing new."""

import pytest
from hypothesis import given, settings

from domain.label.catalog import set_clock
from domain.label.catalog_additions import add_part, add_song, open_record
from domain.label.notes import NoteAdded
from domain.status.due_renders import RenderNeed, due_renders
from domain.status.record_fold import RecordFold, fold
from domain.status.review_items import blocked, to_judge
from domain.status.undo import effective_events
from tests.domain.acts import ACTS, Wish, act, studio
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS, ROOF, take, tin_roof
from tests.domain.production import FERRY, Production, finished, take_one_instead, words


@settings(max_examples=30)
@given(ACTS)
def test_whatever_is_decided_folds_stands_and_repeats_harmlessly(acts: list[Wish | str]) -> None:
    paper = studio()
    night = NightShift(paper)
    for wish in acts:
        act(paper, night, wish)
        state = paper.state
        due_renders(RenderNeed(state=state), RECORD)
        asked = [*to_judge(state, RECORD), *blocked(state, RECORD)]
        assert len(asked) == len({item.address for item in asked})
    night.work()
    assert not night.owes()


@settings(max_examples=30)
@given(ACTS)
def test_folding_at_once_is_folding_one_by_one(acts: list[Wish | str]) -> None:
    paper = studio()
    for wish in acts:
        act(paper, NightShift(paper), wish)
    whole, step = RecordFold().feed(paper.history), RecordFold()
    for number, recorded in enumerate(paper.history, start=1):
        step.evolve(recorded)
        assert step.state == fold(effective_events(paper.history[:number]))
    assert list(step.state.takes) == list(whole.state.takes)


@settings(max_examples=30)
@given(ACTS)
def test_an_approved_standing_was_approved_by_somebody_and_an_unapproved_one_was_not(acts: list[Wish | str]) -> None:
    paper = studio()
    for wish in acts:
        act(paper, NightShift(paper), wish)
    state = paper.state
    for number in state.mixes[ROOF].revisions:
        found = paper.mix(number)
        if found.output:
            last = [one.verdict for one in said_of(paper, found.output)]
            assert found.state == (last[-1] if last else "to hear")
        if found.state == "approved":
            assert not found.lapsed


def said_of(paper: Production, output: str) -> list:
    stands = [recorded.event for recorded in effective_events(paper.history)]
    return [event for event in stands if event.kind == "verdict-given" and event.output == output and event.song]


def test_events_of_no_subject_here_change_nothing() -> None:
    paper = studio()
    before = paper.state
    paper.say(NoteAdded(record=RECORD, target=RECORD, text="warm", by="pat"))
    assert paper.state == before


def test_a_part_nobody_recorded_has_an_empty_comp() -> None:
    assert studio().state.comp(f"{ROOF}/drums-of-another-day").layers == ()


def test_what_waits_for_ears_is_told_takes_first() -> None:
    paper, night = finished()
    paper.say(take(3))
    take_one_instead(paper)
    night.work()
    items = list(to_judge(paper.state, RECORD))
    assert [item.address for item in items] == [f"{DRUMS}/3", f"{ROOF}@mix1"]
    assert items[1].output == paper.mix().output
    assert [item.address for item in blocked(paper.state, RECORD)] == [f"{RECORD}@master1"]
    assert [item.address for item in to_judge(paper.state, RECORD, DRUMS)] == [f"{DRUMS}/3"]
    assert not list(to_judge(paper.state, RECORD, FERRY))


def test_two_records_folded_together_stand_apart() -> None:
    paper, _ = finished()
    events = open_record(paper.state.catalog, title="Day Bus", artist="Others", due=None, currency="EUR")
    paper.say(*events)
    paper.say(*add_song(paper.state.catalog, record="day-bus", title="Tin Roof", like=ROOF))
    assert not due_renders(RenderNeed(state=paper.state), "day-bus")
    assert words(paper.master()) == "approved"


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_clock_of_a_song_is_kept_with_its_parts(rate: int) -> None:
    paper = tin_roof()
    paper.say(*set_clock(paper.state.catalog.song(ROOF), rate=rate, bits=24, zero=None))
    paper.say(*add_part(paper.state.catalog, song=ROOF, name="Bass"))
    song = paper.state.catalog.song(ROOF)
    assert song.clock is not None
    assert (song.clock.rate, list(song.parts)) == (rate, ["drums", "bass"])
