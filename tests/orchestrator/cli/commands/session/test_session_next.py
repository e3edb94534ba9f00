"""``session next`` and ``session moment``, through the command line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label

S1, DRUMS, BASS, KEYS = "night-bus/S1", f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/keys"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = open_label(tmp_path, "Drums", "Bass", "Keys")
    label.does("resource", "add", "room-a")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-12-07", "--hours", "10-18")
    return label


def opened(label: Label, *parts: str) -> list[str]:
    return list(label.data("session", "next", S1, *parts)["parts"])


def test_parts_are_opened_in_their_order_and_parked_ones_are_passed_over_until_they_are_named(label: Label) -> None:
    label.does("song", "describe", SONG, "--key", "Am")
    said = label.run("session", "next", S1)
    assert said.out.splitlines() == ["Drums · take 1", "Tin Roof: A minor"]
    label.does("part", "park", BASS, "--session", S1, "--reason", "quagga doubt")
    said = label.run("session", "next", S1)
    assert said.out.splitlines()[0] == "Keys · take 1"
    assert "parked: Bass (Tin Roof)" in said.err
    assert "quagga" not in said.err + said.out
    assert opened(label, BASS) == [BASS]
    assert label.data("part", "parked", "night-bus") == []
    head = label.head
    assert opened(label, BASS) == [BASS]
    assert label.head == head


def test_parts_of_two_songs_and_sessions_that_do_not_take_place_are_refused(label: Label) -> None:
    label.does("song", "add", "night-bus", "Ferry")
    label.does("part", "add", "night-bus/ferry", "Drums")
    assert label.run("session", "next", S1, DRUMS, "night-bus/ferry/drums").rule == "session.parts"
    label.does("session", "cancel", S1)
    assert label.run("session", "next", S1).rule == "session.cancelled"


def test_the_room_sees_the_goal_and_a_moment_is_kept(label: Label) -> None:
    label.does("session", "goal", S1, "four keepers")
    label.does("session", "next", S1)
    label.does("session", "moment", S1, "the laugh")
    assert label.data("session", "run", S1, "--view", "room")["goal"] == "four keepers"
    assert "the laugh" in label.does("log", "show")
