"""A command that names several things is done for all of them or for none; a removed title is free."""

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

DRUMS, FERRY = f"{SONG}/drums", "night-bus/ferry-song"


@pytest.fixture
def two_songs(label: Label) -> Label:
    """A take of the drums of two songs."""
    label.does("song", "add", "night-bus", "Ferry Song")
    label.does("part", "add", FERRY, "Drums")
    for number, song in enumerate((SONG, FERRY), start=1):
        label.does("take", "ingest", f"{song}/drums", note(label.folder / f"{number}.wav", 60.0 * number))
    return label


@pytest.mark.parametrize(
    ("code", "words", "rule"),
    [
        (3, ("part", "add", SONG, "Organ", "Bass", "--player", "Zoe"), "part.differs"),
        (2, ("song", "add", "night-bus", "New Song", ""), "title.empty"),
        (2, ("budget", "set", "night-bus", "studio=100", "two words=5"), "budget.lines"),
        (2, ("budget", "set", "night-bus", "studio=100", "mixing=-5"), "money.amount"),
        (2, ("user", "add", "bo", "--role", "mixer", "--role", "drummer"), "person.role"),
        (2, ("user", "add", "bo", "--role", "mixer", "--limit", "x"), "money.amount"),
        (4, ("song", "order", "night-bus", SONG, "night-bus/nothing"), "address"),
        (4, ("session", "book", "night-bus", "--room", "nowhere", "--on", "2127-01-04", "--hours", "10-18"),
         "resource.unknown"),
    ],
)  # fmt: skip
def test_one_that_cannot_be_done_leaves_the_others_undone(
    two_songs: Label, code: int, words: tuple[str, ...], rule: str
) -> None:
    assert two_songs.refuses(code, *words).rule == rule


@pytest.mark.parametrize("verb", ["approve", "keep", "hold", "reject"])
def test_a_verdict_on_a_take_of_a_removed_part_leaves_the_others_without_one(two_songs: Label, verb: str) -> None:
    two_songs.does("part", "remove", f"{FERRY}/drums")
    assert two_songs.refuses(3, "take", verb, f"{DRUMS}/1", f"{FERRY}/drums/1").rule == "entry.removed"
    assert [row["verdict"] for row in two_songs.data("take", "list", DRUMS)] == [""]


@pytest.mark.parametrize("verb", ["remove", "shelve"])
def test_the_title_of_a_part_that_is_gone_is_free_and_its_address_is_not(two_songs: Label, verb: str) -> None:
    assert two_songs.does("part", "add", SONG, "Drums") == DRUMS, "a living one is the one there is"
    two_songs.does("part", verb, DRUMS)
    assert two_songs.does("part", "add", SONG, "Drums") == f"{DRUMS}-2"
    said = two_songs.refuses(3, "part", "restore", DRUMS)
    assert (said.rule, f"next: takesheet part rename {DRUMS} TITLE" in said.err) == ("entry.exists", True)
    two_songs.does("part", "rename", DRUMS, "Kit")
    two_songs.does("part", "restore", DRUMS)
    assert [row["verdict"] for row in two_songs.data("take", "list", DRUMS)] == [""]


def test_several_takes_approved_again_record_nothing_after_one_of_them_was_rejected(label: Label) -> None:
    files = [note(label.folder / f"again_{number}.wav", 100 + number, seconds=0.4) for number in (1, 2)]
    label.does("take", "ingest", DRUMS, *files)
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("take", "reject", f"{DRUMS}/2")
    both = ("take", "approve", f"{DRUMS}/1", f"{DRUMS}/2")
    label.does(*both)
    head = label.head
    label.does(*both)
    assert label.head == head
    assert [row["sounds"] for row in label.data("take", "list", DRUMS)] == [False, True]
