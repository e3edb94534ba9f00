"""Replies: the own words of a message."""

import pytest

from domain.correspondence.replies import own_words


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 7 Dec 2026 at 18:00, Pat <pat@example.org> wrote:\n> 1:00 old words\n",
        "On Mon, 7 Dec 2026 at 18:00,\nPat <pat@example.org> wrote:\n> 1:00 old words\n",
        "Am 07.12.2026 um 18:00 schrieb Pat:\n> old words\n",
        "-----Original Message-----\nFrom: Pat\n1:00 old words\n",
        "________________________________\n1:00 old words\n",
        "From: Pat <pat@example.org>\nSent: Monday\nTo: Ann\n1:00 old words",
        "-- \nAnn\nold words",
        "Sent from my iPhone\n> old words",
        "Gesendet von meinem Telefon\n> old words",
    ],
)
def test_what_is_quoted_signed_or_added_by_a_program_is_left_out(quoted: str) -> None:
    assert own_words(f"1:12 louder\n{quoted}").strip() == "1:12 louder"


def test_answers_between_and_below_quoted_lines_are_kept() -> None:
    text = "On Mon, Pat wrote:\n> is the vocal loud enough?\nno, louder at 1:12\n> and the snare?\nfine"
    assert own_words(text) == "no, louder at 1:12\nfine"


def test_words_that_only_resemble_a_head_are_kept() -> None:
    text = "From: the second verse on it is great\nand on it goes, as Pat wrote"
    assert own_words(text) == text
