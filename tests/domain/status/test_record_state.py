"""Any history of decisions folds and has a status without an error, and every decision repeated yields nothing new."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.core.event import Event
from domain.core.refusal import Refusal
from domain.label.catalog import PartAdded, add_part, add_song, open_record, set_clock
from domain.label.notes import NoteAdded, note
from domain.mixes.mixes import Mixes, submit
from domain.render.jobs import Named, RenderAsked
from domain.status.due_renders import RenderNeed, due_renders
from domain.status.record_fold import RecordFold, fold
from domain.status.review_queue import blocked, to_judge
from domain.status.undo import standing
from domain.takes.takes import ingest, set_comp
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS, ROOF, sound, spans, take, tin_roof, track
from tests.domain.production import FERRY, Production, finished, take_one_instead, words

Wish = Callable[[Production], list[Event]]
PARTS = st.sampled_from([DRUMS, f"{ROOF}/choir"])
TAKES = st.integers(1, 3)


def judging(part: str, number: int, verdict: str) -> Wish:
    return lambda paper: paper.judge(f"{part}/{number}", verdict)


def painting(part: str, number: int, first: int, length: int) -> Wish:
    return lambda paper: paper.judge(f"{part}/{number}", "approved", (first, first + length))


def setting(part: str, painted: dict[int, int | None]) -> Wish:
    def wish(paper: Production) -> list[Event]:
        state = paper.state
        takes, judged = state.takes_of(part), state.judgements.get(part, ())
        return said(paper, set_comp(takes, judged, part=part, spans=spans(painted), by="pat", role="producer"))

    return wish


def taking(part: str, number: int) -> Wish:
    def wish(paper: Production) -> list[Event]:
        tracks = (track("one", part, number),)
        return said(paper, ingest(paper.state.takes_of(part), part=part, tracks=tracks, bits=24, starts_at=number)[1])

    return wish


def revising(gain: int, part: str) -> Wish:
    return lambda paper: paper.revise(f"[strips.{part.rpartition('/')[2]}]\ngain_db = {gain}\n")


def submitting(words_: int) -> Wish:
    def wish(paper: Production) -> list[Event]:
        state = paper.state
        given_ = {"drums": plan} if (plan := state.edit_plan(DRUMS)) else {}
        prints = (Named(name="main", sound=sound(words_, channels=2)),)
        mixes, song = state.mixes.get(ROOF, Mixes()), state.catalog.song(ROOF)
        return said(paper, submit(mixes, song, prints=prints, maker="Lou", given=given_))

    return wish


def hearing(number: int, verdict: str) -> Wish:
    return lambda paper: paper.verdict(paper.mix(number), verdict)


def finishing(verdict: str) -> Wish:
    return lambda paper: paper.verdict(paper.master(), verdict)


def planning(*, as_mixed: bool) -> Wish:
    return lambda paper: paper.plan("cd", as_mixed=as_mixed)


def noting(text: str) -> Wish:
    def wish(paper: Production) -> list[Event]:
        known = [recorded.event for recorded in paper.history if isinstance(recorded.event, NoteAdded)]
        return said(paper, note(DRUMS, text=text, by="pat", known=known))

    return wish


def said(paper: Production, events: list[Event]) -> list[Event]:
    paper.say(*events)
    return events


VERDICTS = st.sampled_from(["approved", "rejected", "held"])
WISHES: st.SearchStrategy[Wish] = st.one_of(
    st.builds(judging, PARTS, TAKES, st.sampled_from(["approved", "kept", "held", "rejected"])),
    st.builds(painting, PARTS, TAKES, st.integers(0, 9), st.integers(1, 9)),
    st.builds(setting, PARTS, st.just({0: 1, 5: None, 7: 2})),
    st.builds(taking, PARTS, TAKES),
    st.builds(revising, st.integers(0, 1), PARTS),
    st.builds(submitting, st.integers(0, 1)),
    st.builds(hearing, st.integers(1, 3), VERDICTS),
    st.builds(finishing, VERDICTS),
    st.builds(planning, as_mixed=st.booleans()),
    st.builds(noting, st.sampled_from(["late", "early"])),
)
ACTS = st.lists(WISHES | st.sampled_from(["undo", "night", "again", "fail"]), max_size=10)


def studio() -> Production:
    parts = (PartAdded(part=DRUMS, name="Drums"), PartAdded(part=f"{ROOF}/choir", name="Choir", stack=True))
    paper = Production(tin_roof(*parts).history)
    paper.say(take(1), take(2), take(1, f"{ROOF}/choir"), take(2, f"{ROOF}/choir"))
    paper.judge(f"{DRUMS}/1", "approved")
    paper.revise()
    night = NightShift(paper)
    night.work()
    paper.verdict(paper.mix())
    paper.plan("cd", as_mixed=False)
    night.work()
    return paper


def act(paper: Production, night: NightShift, wish: Wish | str) -> None:
    """Carry out *wish* if the rules allow it; repeated, the decision must yield nothing new."""
    with suppress(Refusal):
        match wish:
            case "undo":
                paper.undo()
            case "night":
                night.work()
            case "again":
                paper.say(RenderAsked(record=RECORD, plans=tuple(list(paper.state.reports)[:1])))
            case "fail":
                for song in night.owes().songs:
                    for job in song.edits:
                        night.fail(job)
            case _:
                wish(paper)
                assert granted_again(paper, wish) == []


def granted_again(paper: Production, wish: Wish) -> list[Event] | str:
    try:
        return wish(paper)
    except Refusal as refusal:
        return f"a decision that was just granted is refused: {refusal}"


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
        assert step.state == fold(standing(paper.history[:number]))
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
    stands = [recorded.event for recorded in standing(paper.history)]
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
