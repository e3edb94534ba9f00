"""``part park``, ``part resume`` and ``part parked``, through the command line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"
DOUBT = "quagga doubt"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return open_label(tmp_path, "Drums", "Bass")


def parked(label: Label, *words: str) -> list[tuple[str, str]]:
    return [(row["address"], row["reason"]) for row in label.data("part", "parked", "night-bus", *words)]


def test_a_part_is_parked_once_keeps_its_reason_and_is_resumed(label: Label) -> None:
    label.does("part", "park", DRUMS, "--reason", "tired")
    label.does("part", "park", BASS)
    head = label.head
    assert "is parked already" in label.does("part", "park", DRUMS)
    assert label.head == head
    assert parked(label) == [(DRUMS, "tired"), (BASS, "")]
    label.does("part", "park", DRUMS, "--reason", "another amplifier")
    assert parked(label) == [(DRUMS, "another amplifier"), (BASS, "")]
    label.does("part", "resume", DRUMS)
    assert parked(label) == [(BASS, "")]
    assert "was not parked" in label.does("part", "resume", DRUMS)


def test_a_removed_part_is_not_listed(label: Label) -> None:
    label.does("part", "park", BASS)
    label.does("part", "remove", BASS, "--why", "a slip")
    assert parked(label) == []
    label.refuses(3, "part", "park", BASS, "--reason", "once more")


def test_musicians_and_artists_do_not_see_the_doubt(label: Label) -> None:
    label.does("part", "park", DRUMS, "--reason", DOUBT)
    for person, role in (("mus", "musician"), ("ari", "artist")):
        label.does("user", "add", person, "--role", role)
        for words in (("part", "parked", "night-bus"), ("log", "show"), ("search", "quagga"), ("part", "show", DRUMS)):
            for more in ((), ("--json",)):
                said = label.run(*words, *more, "--as", person)
                assert "quagga" not in said.out + said.err.replace("'quagga'", ""), words
    assert DOUBT in label.does("log", "show")


def test_a_session_of_another_record_is_refused(label: Label) -> None:
    label.does("record", "new", "Ferry", "--artist", "The Ferrymen")
    label.does("resource", "add", "room-a")
    label.does("session", "book", "ferry", "--room", "room-a", "--on", "2027-12-07", "--hours", "10-18")
    assert label.refuses(2, "part", "park", DRUMS, "--session", "ferry/S1").rule == "part.session"
    label.refuses(4, "part", "park", DRUMS, "--session", "night-bus/S1")
