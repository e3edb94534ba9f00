import pytest

from domain.core.address import parse_address
from domain.core.refusal import Misused, NotFound, Refusal
from domain.song.arrangement import ArrangedPiece
from domain.song.lyrics import Lyrics, LyricsAttached
from domain.song.places import Places
from domain.song.song_edit import SongEdit
from tests.domain.paper import ROOF, sha
from tests.domain.songs import edited, formed

RATE = 100
WORDS = LyricsAttached(song=ROOF, blob=sha("words"), size=9, file="words.txt", lines=7)
SUNG = {1: 110, 2: 160, 3: 210, 5: 320, 6: 380}
PLACES = Places(ROOF, RATE, formed(), Lyrics(WORDS, SUNG))
"""intro 0, verse1 100, chorus1 300, verse2 450, outro 700, end 800; L4 and L7 are sung."""


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("0:01", "0:02.5", (100, 250)),
        ("verse1", "verse1", (100, 300)),
        ("verse1", "chorus1", (100, 450)),
        ("VERSE1", "end", (100, 800)),
        ("0:01.5", "chorus1", (150, 450)),
        ("verse1", "0:02", (100, 200)),
        ("l1", "l1", (110, 160)),
        ("L1", "L3", (110, 320)),
        ("l6", "l6", (380, 800)),
        ("intro", "l2", (0, 210)),
    ],
)
def test_a_span_goes_from_where_its_first_place_begins_to_where_its_last_ends(
    start: str, end: str, found: tuple[int, int]
) -> None:
    span = PLACES.span((start, end))
    assert (span.start, span.end) == found


@pytest.mark.parametrize(
    ("place", "kind", "rule"),
    [
        ("bridge", NotFound, "section.unknown"),
        ("l4", NotFound, "lyrics.time"),
        ("l8", NotFound, "lyrics.unknown"),
        ("0:99", Misused, "time"),
        ("-", Misused, "time"),
        ("", Misused, "time"),
    ],
)
def test_a_place_that_is_not_there_is_refused(place: str, kind: type[Refusal], rule: str) -> None:
    for span in ((place, "end"), ("intro", place)):
        with pytest.raises(kind) as refusal:
            PLACES.span(span)
        assert refusal.value.rule == rule


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("pre-chorus", (100, 200)),
        ("Pre-Chorus", (100, 200)),
        ("intro-pre-chorus", (0, 200)),
        ("pre-chorus-verse-2", (100, 400)),
        ("verse-2", (300, 400)),
        ("verse-2-end", (300, 600)),
        ("pre-chorus-0:02.5", (100, 250)),
        ("0:00.5-pre-chorus", (50, 200)),
        ("verse-3", (200, 300)),
        ("L1-pre-chorus", (110, 200)),
        ("out-ro", (400, 600)),
    ],
)
def test_a_section_whose_name_has_hyphens_stands_wherever_one_without_does(
    written: str, found: tuple[int, int]
) -> None:
    form = formed("intro=0", "pre-chorus=100", "verse=200", "verse-2=300", "out-ro=400", "end=600")
    places = Places(ROOF, RATE, form, Lyrics(WORDS, SUNG))
    address = parse_address(f"drums/3@{written}")
    assert address.span
    span = places.span(address.span)
    assert (span.start, span.end) == found
    assert places.arranged_span(address.span) == span
    assert places.painting([f"{written}=2"])[0].start == found[0]


def test_a_name_is_meant_before_what_its_pieces_name_and_what_can_be_read_in_two_ways_is_refused() -> None:
    form = formed("pre=0", "chorus=100", "pre-chorus=200", "bridge=300", "pre-chorus-bridge=400", "end=500")
    places = Places(ROOF, RATE, form)
    assert places.span(("pre-chorus", "pre-chorus")).start == 200
    assert places.span(("pre", "chorus")).end == 200, "two places, as --from and --to name them, are not one"
    assert places.span(("pre-chorus-bridge", "pre-chorus-bridge")).start == 400
    less = Places(ROOF, RATE, formed("pre=0", "chorus-bridge=100", "pre-chorus=200", "bridge=300", "end=500"))
    with pytest.raises(Misused, match=r"section\.which.*from pre to chorus-bridge, or from pre-chorus to bridge"):
        less.span(("pre-chorus-bridge", "pre-chorus-bridge"))


@pytest.mark.parametrize(
    ("written", "lacking"), [("pre-chorus", "pre-chorus"), ("intro-solo", "solo"), ("break-down-outro", "break-down")]
)
def test_what_no_section_is_called_is_asked_for_by_the_name_that_is_lacking(written: str, lacking: str) -> None:
    with pytest.raises(NotFound, match=rf"section\.unknown.*no section {lacking};"):
        PLACES.span((written, written))


def test_without_a_form_there_are_times_and_lines_alone() -> None:
    bare = Places(ROOF, RATE, lyrics=Lyrics(WORDS, SUNG))
    assert bare.span(("0:01", "l2")).end == 210
    assert bare.span(("l6", "l6")).end > 10**12, "after the last line nothing says where it ends"
    for word in ("end", "verse1"):
        with pytest.raises(NotFound, match="no form yet"):
            bare.start(word)
    with pytest.raises(NotFound, match=r"lyrics\.unknown"):
        Places(ROOF, RATE).start("L1")


@pytest.mark.parametrize(
    ("words", "painted"),
    [
        ("0:00=1 0:01=3", {0: 1, 100: 3}),
        ("verse1=1 chorus1=3", {100: 1, 300: 3, 450: None}),
        ("verse1=1 verse2=3", {100: 1, 300: None, 450: 3, 700: None}),
        ("intro=- verse1-verse2=2 outro=1", {0: None, 100: 2, 700: 1, 800: None}),
        ("L1-2=2 L3=7", {110: 2, 210: 7, 320: None}),
        ("L6=4", {380: 4, 800: None}),
        ("0:00=1 chorus1=2 0:05=1", {0: 1, 300: 2, 450: None, 500: 1}),
        ("0:01-0:02=5", {100: 5, 200: None}),
    ],
)
def test_a_section_is_painted_to_its_end_and_a_time_until_the_next(words: str, painted: dict[int, int | None]) -> None:
    assert {span.start: span.take for span in PLACES.painting(words.split())} == painted


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("verse1=1 0:02=3", "comp.order"), ("chorus1=1 verse1=3", "comp.order"), ("L1-5=1 L3=2", "comp.order"),
        ("verse1=0", "comp.span"), ("verse1", "comp.span"), ("mix1=2", "comp.span"), ("verse1=1=2", "comp.span"),
        ("chorus1-verse1=2", "take.span"), ("verse1-=2", "comp.span"),
    ],
)  # fmt: skip
def test_a_painting_that_overlaps_or_says_nothing_is_refused(words: str, rule: str) -> None:
    with pytest.raises(Misused) as refusal:
        PLACES.painting(words.split())
    assert refusal.value.rule == rule


def test_a_note_on_a_mix_names_a_section_where_it_first_sounds() -> None:
    there = edited(formed(), SongEdit("cut", "intro"), SongEdit("moved", "verse2", "verse1"))
    places = Places(ROOF, RATE, there, Lyrics(WORDS, SUNG))
    assert [places.arranged(word) for word in ("verse2", "verse1", "chorus1", "end", "0:01", "L5")] == [
        0, 250, 450, 700, 100, 470,
    ]  # fmt: skip
    with pytest.raises(NotFound, match=r"section\.which.*was cut"):
        places.arranged("intro")


def test_a_stretch_of_an_arranged_song_goes_from_the_first_time_of_one_section_to_that_of_another() -> None:
    there = edited(formed(), SongEdit("cut", "intro"), SongEdit("moved", "verse2", "verse1"))
    places = Places(ROOF, RATE, there, Lyrics(WORDS, SUNG))
    found = [places.arranged_span(words) for words in (("verse1", "chorus1"), ("verse2", "verse2"), ("L5", "L5"))]
    assert [(one.start, one.end) for one in found] == [(250, 600), (0, 250), (470, 530)]
    with pytest.raises(Misused, match="empty"):
        places.arranged_span(("chorus1", "verse2"))


def test_recorded_time_sounds_where_its_sections_do_or_nowhere() -> None:
    there = edited(formed(), SongEdit("cut", "intro"), SongEdit("moved", "verse2", "verse1"))
    assert formed().pieces_of(50, 150) == [ArrangedPiece(50, 50, 150)]
    assert there.pieces_of(250, 500) == [ArrangedPiece(0, 450, 500), ArrangedPiece(400, 250, 450)], (
        "a take over three sections, as heard"
    )
    assert there.pieces_of(20, 80) == [], "the intro was cut"
