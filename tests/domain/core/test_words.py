"""Words are found without case and accents, in any script, by their beginning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.words import LONGEST, MOST, searched, words_of


def found(sought: str, text: str) -> bool:
    words = words_of(text)
    return bool(searched(sought)) and all(any(word.startswith(one) for word in words) for one in searched(sought))


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("tin-roof", "night-bus/tin-roof/drums/3"),
        ("roof", "Tin Roof"),
        ("TIN", "tin-roof"),
        ("bjork", "Björk Guðmundsdóttir"),
        ("gudmunds", "Björk Guðmundsdóttir"),
        ("Björk", "BJORK"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("oresund", "Øresund"),
        ("дельф", "ДЕЛЬФИН"),
        ("σιγ", "ΣΙΓΜΑ"),  # noqa: RUF001 - Greek
        ("事変", "東京事変"),
        ("东京", "在东京录音"),
        ("เพลง", "ชื่อเพลงใหม่"),
        ("ｔｉｎ", "tin"),  # noqa: RUF001 - full width
        ("cafe\u0301", "café"),
        ("1979", "1979 (take 2)"),
    ],
)
def test_a_name_is_found_however_it_is_written(sought: str, text: str) -> None:
    assert found(sought, text)


@pytest.mark.parametrize(
    ("sought", "text"), [("oof", "tin-roof"), ("tinroof", "tin roof"), ("", "tin"), ("- /", "tin")]
)
def test_the_middle_of_a_word_and_nothing_at_all_find_nothing(sought: str, text: str) -> None:
    assert not found(sought, text)


@given(st.text(max_size=300))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    words = words_of(text)
    assert all(any(word.startswith(one) for word in words) for one in searched(text))
    assert all(0 < len(word) <= LONGEST for word in words)


@given(st.text(st.characters(max_codepoint=127), max_size=300))
def test_words_of_ascii_are_those_of_the_same_text_beside_another_script(text: str) -> None:
    assert words_of(f"{text} Ж") == words_of(text) | {"ж"}


def test_an_absurd_text_gives_a_bounded_number_of_words() -> None:
    assert len(words_of(" ".join(map(str, range(100_000))))) == MOST
    assert len(words_of("東" * 100_000)) <= MOST
    assert max(map(len, words_of("a" * 100_000))) == LONGEST
