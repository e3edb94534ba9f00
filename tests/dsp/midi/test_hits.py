"""The notes of each instrument, and remarks on the others."""

from dsp.midi.file import parse
from dsp.midi.hits import hits, notes_for, remarks
from tests.dsp.midi.performances import events, performance, raw

WHOLE_BAND = raw(
    events((0, [0x90, 60, 90]), (480, [0x80, 60, 0])),
    events((0, [0x99, 36, 90]), (10, [0x89, 36, 0]), (10, [0x99, 87, 90]), (10, [0x89, 87, 0])),
)


def test_channel_ten_is_the_drums_and_the_rest_is_not() -> None:
    score = parse(WHOLE_BAND)
    assert [note.key for note in notes_for(score, "drums")] == [36, 87]
    assert [note.key for note in notes_for(score, "keys")] == [60]
    assert list(remarks(score, "keys")) == ["2 notes on channel 10, the drums' own, are left to another part"]
    assert list(remarks(score, "drums")) == [
        "1 notes on other channels than 10 are left to another part",
        "the kit has nothing on key 87: 1 notes are not played",
    ]
    assert [hit.key for hit in hits(score, "drums", 48_000)] == [36]


def test_a_drummer_who_plays_on_another_channel_is_heard() -> None:
    assert [hit.key for hit in hits(parse(performance([(0, 1, 38, 90)], channel=3)), "drums", 48_000)] == [38]


def test_what_is_out_of_range_stuck_or_bent_is_told() -> None:
    track = events((0, [0x90, 12, 90]), (0, [0x90, 100, 90]), (0, [0xE0, 0, 0]), (480, [0x80, 12, 0]))
    assert list(remarks(parse(raw(track)), "bass")) == [
        "2 notes are outside the range of bass (23 to 67): key 12, 100",
        "1 notes are stuck: nobody lets them go, so they end with the file",
        "1 pitch bends are not played",
    ]


def test_of_a_clean_take_there_is_nothing_to_say() -> None:
    assert list(remarks(parse(performance([(0, 1, 60, 90)])), "keys")) == []
