"""A blind review: nothing names what is heard, and its order can be repeated."""

import re
import subprocess

import pytest

from domain.status.review_items import QueueItem
from orchestrator.cli.commands.daily.blind_words import BlindWords
from orchestrator.desk.review.review import Question
from tests.orchestrator.key_sessions import check_lines
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal, answer_lines

NAMED = re.compile(r"drums/\d|take \d|pass \d|Ann Lee|0:0\d\.|held|rejected|keeper|by pat|@mix|@master")
"""Words that tell which take is heard, or what was said of it."""


@pytest.fixture
def judging(label: Label) -> Label:
    """Three takes of a player on two passes, of which one is held and one was rated."""
    label.does("user", "add", "Pat", "--role", "producer")
    label.does("part", "add", SONG, "Shaker", "--player", "Ann Lee")
    for number in (1, 2, 3):
        file = note(label.folder / f"{number}.wav", 100.0 * number)
        label.does("take", "ingest", f"{SONG}/shaker", file, "--pass", number)
    answer_lines(label, "m 3\nh\nq\n", "review", "--as", "pat")
    return label


def test_nothing_names_what_is_heard_until_the_end(judging: Label) -> None:
    keys = "?\ni\nd\n/ann\n/shaker\nc\nm 2\nr\nb\nu\nU\nk\nw\n"
    said = answer_lines(judging, keys, "review", "--blind", "--seed", "7", "--as", "pat").err
    shown, end = said.split("heard blind, in the order of seed 7; --blind --seed 7 repeats it\n")
    told = [
        line for line in shown.splitlines() if not re.match(r"  .  [a-z]|\(a\)pprove", line)
    ]  # neither ? nor prompts
    assert [line for line in told if NAMED.search(line)] == ["  keeper"], "the answer to k"
    assert "  approved with its whole pass" in told
    assert "[1/3] Night Bus · Tin Roof · Shaker\n" in shown
    assert "the numbers are hidden in a blind review" in shown
    assert "no day is confirmed in a blind review" in shown
    assert "nothing fits 'ann'" in shown
    assert re.search(rf"^  \d  {SONG}/shaker/\d: ", end, re.MULTILINE)


def test_the_seed_repeats_the_order_and_the_rating_keeps_it(judging: Label) -> None:
    order = []
    for _ in range(2):
        said = answer_lines(judging, "m 1\ns\nm 1\ns\nm 1\nq\n", "review", "--blind", "--seed", "11", "--as", "pat").err
        order.append(re.findall(rf"^  \d  ({SONG}/shaker/\d): moved 1$", said, re.MULTILINE))
    assert len(order[0]) == 3
    assert order[0] == order[1]
    rated = [row for row in judging.data("log", "show") if row["kind"] == "sound-rated"]
    assert len(rated) == 4, "the same rating in the same order again is no event"
    assert [row["moved"] for row in judging.data("take", "list", SONG) if row["take"].startswith(f"{SONG}/shaker")] == [
        "1 by pat (blind)"
    ] * 3


def test_a_key_that_records_nothing_has_no_words_and_leaves_nothing_for_the_end() -> None:
    words = BlindWords(7)
    question = Question(QueueItem("take", f"{SONG}/drums/1", ""), 1, 1, "Drums", "", 1)
    assert words.result(question, []) == []
    assert words.end() == ["heard blind, in the order of seed 7; --blind --seed 7 repeats it"]


def test_without_a_seed_one_is_drawn_and_told(judging: Label) -> None:
    said = answer_lines(judging, "q\n", "review", "--blind", "--as", "pat").err
    assert re.search(r"heard blind, in the order of seed \d{1,6}; ", said)


def test_what_plays_and_what_it_is_compared_with_has_no_name(judging: Label) -> None:
    judging.does("take", "approve", f"{SONG}/shaker/2", "--as", "pat")
    player = RecordingPlayer.of(judging)
    terminal = Terminal(judging, "review", "--blind", "--as", "pat")
    terminal.sees("(q)uit ?")
    terminal.press("p")
    terminal.sees("  item 1")
    player.waits_for(1)
    terminal.press("q")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("c")
    terminal.sees("hear that one")
    assert "  1  another one: " in terminal.seen
    assert "  2  this one: " in terminal.seen
    terminal.press("q")
    terminal.sees("(q)uit ?", times=4)
    terminal.press("q")
    assert terminal.ends() == 0
    check_lines(terminal.seen, 80)
    assert not NAMED.search(terminal.seen.replace("(k)eep", ""))


def test_who_comes_second_to_a_blind_review_is_told_without_a_name(judging: Label) -> None:
    terminal = Terminal(judging, "review", "--blind", "--as", "pat")
    terminal.sees("(q)uit ?")
    for number in (1, 2, 3):
        judging.does("take", "reject", f"{SONG}/shaker/{number}")
    terminal.press("a")
    terminal.sees("somebody decided in the meantime; nothing was recorded over it (review.meanwhile)")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("q")
    assert terminal.ends() == 0
    assert "shaker/" not in terminal.seen


def test_a_list_is_not_blind_and_a_seed_alone_is_none(judging: Label) -> None:
    assert judging.refuses(2, "review", "--blind", "--as-of", "3").rule == "review.blind"
    assert judging.run("review", "--blind", "--json").json["rule"] == "review.blind"
    assert judging.refuses(2, "review", "--seed", "7").rule == "review.seed"
    process = judging.begin("review", "--blind", stdin=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (8, "")
    assert "waiting for a verdict: 2" in err
