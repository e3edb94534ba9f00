import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound, suggest
from domain.song import lyrics
from domain.song.lyrics import LARGEST, LineTime, LyricLine, Lyrics, attach, read_lines, time_lines
from tests.domain.paper import ROOF, sha


def given_words(lines: int = 5, **times: int) -> Lyrics:
    """Lyrics with *lines* lines; ``l2=300`` is the time of the second."""
    there = Lyrics()
    for event in attach(there, song=ROOF, blob=sha("words"), size=9, file="words.txt", lines=lines, times=at(**times)):
        there = lyrics.evolve(there, event)
    return there


def at(**times: int) -> list[LineTime]:
    return [LineTime(line=int(line[1:]), at=frame) for line, frame in times.items()]


def test_a_plain_text_is_counted_without_empty_lines_and_headings() -> None:
    text = "\ufeff[Verse 1]\nRain on the tin roof\r\n\n  The last bus gone \n\n[Chorus]\nHey [hey] hey\n"
    assert read_lines(text.encode()) == [
        LyricLine("Rain on the tin roof"),
        LyricLine("The last bus gone"),
        LyricLine("Hey [hey] hey"),
    ]


def test_the_stamps_of_an_lrc_file_say_when_each_line_is_sung_and_how_often() -> None:
    text = "[ti:Tin Roof]\n[00:12.00]Rain\n[00:36.5][01:20.00] Hey hey\n[00:48]The bus\n[00:44.00]\n"
    assert read_lines(text.encode()) == [
        LyricLine("Rain", "00:12.00"), LyricLine("Hey hey", "00:36.5"), LyricLine("The bus", "00:48"),
        LyricLine("Hey hey", "01:20.00"),
    ]  # fmt: skip
    assert read_lines("Grün".encode("latin-1")) == read_lines("Grün".encode("utf-16")) == [LyricLine("Grün")]
    mixed = "Rain\n[00:36.00]Hey\nBus"
    assert [line.text for line in read_lines(mixed.encode())] == ["Rain", "Hey", "Bus"], "half stamped keeps its order"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n[Chorus]\n",
        b"\xff\xfe\x00",
        "Zeile".encode("utf-16-be"),
        b"a\0b",
        b"x\n" * 2001,
        b"x" * (LARGEST + 1),
    ],
    ids=range(7),
)
def test_what_is_no_lyrics_is_refused(data: bytes) -> None:
    with pytest.raises(Misused, match=r"lyrics\.file"):
        read_lines(data)


@given(st.text(max_size=300).map(str.encode) | st.binary(max_size=300))
def test_any_bytes_are_lyrics_or_a_refusal(data: bytes) -> None:
    try:
        found = read_lines(data)
    except Misused:
        return
    assert all(line.text.strip() for line in found)


def test_a_line_lasts_until_the_next_one_that_has_a_time() -> None:
    there = given_words(l1=100, l2=200, l4=400)
    assert [there.start(ROOF, line) for line in (1, 2, 4)] == [100, 200, 400]
    assert [there.end(ROOF, line) for line in (1, 2, 4)] == [200, 400, None]
    with pytest.raises(NotFound, match=r"lyrics\.time") as refusal:
        there.start(ROOF, 3)
    assert refusal.value.next == suggest("song attach", ROOF, at="L3=0:12")
    with pytest.raises(NotFound, match=r"lyrics\.unknown.*5 lines"):
        there.start(ROOF, 6)


def test_times_given_by_hand_take_the_place_of_those_before_and_twice_is_nothing_new() -> None:
    there = given_words(l1=100, l2=200)
    (new,) = time_lines(there, song=ROOF, times=at(l2=250, l3=300))
    there = lyrics.evolve(there, new)
    assert there.times == {1: 100, 2: 250, 3: 300}
    assert time_lines(there, song=ROOF, times=at(l3=300)) == []


def test_lines_are_sung_in_their_order() -> None:
    there = given_words(l1=100, l3=300)
    for times in (at(l2=301), at(l2=99), at(l4=200)):
        with pytest.raises(Misused, match=r"lyrics\.order"):
            time_lines(there, song=ROOF, times=times)
    with pytest.raises(Misused, match=r"lyrics\.order"):
        given_words(l1=100, l2=50)
    with pytest.raises(NotFound, match=r"lyrics\.unknown"):
        time_lines(there, song=ROOF, times=at(l6=900))
    assert time_lines(there, song=ROOF, times=at(l2=100)), "a duet: two lines begin together"


def test_other_words_begin_anew_and_the_same_bytes_again_are_nothing_new() -> None:
    there = given_words(l1=100)
    attached = there.attached
    assert attached
    same = {"song": ROOF, "blob": attached.blob, "size": 9, "file": "words.txt", "lines": 5}
    assert attach(there, **same, times=at(l1=100)) == []
    (new,) = attach(there, **{**same, "blob": sha("other")}, times=[])
    assert lyrics.evolve(there, new).times == {}
