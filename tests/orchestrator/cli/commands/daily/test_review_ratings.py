"""How much a take, a mix or a master moves somebody: keyed in review, listed for the team, and taken back."""

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal, answer_lines


@pytest.fixture
def judging(label: Label) -> Label:
    """Two takes of drums, a producer and an artist."""
    label.does("user", "add", "Pat", "--role", "producer")
    label.does("user", "add", "Ann", "--role", "artist")
    for number in (1, 2):
        label.does("take", "ingest", f"{SONG}/drums", note(label.folder / f"{number}.wav", 100.0 * number))
    return label


def moved(label: Label, *words: str) -> list[str]:
    return [row["moved"] for row in label.data("take", "list", SONG, *words)]


def test_m_and_a_digit_rate_at_once_and_stay_and_are_listed_with_the_take(judging: Label) -> None:
    terminal = Terminal(judging, "review", "--as", "pat")
    terminal.sees("(q)uit ?")
    terminal.press("m")
    terminal.sees("moved, from 0 to 3? ")
    terminal.press("3")
    terminal.sees("  moved 3")
    terminal.process.kill()
    terminal.ends()
    assert moved(judging) == ["3 by pat", ""]
    assert "moved" in judging.does("take", "list", SONG).splitlines()[0]
    assert judging.data("take", "show", f"{SONG}/drums/1")["moved"] == "3 by pat"
    assert "· moves 3 of 3 by pat, " in judging.does("why", f"{SONG}/drums/1")
    again = answer_lines(judging, "q\n", "review", "--as", "pat").err
    assert again.startswith("[1/2] Night Bus · Tin Roof · Drums · take 1 · 0:00.25 · moved 3 by pat · ")


def test_a_rating_comes_before_the_numbers_and_can_be_taken_back(judging: Label) -> None:
    said = answer_lines(judging, "m 2\nm 4\nm\nx\ni\nm 3\nu\ns\nm 1\nq\n", "review", "--as", "pat").err
    assert said.count("not rated") == 2
    assert "refused (rating.numbers)" in said
    assert "taken back: night-bus/tin-roof/drums/1 moves 2 of 3" in said
    assert "0 decided · 2 pending" in said
    assert moved(judging) == ["", "1 by pat"]


def test_the_undo_of_a_rating_leaves_the_verdict_decided(judging: Label) -> None:
    said = answer_lines(judging, "k\nb\nm 2\nu\nU\nq\n", "review", "--as", "pat").err
    assert "brought back: night-bus/tin-roof/drums/1 moves 2 of 3" in said
    assert "1 decided · 1 pending" in said
    assert moved(judging) == ["2 by pat", ""]


def test_no_artist_sees_a_rating(judging: Label) -> None:
    answer_lines(judging, "m 0\nq\n", "review", "--as", "pat")
    assert moved(judging) == ["0 by pat", ""]
    for words in (
        ("take", "list", SONG), ("take", "show", f"{SONG}/drums/1"), ("why", f"{SONG}/drums/1"), ("log", "show"),
    ):  # fmt: skip
        said = judging.does(*words, "--view-as", "ann")
        assert "moves 0" not in said, words
        assert "0 by pat" not in said, words


def test_a_robot_and_an_artist_rate_nothing(judging: Label) -> None:
    said = answer_lines(judging, "m 2\nq\n", "review", "--as", "ann").err
    assert "refused (person.role)" in said
    assert moved(judging) == ["", ""]


def test_a_mix_and_a_master_are_rated_on_their_output(released: Label) -> None:
    released.does("mix", "revise", SONG, released.mix_recipe("drums", "bass"))
    released.does("master", "plan", "night-bus", "--target", "streaming", "--lufs", "-20")
    released.renders()
    answer_lines(released, "m 3\nq\n", "review", f"{SONG}@mix2", "--as", "pat")
    answer_lines(released, "m 1\nq\n", "review", "night-bus@master2", "--as", "pat")
    assert released.data("mix", "show", f"{SONG}@mix2")["moved"] == "3 by pat"
    assert [row["moved"] for row in released.data("master", "list", "night-bus")] == ["", "1 by pat"]
    assert "moves 3 of 3 by pat" in released.does("why", f"{SONG}@mix2")
    assert "moves 1 of 3 by pat" in released.does("why", "night-bus@master2")
