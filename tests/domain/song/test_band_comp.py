from decimal import Decimal

import pytest

from domain.core.frames import Range
from domain.core.refusal import Misused, NotFound, Refusal, Refused, suggest
from domain.label.catalog import PartAdded
from domain.recipe import Span
from domain.song.arrangement import Arrangement
from domain.song.band_comp import BandParts, mark, refuse_unlaid, set_basic
from domain.song.form import read_sections
from domain.song.song_edit import SongEdit
from domain.takes.comps import CompStroke
from domain.takes.take_edits import Change, TakeEdited
from tests.domain.paper import DRUMS, ROOF, Paper, take, tin_roof
from tests.domain.songs import edit_on

RATE = 48_000
BASS, VOCAL = f"{ROOF}/bass", f"{ROOF}/vocal"
PASS3 = ("intro=40", "verse1=100", "chorus1=250", "end=400")
PASS5 = ("intro=10", "verse1=90", "chorus1=200", "outro=300", "end=420")


def band(*, marked: bool = True) -> Paper:
    """Drums and bass on passes 3 and 5, without a click; the vocal is an overdub."""
    paper = tin_roof(*(PartAdded(part=part, name=part.rpartition("/")[2]) for part in (DRUMS, BASS, VOCAL)))
    for part in (DRUMS, BASS):
        paper.say(take(1, part, frames=500).model_copy(update={"pass_number": 3}))
        paper.say(take(2, part, frames=450).model_copy(update={"pass_number": 5}))
    paper.say(take(1, VOCAL, frames=600))
    if marked:
        for number, words in ((3, PASS3), (5, PASS5)):
            paper.say(*mark(as_played(paper), number, read_sections(words, int)))
    return paper


def as_played(paper: Paper) -> BandParts:
    state = paper.state
    takes = {part.rpartition("/")[2]: state.takes_of(part) for part in (DRUMS, BASS, VOCAL)}
    return BandParts(ROOF, RATE, state.arrangement(ROOF), takes)


def cut(paper: Paper, *words: str, reason: bool = False) -> tuple[str, ...]:
    moves, events = set_basic(as_played(paper), words, reason=reason, by="pat", role="producer")
    paper.say(*events)
    return moves


def refusal_of(paper: Paper, *words: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        cut(paper, *words)
    return caught.value


def laid(paper: Paper, part: str) -> list[tuple[int, int, int | None, int]]:
    (layer,) = paper.state.comp(part).layers
    return [(one.start, one.end, one.take, one.slip) for one in layer]


def test_sections_of_passes_are_laid_end_to_end_and_every_part_is_cut_at_the_same_frames() -> None:
    paper = band()
    moves = cut(paper, "@pass3:intro-verse1", "@pass5:chorus1-end")
    sections = [(one.name, one.start, one.end) for one in paper.state.arrangement(ROOF).sections]
    assert sections == [("intro", 0, 60), ("verse1", 60, 210), ("chorus1", 210, 310), ("outro", 310, 430)]
    assert laid(paper, DRUMS) == laid(paper, BASS) == [(0, 210, 1, -40), (210, 430, 2, 10)]
    assert paper.state.comp(VOCAL).layers == ()
    edit = paper.state.edit(DRUMS)
    assert edit
    assert edit.layers == ((Span(start=0, end=210, take=1, slip=-40), Span(start=210, end=430, take=2, slip=10)),)
    assert edit.length == 430
    assert moves == ("pass 3 moves from 0:00.001 to 0:00", "pass 5 moves from 0:00.004 to 0:00.004")


def test_a_section_of_a_pass_may_have_hyphens_in_its_name() -> None:
    paper = band(marked=False)
    paper.say(*mark(as_played(paper), 3, read_sections(("intro=40", "pre-chorus=100", "verse-2=250", "end=400"), int)))
    cut(paper, "@pass3:intro-pre-chorus", "@pass3:verse-2")
    assert [one.name for one in paper.state.arrangement(ROOF).sections] == ["intro", "pre-chorus", "verse-2"]
    assert refusal_of(paper, "@pass3:pre-chorus-intro").rule == "basic.piece"
    assert refusal_of(paper, "@pass3:pre-verse").rule == "section.unknown"


def test_every_frame_of_the_basic_sounds_the_frame_that_was_marked_on_its_pass() -> None:
    paper = band()
    cut(paper, "@pass5:chorus1", "@pass3:intro-verse1", "@pass5:outro")
    marks = paper.state.arrangement(ROOF).marks
    of_pass = {1: 3, 2: 5}
    for section in paper.state.arrangement(ROOF).sections:
        (own,) = [one for one in paper.state.comp(DRUMS).layers[0] if one.start <= section.start < one.end]
        assert own.take
        (marked,) = [one for one in marks[of_pass[own.take]] if one.name == section.name]
        assert (section.start - own.slip, section.end - own.slip) == (marked.start, marked.end)


def test_a_part_that_was_not_played_on_a_pass_is_silent_there_and_a_rejected_take_is_not_used() -> None:
    paper = band()
    paper.judge(f"{BASS}/2", "rejected")
    cut(paper, "@pass3:intro", "@pass5:chorus1")
    assert laid(paper, BASS) == [(0, 60, 1, -40)]
    paper.judge(f"{DRUMS}/1", "rejected")
    assert laid(paper, DRUMS) == [(60, 160, 2, -140)]


def test_a_section_that_reaches_beyond_its_take_is_silent_there() -> None:
    paper = band()
    paper.say(*mark(as_played(paper), 5, read_sections(("verse1=400", "end=600"), int)))
    cut(paper, "@pass5")
    assert laid(paper, DRUMS) == [(0, 50, 2, -400)]


@pytest.mark.parametrize(
    ("words", "kind", "rule"),
    [
        (("pass3",), None, ""),
        (("@pass3:outro",), NotFound, "section.unknown"),
        (("@pass3:verse1-intro",), Misused, "basic.piece"),
        (("@pass4:intro",), NotFound, "pass.unknown"),
        (("@pass3:intro", "@pass5:intro"), Misused, "basic.twice"),
        (("@pass3:",), Misused, "basic.piece"),
        (("@pass0:intro",), Misused, "basic.piece"),
        (("intro",), Misused, "basic.piece"),
        (("@pass3:0:01-0:02",), NotFound, "section.unknown"),
    ],
)
def test_only_what_names_marked_sections_of_a_pass_is_a_piece(
    words: tuple[str, ...], kind: type[Refusal] | None, rule: str
) -> None:
    paper = band()
    if kind is None:
        cut(paper, *words)
        assert len(paper.state.arrangement(ROOF).sections) == 3
        return
    refusal = refusal_of(paper, *words)
    assert (type(refusal), refusal.rule) == (kind, rule)


def test_a_pass_that_nobody_marked_says_how_it_is_marked() -> None:
    refusal = refusal_of(band(marked=False), "@pass3:intro")
    assert (refusal.rule, refusal.next) == (
        "pass.unmarked", suggest("pass sections", f"{ROOF}@pass3", "verse1=0:04", "chorus1=0:48"),
    )  # fmt: skip


def test_the_same_marks_and_the_same_basic_again_are_nothing_new() -> None:
    paper = band()
    cut(paper, "@pass3")
    head = len(paper.history)
    assert cut(paper, "@pass3:intro-chorus1") == ()
    paper.say(*mark(as_played(paper), 3, read_sections(PASS3, int)))
    assert len(paper.history) == head


def test_once_an_overdub_has_a_keeper_moving_the_time_line_lists_what_shifts_and_needs_a_reason() -> None:
    paper = band()
    cut(paper, "@pass3")
    paper.judge(f"{VOCAL}/1", "kept")
    refusal = refusal_of(paper, "@pass5:intro-chorus1")
    assert (type(refusal), refusal.rule) == (Refused, "basic.locked")
    assert "vocal was recorded to the time line" in refusal.detail
    assert refusal.values["data"] == {
        "overdubs": ["vocal"],
        "moves": ["verse1 moves from 0:00.001 to 0:00.002", "chorus1 moves from 0:00.004 to 0:00.004"],
    }
    assert len(cut(paper, "@pass5:intro-chorus1", reason=True)) == 2
    assert laid(paper, DRUMS) == [(0, 290, 2, -10)]


def test_a_basic_that_moves_nothing_needs_no_reason() -> None:
    paper = band()
    cut(paper, "@pass3")
    paper.judge(f"{VOCAL}/1", "approved")
    same = read_sections(("intro=10", "verse1=70", "chorus1=220", "end=370"), int)
    paper.say(*mark(as_played(paper), 5, same))
    assert cut(paper, "@pass3:intro-verse1", "@pass5:chorus1") == ()
    assert laid(paper, BASS) == [(0, 210, 1, -40), (210, 360, 2, -10)]


def test_a_basic_is_taken_back_whole() -> None:
    paper = band()
    paper.judge(f"{DRUMS}/2", "approved")
    cut(paper, "@pass3")
    paper.undo()
    assert paper.state.arrangement(ROOF).sections == ()
    assert paper.state.comp(DRUMS).layers == ((CompStroke(0, 450, 2),),)
    assert paper.state.comp(BASS).layers == ()


def test_an_edited_song_keeps_its_row_over_another_basic_and_loses_no_section_by_it() -> None:
    paper = band()
    cut(paper, "@pass3")
    edit_on(paper, SongEdit("repeated", "chorus1"))
    assert refusal_of(paper, "@pass3:intro-verse1").rule == "form.used"
    cut(paper, "@pass5:intro-chorus1")
    edits = [paper.state.edit(part) for part in (DRUMS, BASS)]
    assert [edit.result_frames for edit in edits if edit] == [290 + 100] * 2


def test_a_stretch_of_a_take_that_lies_where_its_pass_does_is_not_painted_where_the_song_does() -> None:
    paper = band()
    takes = paper.state.takes_of(DRUMS)
    refuse_unlaid(Arrangement(), takes, 1)
    cut(paper, "@pass3")
    with pytest.raises(Refused, match=r"basic\.pass.*pass 3"):
        refuse_unlaid(paper.state.arrangement(ROOF), takes, 1)
    refuse_unlaid(paper.state.arrangement(ROOF), paper.state.takes_of(VOCAL), 1)
    refuse_unlaid(paper.state.arrangement(ROOF), takes, None)


def test_what_was_done_to_a_take_is_laid_with_it() -> None:
    paper = band()
    edited = TakeEdited(
        take=f"{DRUMS}/1", range=Range(start=120, end=150), change=Change(gain_db=Decimal(-3), fade_in=10),
        by="pat", role="producer",
    )  # fmt: skip
    paper.say(edited)
    cut(paper, "@pass3:verse1-chorus1")
    edit = paper.state.edit(DRUMS)
    assert edit
    assert [(span.start, span.end, span.slip, span.gain_db) for span in edit.layers[0]] == [
        (0, 20, -100, 0), (20, 50, -100, -3), (50, 300, -100, 0),
    ]  # fmt: skip
    (ramp,) = edit.layers[0][1].ramps
    assert (ramp.start, ramp.end) == (20, 30)
