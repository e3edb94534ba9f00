"""The stage of a song follows what happened to it; people set it back, or open it where it came in."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.completion.song_stages import EVIDENCE, first_stage, set_stage, stage_of
from domain.core.event import Stage
from domain.core.refusal import Misused, NotFound, Refused
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.label.corrections import EntryRemoved
from domain.label.stages import STAGES, SongStaged, is_before
from domain.status.record_fold import RecordFold, fold
from domain.status.undo import DecisionUndone, effective_events
from tests.domain.night_shift import NightShift
from tests.domain.paper import DRUMS, ROOF, Paper, take, tin_roof
from tests.domain.production import FERRY, Production, finished

BASS: Final = f"{ROOF}/bass"


def stage(paper: Paper) -> Stage:
    return stage_of(paper.state, ROOF)


def test_a_song_goes_from_stage_to_stage_by_what_happens_to_it() -> None:
    paper = Production()
    paper.say(RecordOpened(record="night-bus", title="Night Bus", artist="The Ferrymen", currency="EUR"))
    paper.say(SongAdded(song=ROOF, title="Tin Roof"))
    went = [stage(paper)]
    paper.say(PartAdded(part=DRUMS, name="Drums"), PartAdded(part=BASS, name="Bass"))
    went.append(stage(paper))
    paper.say(take(1), take(1, BASS))
    went.append(stage(paper))
    paper.drums(1)
    assert stage(paper) == "recording", "the bass has no keeper yet"
    paper.judge(f"{BASS}/1", "approved")
    went.append(stage(paper))
    paper.revise("[strips.drums]\n[strips.bass]\n")
    went.append(stage(paper))
    NightShift(paper).work()
    paper.verdict(paper.mix())
    went.append(stage(paper))
    assert [*went, "delivered"] == list(STAGES)


def test_guides_and_optional_parts_keep_no_song_in_recording() -> None:
    paper = tin_roof(
        PartAdded(part=DRUMS, name="Drums"),
        PartAdded(part=f"{ROOF}/click", name="Click", guide=True),
        PartAdded(part=BASS, name="Bass", optional=True),
    )
    paper.say(take(1))
    paper.judge(f"{DRUMS}/1", "approved")
    assert stage(paper) == "editing"


def test_a_removed_part_is_evidence_of_nothing() -> None:
    paper = tin_roof()
    paper.say(take(1), EntryRemoved(part=DRUMS))
    assert stage(paper) == "writing"


def test_back_to_recording_until_something_later_happens_again() -> None:
    paper, _ = finished()
    assert stage(paper) == "mastering"
    paper.say(*set_stage(paper.state, ROOF, stage="recording", reason="the bridge is new"))
    assert stage(paper) == "recording"
    assert stage_of(paper.state, FERRY) == "mastering", "the other song stays where it is"
    paper.say(take(3))
    assert stage(paper) == "recording"
    paper.drums(3)
    assert stage(paper) == "editing"
    paper.revise("[strips.drums]\ngain_db = -1\n")
    assert stage(paper) == "mixing"
    NightShift(paper).work()
    assert stage(paper) == "mixing", "the old approval does not count"
    paper.verdict(paper.mix(3 if 3 in paper.state.mixes[ROOF].revisions else 2))
    assert stage(paper) == "mastering"


def test_an_approval_taken_back_no_longer_leads_on() -> None:
    paper, _ = finished()
    paper.say(*set_stage(paper.state, ROOF, stage="recording", reason="the bridge is new"))
    paper.drums(1)
    assert stage(paper) == "editing"
    paper.undo()
    assert stage(paper) == "recording"


def test_a_song_that_was_begun_elsewhere_opens_in_its_stage() -> None:
    paper = tin_roof()
    paper.say(*set_stage(paper.state, ROOF, stage="mixing", opening=True))
    assert stage(paper) == "mixing"
    paper.say(take(1))
    paper.judge(f"{DRUMS}/1", "approved")
    assert stage(paper) == "mixing", "earlier work does not lead back"


def test_the_present_stage_again_is_nothing_new() -> None:
    paper = tin_roof()
    assert set_stage(paper.state, ROOF, stage="preproduction", reason="again") == []
    new = set_stage(paper.state, ROOF, stage="delivered", opening=True)
    paper.say(*new)
    assert set_stage(paper.state, ROOF, stage="delivered", opening=True) == []


@pytest.mark.parametrize(
    ("stage", "opening", "reason", "refusal", "rule"),
    [
        ("mixing", False, "now", Refused, "stage.evidence"),
        ("writing", True, "now", Misused, "stage.opening"),
        ("writing", False, " ", Misused, "stage.reason"),
        ("writing", False, None, Misused, "stage.reason"),
    ],
)
def test_a_stage_is_not_set_without_ground(
    stage: Stage, *, opening: bool, reason: str | None, refusal: type[Exception], rule: str
) -> None:
    with pytest.raises(refusal, match=rule):
        set_stage(tin_roof().state, ROOF, stage=stage, opening=opening, reason=reason)


def test_no_stage_of_what_is_not_there() -> None:
    paper = tin_roof()
    with pytest.raises(NotFound, match=r"song\.unknown"):
        set_stage(paper.state, "night-bus/no-song", stage="mixing", opening=True)
    paper.say(EntryRemoved(song=ROOF))
    with pytest.raises(Refused, match=r"entry\.removed"):
        set_stage(paper.state, ROOF, stage="mixing", opening=True)


def test_a_record_is_where_its_earliest_song_is() -> None:
    assert first_stage(["mixing", "recording", "mastering"]) == "recording"
    assert first_stage([]) == ""


def test_every_stage_but_the_first_and_last_has_its_evidence_and_words() -> None:
    assert list(EVIDENCE) == list(reversed(STAGES[1:-1]))
    assert is_before("writing", "delivered")
    assert not is_before("mixing", "mixing")


ACTS = st.lists(
    st.tuples(st.sampled_from(["take", "keep", "reject", "back", "undo", "mix"]), st.integers(0, 9)), max_size=14
)


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_the_stage_is_equal_however_the_history_is_folded(acts: list[tuple[str, int]]) -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1), take(2))
    for act, number in acts:
        earlier = [one for one in paper.history if one.event.traits.undoable]
        match act:
            case "take":
                paper.say(take(len(paper.state.takes_of(DRUMS).takes) + 1))
            case "keep" | "reject":
                paper.judge(f"{DRUMS}/{1 + number % 2}", "approved" if act == "keep" else "rejected")
            case "back":
                paper.say(SongStaged(song=ROOF, stage=STAGES[number % len(STAGES)]))
            case "mix":
                paper.revise()
            case _ if earlier:
                paper.say(DecisionUndone(decision=earlier[number % len(earlier)].id, record="night-bus"))
    stepped = RecordFold()
    for recorded in paper.history:
        stepped.evolve(recorded)
    whole = fold(effective_events(paper.history))
    half = len(paper.history) // 2
    batches = RecordFold().feed(paper.history[:half]).feed(paper.history[half:])
    assert stepped.state.stages == whole.stages == batches.state.stages
    assert stage_of(stepped.state, ROOF) == stage_of(whole, ROOF)
