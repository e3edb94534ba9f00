"""A record folded one event at a time, with decisions taken back and standing again, is the record folded at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.core.event import Event, Recorded
from domain.status import record_fold
from domain.status.record_fold import RecordFold, fold
from domain.status.undo import DecisionUndone, effective_events
from domain.takes.takes import TakeVerdict
from tests.domain.paper import DRUMS, Paper, take, tin_roof
from tests.domain.production import RECORD
from tests.golden_history import golden_history


def stepped(history: list[Recorded[Event]]) -> RecordFold:
    step = RecordFold()
    for number, recorded in enumerate(history, start=1):
        step.evolve(recorded)
        assert step.state == fold(effective_events(history[:number]))
    return step


ACTS = st.lists(st.tuples(st.sampled_from(["approved", "kept", "rejected"]), st.integers(0, 30)), max_size=14)


def judged_and_undone(acts: list[tuple[TakeVerdict, int]]) -> list[Recorded[Event]]:
    paper = Paper(tin_roof().history)
    paper.say(take(1), take(2))
    for verdict, which in acts:
        earlier = [one for one in paper.history if one.event.traits.undoable]  # an undo among them
        if which % 3 == 0 and len(earlier) > which:
            paper.say(DecisionUndone(decision=earlier[which].id, record=RECORD))
        else:
            paper.judge(f"{DRUMS}/{1 + which % 2}", verdict)
            if earlier and which % 5 == 0:
                paper.say(DecisionUndone(decision=earlier[-1].id, record=RECORD))
    return paper.history


@settings(max_examples=60)
@given(ACTS)
def test_an_undo_of_an_undo_lets_a_decision_count_again(acts: list[tuple[str, int]]) -> None:
    stepped(judged_and_undone(acts))


@settings(max_examples=60)
@given(ACTS, st.integers(1, 5), st.integers(0, 40))
def test_a_record_folded_in_two_batches_is_the_record_folded_at_once(
    acts: list[tuple[str, int]], snapshot: int, first: int
) -> None:
    history = judged_and_undone(acts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_fold, "SNAPSHOT_EVENTS", snapshot)
        batches = RecordFold().feed(history[:first]).feed(history[first:])
        assert batches.state == stepped(history).state
    assert batches.state == fold(effective_events(history))
    assert [batches.counts(one) for one in history] == [stepped(history).counts(one) for one in history]


def test_a_state_handed_out_stays_as_it_was() -> None:
    paper = Paper(tin_roof().history)
    paper.say(take(1))
    step = RecordFold().feed(paper.history)
    before, live = step.state, step.live
    paper.say(take(2))
    step.evolve(paper.history[-1])
    assert len(before.takes[DRUMS].takes) == 1
    assert len(live.takes[DRUMS].takes) == 2


def test_an_event_taken_back_before_it_is_folded_never_counts() -> None:
    paper = Paper(tin_roof().history)
    paper.say(take(1))
    paper.judge(f"{DRUMS}/1", "approved")
    *before, judged = paper.history
    undo = Recorded(
        judged.position, DecisionUndone(decision=judged.id, record=RECORD), "pat", "", None, b"", bytes(16), None, 0
    )
    assert RecordFold().feed([*before, undo, judged]).state.judgements == {}


def test_whatever_a_comp_is_folded_from_names_the_takes_it_judges() -> None:
    step = RecordFold()
    for recorded in (one for one in golden_history() if one.event.kind != "midi-played"):  # no event ingests its take
        before = dict(step.live.judgements)
        step.evolve(recorded)
        judged = {part for part, said in step.live.judgements.items() if said != before.get(part)}
        if not isinstance(recorded.event, DecisionUndone):
            assert {take.rpartition("/")[0] for take in recorded.event.judged_takes()} == judged, recorded.event.kind
