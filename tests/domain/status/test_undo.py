import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.event import Event
from domain.core.refusal import NotFound
from domain.label.notes import NoteAdded
from domain.recipe import MidiRecipe
from domain.status.undo import DecisionUndone, effective_events, undo
from domain.status.verdicts import VerdictGiven
from domain.takes.midi_takes import MidiPlayed
from tests.domain.paper import DRUMS, ROOF, Paper, sha, sound, take, tin_roof


def drums() -> Paper:
    paper = tin_roof()
    paper.say(take(1), take(2))
    return paper


def stands(paper: Paper) -> list[Event]:
    return [recorded.event for recorded in effective_events(paper.history)]


def test_undoing_takes_back_the_last_judgement_of_whoever_asks_and_of_nobody_else() -> None:
    paper = drums()
    (kept,) = paper.judge(f"{DRUMS}/1", "kept", by="pat")
    paper.judge(f"{DRUMS}/2", "approved", by="kim")
    before = stands(paper)
    paper.undo(by="pat")
    assert stands(paper) == [event for event in before if event is not kept]
    with pytest.raises(NotFound, match=r"undo\.nothing: nothing of yours"):
        paper.undo(by="pat")


def test_takes_and_songs_are_never_undone() -> None:
    with pytest.raises(NotFound, match=r"undo\.nothing"):
        drums().undo()


def test_an_undoing_carries_the_places_of_what_it_takes_back() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "kept")
    (event,) = undo(paper.history, by="pat")
    assert (event.decision, event.record, event.song, event.part) == (paper.history[-1].id, "night-bus", ROOF, DRUMS)
    paper.say(NoteAdded(record="night-bus", target="night-bus", text="loud", by="pat"))
    (event,) = undo(paper.history, by="pat")
    assert (event.record, event.song, event.part) == ("night-bus", None, None)


def test_how_a_midi_take_is_played_is_taken_back_to_the_sound_it_came_with_and_no_further() -> None:
    paper = drums()
    for transpose in (0, 2, 5):
        recipe = MidiRecipe(instrument="keys", version=1, transpose=transpose)
        paper.say(
            MidiPlayed(
                take=f"{DRUMS}/1", file=sha("file"), size=9, notes=4, recipe=recipe, sound=sound("keys", transpose)
            )
        )
    for left in (2, 0):
        paper.undo()
        played = paper.state.takes_of(DRUMS).takes[1].played
        assert played is not None
        assert played.recipe.transpose == left
    with pytest.raises(NotFound, match=r"undo\.nothing"):
        paper.undo()


def test_a_pass_approved_at_once_is_taken_back_at_once() -> None:
    paper = drums()
    said = [one.model_copy(update={"verdict": "approved"}) for one in paper.judge(f"{DRUMS}/1", "kept")]
    paper.undo()
    paper.say(*said, said[0].model_copy(update={"take": f"{DRUMS}/2"}))
    paper.undo()
    assert not paper.state.comp(DRUMS).used
    assert [one.verdict for one in paper.state.takes_of(DRUMS).takes.values()] == [None, None]


def test_an_undoing_that_is_itself_undone_lets_the_decision_stand_again() -> None:
    paper = drums()
    paper.judge(f"{DRUMS}/1", "approved")
    paper.undo()
    assert not paper.state.comp(DRUMS).used
    (again,) = paper.say(DecisionUndone(decision=paper.history[-1].id, record="night-bus", song=ROOF, part=DRUMS))
    assert paper.state.comp(DRUMS).used == (1,)
    paper.say(DecisionUndone(decision=again, record="night-bus", song=ROOF, part=DRUMS))
    assert not paper.state.comp(DRUMS).used


def test_an_undoing_of_what_nobody_here_recorded_changes_nothing() -> None:
    paper = drums()
    before = stands(paper)
    paper.say(DecisionUndone(decision=paper.say(take(3))[0], record="night-bus"))
    paper.history.pop(-2)
    assert stands(paper) == before


def test_a_verdict_on_a_mix_is_taken_back() -> None:
    paper = drums()
    given_ = VerdictGiven(
        record="night-bus", song=ROOF, revision="mix1", output=sha("m"), files=(), verdict="approved", by="pat",
        role="producer",
    )  # fmt: skip
    paper.say(given_)
    assert paper.state.verdicts.approved(f"{ROOF}@mix", sha("m"))
    paper.undo()
    assert not paper.state.verdicts.approvals


def stands_naively(undoings: dict[int, int], number: int) -> bool:
    """True if decision *number* is not undone, for undos that name an earlier decision or undo."""
    return not any(undone == number and stands_naively(undoings, at) for at, undone in undoings.items())


@given(st.lists(st.none() | st.integers(0, 9), max_size=10))
def test_what_stands_is_what_no_standing_undoing_names(acts: list[int | None]) -> None:
    paper, undoings = Paper(), dict[int, int]()
    for number, undone in enumerate(acts):
        if undone is None or undone >= number:
            paper.say(NoteAdded(record="night-bus", target="night-bus", text=str(number), by="pat"))
        else:
            paper.say(DecisionUndone(decision=paper.history[undone].id, record="night-bus"))
            undoings[number] = undone
    expected = [str(n) for n in range(len(acts)) if n not in undoings and stands_naively(undoings, n)]
    assert [event.text for event in stands(paper)] == expected
