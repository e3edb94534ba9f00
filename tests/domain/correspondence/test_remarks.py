"""Remarks: a pasted text becomes notes, each at the time that it names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.correspondence.remarks import LONGEST_REMARK, Remark, read_remarks

THREE_MINUTES = 180_000


def notes(text: str, length_ms: int | None = THREE_MINUTES) -> list[tuple[int | None, str]]:
    return [(one.at_ms, one.text) for one in read_remarks(text, length_ms).notes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:12 vocal louder", [(72_000, "vocal louder")]),
        ("at 2.30 the snare is dry", [(150_000, "the snare is dry")]),
        ("2.30 the snare is dry", [(150_000, "the snare is dry")]),
        ("0:45-1:00 too much reverb", [(45_000, "too much reverb (until 1:00)")]),
        ("between 0:10 and 0:20 a hum", [(10_000, "a hum (until 0:20)")]),
        ("- (0:33) a pop", [(33_000, "a pop")]),
        ("2:05: bass up 1.50 dB, 2:11 guitars down", [(125_000, "bass up 1.50 dB"), (131_000, "guitars down")]),
        ("the solo at 1:40 needs air", [(100_000, "the solo at 1:40 needs air")]),
        ("1:12.5 click", [(72_500, "click")]),
        ("0:01:12 click", [(72_000, "click")]),
        ("1:12", [(72_000, "1:12")]),
        ("up by 1.25 dB please", [(None, "up by 1.25 dB please")]),
        ("call me at 2:15 pm", [(None, "call me at 2:15 pm")]),
        ("love it\nall of it", [(None, "love it all of it")]),
        ("first\n\nsecond", [(None, "first"), (None, "second")]),
        ("Hi Pat,\n\nlouder please\n\nBest,\nAnn", [(None, "louder please")]),
        ("Hallo,\n1:12 lauter\nLiebe Grüße\nAnn", [(72_000, "lauter")]),
        ("love it", [(None, "love it")]),
        ("1:12 louder\n\nYes!", [(72_000, "louder")]),
        ("yes, but later", [(None, "yes, but later")]),
        ("", []),
    ],
)
def test_words_become_notes_at_the_time_that_they_name(text: str, expected: list[tuple[int | None, str]]) -> None:
    assert notes(text) == expected


@pytest.mark.parametrize("time", ["3:01", "9:99", "59:59", "999:00", "2:00-1:00"])
def test_a_time_that_the_sound_does_not_have_is_kept_as_words(time: str) -> None:
    read = read_remarks(f"{time} louder", THREE_MINUTES)
    assert [(one.at_ms, one.text) for one in read.notes] == [(None, f"{time} louder")]
    assert read.beyond == (time,)
    assert notes("3:00 the end") == [(180_000, "the end")], "the last moment is still in it"


@pytest.mark.parametrize("name", ["Ann", "ann", "Ann Rivers", "- Ann", "Ann."])
def test_the_speaker_s_name_alone_below_their_words_is_a_signature(name: str) -> None:
    notes = read_remarks(f"1:12 vocal louder\n\n{name}\n", THREE_MINUTES, "Ann Rivers").notes
    assert notes == (Remark(72_000, "vocal louder"),)


def test_a_name_that_is_all_that_was_said_or_is_not_the_speaker_s_is_kept() -> None:
    assert read_remarks("Ann", THREE_MINUTES, "Ann").notes == (Remark(None, "Ann"),)
    assert read_remarks("too loud\n\nKim", THREE_MINUTES, "Ann").notes[-1] == Remark(None, "Kim")


def test_a_record_of_several_songs_has_no_times() -> None:
    assert notes("1:12 louder", None) == [(None, "1:12 louder")]


def test_an_answer_that_is_too_long_is_refused_and_never_cut() -> None:
    for text in ("x" * (LONGEST_REMARK + 1), "\n".join(f"0:{n % 60:02d} note {n}" for n in range(201)), "y" * 200_001):
        with pytest.raises(Misused, match="at most"):
            read_remarks(text, THREE_MINUTES)


@settings(max_examples=200)
@given(st.text(alphabet="01239:.-\u2013(), atdB\n>ü", max_size=200))
def test_whatever_is_pasted_no_note_lies_outside_the_sound(text: str) -> None:
    for at_ms, words in notes(text):
        assert words
        assert at_ms is None or 0 <= at_ms <= THREE_MINUTES
