import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from domain.core.address import LONGEST_SLUG, Address, clock, frames_of, parse_address, slug
from domain.core.refusal import Misused


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Night Bus", "night-bus"),
        ("  Tin   Roof (Live!) ", "tin-roof-live"),
        ("Où est l'été?", "ou-est-l-ete"),
        ("ﬁrst “take”", "first-take"),
        ("Lead Vocal / double", "lead-vocal-double"),
        ("東京の夜", "東京の夜"),
        ("Ночной автобус", "ночной-автобус"),
        ("हिन्दी गीत", "हिन्दी-गीत"),
        ("東京 2020", "2020"),
        ("a.b@c:d\\e", "a-b-c-d-e"),
    ],
)
def test_a_title_becomes_a_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize("title", ["", "   ", "!!!", "—", "́", "🎸"])
def test_a_title_without_letter_or_digit_is_refused(title: str) -> None:
    with pytest.raises(Misused, match=r"title\.empty"):
        slug(title)


def test_a_taken_slug_gets_the_next_free_number() -> None:
    assert slug("Tin Roof", {"tin-roof"}) == "tin-roof-2"
    assert slug("Tin Roof", {"tin-roof", "tin-roof-2", "tin-roof-4"}) == "tin-roof-3"


@given(st.text(max_size=400), st.integers(0, 12))
@example("夜" * 300, 12)
@example("a" * 119 + " b", 3)
def test_a_slug_is_at_most_120_bytes_parses_as_an_address_and_makes_itself(title: str, taken: int) -> None:
    assume(any(char.isalnum() for char in title))
    known: list[str] = []
    for _ in range(taken + 1):
        known.append(slug(title, known))
    assert len(set(known)) == taken + 1
    assert slug(known[0]) == known[0]
    for found in known:
        assert 0 < len(found.encode()) <= LONGEST_SLUG
        assert parse_address(f"night-bus/{found}/x").path == ("night-bus", found, "x")


WORDS = st.text(string.ascii_lowercase + string.digits + "-夜ж", min_size=1, max_size=8)
NAMES = WORDS.filter(lambda word: not word.isdigit())
CLOCKS = st.builds("{}:{:02d}.{}".format, st.integers(0, 99), st.integers(0, 59), st.integers(0, 999))


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    path = tuple(draw(st.lists(NAMES, min_size=1, max_size=3)))
    take = draw(st.none() | st.integers(1, 999_999_999))
    track = draw(st.none() | WORDS)
    places = CLOCKS | st.sampled_from(["verse1", "l5", "end", "pre-chorus", "副歌"])
    whole = st.sampled_from(["verse1", "verse1-end", "pre-chorus-verse-2", "副歌"]).map(lambda word: (word, word))
    fixed = CLOCKS | st.just("l5")
    span = draw(st.none() | whole | st.tuples(fixed, places) | st.tuples(places, CLOCKS))
    revision = draw(st.none() | st.tuples(st.sampled_from(["pass", "mix", "master"]), st.integers(1, 999_999)))
    return Address(path, take, track, revision, None if revision else span)


@given(addresses())
def test_an_address_reads_back_as_it_is_printed(address: Address) -> None:
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("night-bus", Address(("night-bus",))),
        ("Night-Bus/Tin-Roof", Address(("night-bus", "tin-roof"))),
        ("drums/3", Address(("drums",), take=3)),
        ("night-bus/tin-roof/drums/3.kick-in", Address(("night-bus", "tin-roof", "drums"), take=3, track="kick-in")),
        ("drums/3@0:48-1:20", Address(("drums",), take=3, span=("0:48", "1:20"))),
        ("drums/3@chorus2", Address(("drums",), take=3, span=("chorus2", "chorus2"))),
        ("drums/3@Verse1-chorus_1", Address(("drums",), take=3, span=("verse1-chorus_1", "verse1-chorus_1"))),
        ("drums/3@Pre-Chorus", Address(("drums",), take=3, span=("pre-chorus", "pre-chorus"))),
        ("drums/3@verse-2-1:20", Address(("drums",), take=3, span=("verse-2", "1:20"))),
        ("vocal/2@L1-pre-chorus", Address(("vocal",), take=2, span=("l1", "pre-chorus"))),
        ("vocal/2@L1-4", Address(("vocal",), take=2, span=("l1", "l4"))),
        ("vocal/2@L5", Address(("vocal",), take=2, span=("l5", "l5"))),
        ("vocal/2@0:12-Brücke", Address(("vocal",), take=2, span=("0:12", "brücke"))),
        ("drums.kick-in", Address(("drums",), track="kick-in")),
        ("@mix2", Address((), revision=("mix", 2))),
        ("night-bus/tin-roof@pass3", Address(("night-bus", "tin-roof"), revision=("pass", 3))),
        ("night-bus@master1", Address(("night-bus",), revision=("master", 1))),
        ("1989", Address(("1989",))),
        ("cafe\u0301", Address(("café",))),
    ],
)
def test_an_address_or_its_tail_is_parsed(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "/", "a//b", "a/", "/a", "a b", "a/b c", "a@", "a@mix", "a@mix0", "a@mix01", "a@pass3\n", "a@0:48",
        "a@-1:20", "@0:48-1:20", "a@mix1@mix2", "drums/3.", "drums.", ".kick", "a:b", "a\\b", "a@3rd", "a@verse1-",
        "a@-verse1", "a@pre--chorus", "a@_x", f"a@{'x' * 82}",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Misused, match="address") as refusal:
        parse_address(text)
    assert "\n" not in refusal.value.detail


@pytest.mark.parametrize(
    ("text", "rate", "frames"),
    [
        ("0:00", 48_000, 0),
        ("0:48", 48_000, 2_304_000),
        ("1:02.5", 44_100, 2_756_250),
        ("1:00:00", 48_000, 172_800_000),
        ("75.25", 48_000, 3_612_000),
        ("90:00", 44_100, 238_140_000),
        ("0:00.000000001", 192_000, 0),
        ("0:00.0000105", 48_000, 1),
    ],
)
def test_a_song_time_is_the_nearest_frame(text: str, rate: int, frames: int) -> None:
    assert frames_of(text, rate) == frames


@pytest.mark.parametrize("text", ["", "1:60", "1:60:00", "1:2:3:4", "-1", "1e3", "1:", ":30", "1.", "٣", "0:48\n", "a"])
def test_what_is_no_song_time_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="time"):
        frames_of(text, 48_000)


@given(st.integers(0, 192_000 * 3600), st.sampled_from([44_100, 48_000, 192_000]))
def test_a_printed_song_time_is_within_half_a_millisecond_of_its_frame(frames: int, rate: int) -> None:
    assert abs(frames_of(clock(frames, rate), rate) - frames) <= rate / 2000 + 1


@given(st.integers(0, 10**9), st.sampled_from([44_100, 48_000]))
def test_a_song_time_to_the_nanosecond_finds_every_frame_again(frames: int, rate: int) -> None:
    nanos = frames * 10**9 // rate
    assert frames_of(f"{nanos // 10**9}.{nanos % 10**9:09d}", rate) == frames
