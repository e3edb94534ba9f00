"""The review prompt, on a real terminal and line by line."""

import re
import signal
import subprocess
from pathlib import Path

import pytest

from orchestrator.cli.commands.daily.review import KEYS, PROMPTS
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal, answer_lines
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


def test_a_file_of_answers_is_read_line_by_line_to_its_end(waiting: Label) -> None:
    done = answer_lines(waiting, "a\nn so soft\ns\n", "review")
    assert done.code == 0, done.err
    assert "1 decided · 2 pending" in done.err
    assert verdicts(waiting) == ["approved", "", ""]
    assert [row["kind"] for row in waiting.data("search", "soft")] == ["note-added"]


def test_the_page_about_review_has_every_key() -> None:
    page = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.`(?:, `.`)*) \|", page, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(.)`", row)} == {*KEYS, "?"}


def test_what_is_left_undecided_can_be_a_failure(waiting: Label) -> None:
    assert answer_lines(waiting, "a\n", "review", "--fail-on-pending").code == 7


def test_where_nobody_can_be_asked_what_waits_is_listed(waiting: Label) -> None:
    said = waiting.run("review", "--no-input")
    assert said.code == 8
    assert len(said.out.splitlines()) == 3


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        ((), 8, "input.needed"), (("--plain",), 8, "input.needed"), (("--fail-on-pending",), 7, "decisions.pending"),
        (("--no-input", "--fail-on-pending"), 7, "decisions.pending"),
    ],
)  # fmt: skip
def test_a_pipe_answers_nothing_what_is_ready_is_listed_at_once(
    waiting: Label, words: tuple[str, ...], code: int, rule: str
) -> None:
    head = waiting.head
    process = waiting.begin("review", *words, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write("a\na\na\n")  # and the pipe stays open: whoever reads it to its end hangs
    process.stdin.flush()
    assert process.wait(timeout=60) == code
    assert process.stdout is not None
    assert process.stderr is not None
    assert len(process.stdout.read().splitlines()) == 3
    assert f"({rule})" in process.stderr.read()
    process.stdin = None  # closed by nobody else: the process has ended
    assert waiting.head == head


def test_json_is_one_object_also_where_nobody_can_be_asked(waiting: Label) -> None:
    assert len(waiting.data("review")) == 3
    said = waiting.run("review", "--json", "--no-input")
    assert (said.code, said.json["ok"], len(said.json["data"])) == (8, False, 3)
    said = waiting.run("review", "--json", "--fail-on-pending")
    assert (said.code, said.json["rule"], len(said.json["data"])) == (7, "decisions.pending", 3)


def test_without_anything_to_judge_a_pipe_ends_well(label: Label) -> None:
    assert label.apart("review", "--fail-on-pending").code == 0


def test_in_plain_mode_an_item_is_one_line_and_i_tells_the_rest(waiting: Label) -> None:
    waiting.does("brief", "night-bus", "--intent", "the last bus home")
    waiting.does("note", f"{SONG}/drums/1", "so soft")
    said = answer_lines(waiting, "s\ni\nb\ni\nq\n", "review").err
    first = "[1/3] Night Bus · Tin Roof · Drums · take 1 · 0:00.25 · 1 note · new take, drums has none"
    assert said.splitlines()[:2] == [first, PROMPTS["take"]]
    assert said.count("the last bus home") == 2
    assert said.count("so soft") == 1


def test_a_burst_of_lines_answers_one_question_alone(waiting: Label) -> None:
    terminal = Terminal(waiting, "review", "--plain")
    terminal.press("r\nr\nr\n")
    terminal.sees("(q)uit ?")
    terminal.press("k\nr\nr\n")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("q\n")
    assert terminal.ends() == 0
    assert verdicts(waiting) == ["kept", "", ""]


@pytest.mark.parametrize(("key", "word", "told"), [
    ("a", "approved", "approved"), ("k", "kept", "keeper"), ("h", "held", "held for later"),
    ("r", "rejected", "not this one"),
])  # fmt: skip
def test_what_was_told_as_done_outlives_a_kill_at_any_key(waiting: Label, key: str, word: str, told: str) -> None:
    terminal = Terminal(waiting, "review")
    terminal.sees("(q)uit ?")
    terminal.press(key)
    terminal.sees(f"  {told}")
    terminal.process.send_signal(signal.SIGKILL)
    assert terminal.ends() == -signal.SIGKILL
    assert verdicts(waiting) == [word, "", ""]


def test_redo_goes_on_behind_what_it_brought_back_and_only_right_after_an_undo(waiting: Label) -> None:
    said = answer_lines(waiting, "U\nr\nu\nU\nk\nU\nq\n", "review").err
    assert said.count("nothing that you took back is left to bring back here") == 2
    assert said.count("taken back: ") == said.count("brought back: ") == 1
    assert "2 decided · 1 pending" in said
    assert verdicts(waiting) == ["rejected", "kept", ""]


def test_a_number_goes_to_its_item_and_another_number_nowhere(waiting: Label) -> None:
    said = answer_lines(waiting, "g 3\nk\ng 0\ng 4\ng x\ng\n2\nq\n", "review").err
    assert [line[:5] for line in said.splitlines() if line.startswith("[")] == ["[1/3]", "[3/3]"]
    assert verdicts(waiting) == ["", "", "kept"]


def test_words_limit_the_walk_to_a_part_a_kind_a_song_or_a_player(label: Label) -> None:
    song = label.does("song", "add", "night-bus", "Ferry")
    label.does("part", "add", song, "Bass", "--player", "Ann Lee")
    label.does("take", "ingest", f"{song}/bass", note(label.folder / "bass.wav", 80.0))
    for number in (1, 2):
        label.does("take", "ingest", f"{SONG}/drums", note(label.folder / f"{number}.wav", 100.0 * number))
    said = answer_lines(label, "/ann lee\n/ DRUMS take\n/tuba\n/ferry\n/\nq\n", "review").err
    shown = [line.split(" · ")[0] for line in said.splitlines() if line.startswith("[")]
    assert shown == [
        "[1/3] Night Bus", "[1/1; only ann lee] Night Bus", "[1/2; only DRUMS take] Night Bus",
        "[1/1; only ferry] Night Bus",
    ]  # fmt: skip
    assert "nothing fits 'tuba'; the list is as it was" in said
    assert "0 decided · 3 pending" in said, "what does not fit is pending, too"


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": "xterm-256color", "NO_COLOR": "1"}])
def test_no_escape_byte_is_sent_to_a_dumb_terminal_or_without_colours(waiting: Label, env: dict[str, str]) -> None:
    terminal = Terminal(waiting, "review", env=env)
    for number, key in enumerate("?zks", start=1):
        terminal.sees("(q)uit ?", times=number)
        terminal.press(key)
    terminal.sees("(q)uit ?", times=5)
    terminal.press("q")
    assert terminal.ends() == 0
    assert "\x1b" not in terminal.seen


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
