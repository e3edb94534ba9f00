"""The goal of a session, through the command line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label

S1 = "night-bus/S1"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = open_label(tmp_path, "Drums")
    label.does("resource", "add", "room-a")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-12-07", "--hours", "10-18")
    return label


def test_the_goal_that_was_set_last_is_shown_until_it_is_taken_away(label: Label) -> None:
    assert label.data("session", "goal", S1) == {"session": S1, "goal": ""}
    label.does("session", "goal", S1, "four keepers and a laugh")
    label.does("session", "goal", S1, "  two keepers ")
    head = label.head
    assert "it is so already" in label.run("session", "goal", S1, "two keepers").err
    assert label.does("session", "goal", S1) == "two keepers"
    assert label.head == head
    label.does("session", "goal", S1, "")
    assert label.data("session", "goal", S1)["goal"] == ""


@pytest.mark.parametrize("goal", ["x" * 201, "two\nlines", "bell\x07"])
def test_a_goal_is_one_line(label: Label, goal: str) -> None:
    assert label.refuses(2, "session", "goal", S1, goal).rule == "session.goal"


def test_an_engineer_may_set_it_and_a_musician_reads_it(label: Label) -> None:
    for person, role in (("lou", "engineer"), ("mus", "musician")):
        label.does("user", "add", person, "--role", role)
    label.does("session", "goal", S1, "fun", "--as", "lou")
    assert label.does("session", "goal", S1, "--as", "mus") == "fun"
    assert label.refuses(3, "session", "goal", S1, "mine", "--as", "mus").rule == "person.role"


def test_a_session_that_is_removed_has_no_new_goal(label: Label) -> None:
    label.does("session", "remove", S1, "--why", "a slip")
    label.refuses(3, "session", "goal", S1, "fun")
