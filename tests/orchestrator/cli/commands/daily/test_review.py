"""The review prompt, on a real terminal and line by line."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.cli.commands.daily.review import KEYS, PROMPTS
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal
from tests.paths import ROOT


@pytest.fixture
def waiting(label: Label, tmp_path: Path) -> Label:
    """Three takes of drums without a verdict."""
    files = [note(tmp_path / f"{n}.wav", 100.0 * n) for n in (1, 2, 3)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    return label


def verdicts(label: Label) -> list[str]:
    return [row["verdict"] for row in label.data("take", "list", SONG)]


def test_one_key_judges_one_take_and_commits_at_once(waiting: Label) -> None:
    terminal = Terminal(waiting, "review")
    for number, key in enumerate("akr", start=1):
        terminal.sees(f"[{number}/3]")
        terminal.sees("(q)uit ?", times=number)
        terminal.press(key)
    assert terminal.ends() == 0
    assert verdicts(waiting) == ["approved", "kept", "rejected"]


def test_what_was_judged_before_a_kill_stays_judged(waiting: Label) -> None:
    terminal = Terminal(waiting, "review")
    terminal.sees("(q)uit ?")
    terminal.press("a")
    terminal.sees("[2/3]")
    terminal.process.send_signal(signal.SIGKILL)
    assert terminal.ends() == -signal.SIGKILL
    assert verdicts(waiting) == ["approved", "", ""]


def test_enter_and_arrows_answer_nothing_and_back_and_undo_go_back(waiting: Label) -> None:
    terminal = Terminal(waiting, "review")
    terminal.sees("(q)uit ?")
    terminal.press("\r")
    terminal.press("\x1b[A")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("h")
    terminal.sees("[2/3]")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("u")
    terminal.sees("taken back")
    terminal.sees("[1/3]", times=2)
    terminal.sees("(q)uit ?", times=4)
    terminal.press("q")
    assert terminal.ends() == 0
    assert verdicts(waiting) == ["", "", ""]


def test_keys_typed_before_a_question_was_seen_are_no_answer_to_it(waiting: Label) -> None:
    terminal = Terminal(waiting, "review")
    terminal.press("rrr")
    terminal.sees("(q)uit ?")
    terminal.press("q")
    assert terminal.ends() == 0
    assert verdicts(waiting) == ["", "", ""]


def test_who_comes_second_is_told_and_the_review_goes_on_without_deciding_over_the_first(waiting: Label) -> None:
    terminal = Terminal(waiting, "review")
    terminal.sees("(q)uit ?")
    waiting.does("take", "reject", f"{SONG}/drums/1", "--why", "the snare rattles")
    terminal.press("a")
    terminal.sees("decided in the meantime: ")
    terminal.sees("(review.meanwhile)")
    terminal.sees("[2/3]")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("k")
    terminal.sees("[3/3]")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("q")
    assert terminal.ends() == 0
    assert verdicts(waiting) == ["rejected", "kept", ""]


def by_lines(label: Label, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("TAKESHEET_STORE", None)
    command = [sys.executable, "-m", "orchestrator.cli.main", "review", *words]
    return subprocess.run(
        command, cwd=label.folder, env=env, input=text, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_file_of_answers_is_read_line_by_line_to_its_end(waiting: Label) -> None:
    done = by_lines(waiting, "a\nn so soft\ns\n")
    assert done.returncode == 0, done.stderr
    assert "1 decided · 2 pending" in done.stderr
    assert verdicts(waiting) == ["approved", "", ""]
    assert [row["kind"] for row in waiting.data("search", "soft")] == ["note-added"]


def test_what_is_left_undecided_can_be_a_failure(waiting: Label) -> None:
    assert by_lines(waiting, "a\n", "--fail-on-pending").returncode == 7


def test_where_nobody_can_be_asked_what_waits_is_listed(waiting: Label) -> None:
    said = waiting.run("review", "--no-input")
    assert said.code == 8
    assert len(said.out.splitlines()) == 3


def test_a_prompt_names_its_keys_within_eighty_cells_and_a_wrong_key_is_answered(waiting: Label) -> None:
    terminal = Terminal(waiting, "review")
    terminal.sees("(k)eep")
    terminal.press("z")
    terminal.sees("there is no such key")
    terminal.sees("(k)eep", times=2)  # keys typed before a question appears do not answer it
    terminal.press("q")
    assert terminal.ends() == 0
    assert all(
        len(f"{words} ") <= 80 and set(re.findall(r"\((.)\)", words)) <= KEYS.keys() for words in PROMPTS.values()
    )
