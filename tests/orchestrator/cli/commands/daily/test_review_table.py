"""Review by a table: written, answered in another program, and carried out all or nothing."""

import csv
import re
import subprocess
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note


@pytest.fixture
def judging(label: Label) -> Label:
    """Three takes of drums, and a producer."""
    label.does("user", "add", "Pat", "--role", "producer")
    label.does("user", "add", "Ann", "--role", "artist")
    for number in (1, 2, 3):
        label.does("take", "ingest", f"{SONG}/drums", note(label.folder / f"{number}.wav", 100.0 * number))
    return label


def answered(file: Path, *answers: tuple[str, str]) -> Path:
    """The table in *file* with an answer and a rating in each of its first lines; itself, written anew."""
    with file.open(newline="", encoding="utf-8") as text:
        heading, *rows = csv.reader(text)
    for row, said in zip(rows, answers, strict=False):
        row[:2] = said
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([heading, *rows])
    return file


def exported(label: Label, *answers: tuple[str, str], target: str = "night-bus") -> Path:
    file = label.folder / "review.csv"
    file.unlink(missing_ok=True)
    label.does("review", target, "--export", file)
    return answered(file, *answers)


def verdicts(label: Label) -> list[str]:
    return [row["verdict"] for row in label.data("take", "list", SONG)]


def test_answers_of_a_table_are_recorded_together_and_the_same_table_again_changes_nothing(judging: Label) -> None:
    file = exported(judging, ("approved", "3"), ("k", ""), ("", "1"))
    assert judging.data("review", "--apply", file, "--as", "pat") == {"answered": 3, "recorded": 4}
    assert verdicts(judging) == ["approved", "kept", ""]
    assert [row["moved"] for row in judging.data("take", "list", SONG)] == ["3 by pat", "", "1 by pat"]
    assert len({row["time"] for row in judging.data("log", "show", "--limit", "4")}) == 1
    assert judging.refuses(5, "review", "--apply", file, "--as", "pat").rule == "review.lines"


def test_an_existing_file_is_kept_and_a_blind_or_a_double_table_is_none(judging: Label) -> None:
    file = exported(judging)
    assert judging.refuses(3, "review", "--export", file).rule == "file.exists"
    for words in (("--export", "x.csv", "--blind"), ("--export", "x.csv", "--apply", file), ("drums", "--apply", file)):
        assert judging.refuses(2, "review", *words).rule == "review.table"
    assert judging.refuses(4, "review", "--apply", "none.csv").rule == "file.missing"


def test_one_line_that_cannot_be_followed_stops_all_and_every_one_is_told(judging: Label) -> None:
    file = exported(judging, ("approved", ""), ("perhaps", ""), ("v", ""))
    with file.open("a", encoding="utf-8") as text:
        text.write(
            f"k,,{SONG}/drums/1,,,,{'0' * 64},1\nk,,{SONG}/tuba/1,,,,{'0' * 64},1\nk,,{SONG}/drums/9,,,,{'0' * 64},1\n"
        )
    said = judging.refuses(2, "review", "--apply", file, "--as", "pat")
    assert said.rule == "review.lines"
    told = [line.split(":")[0].strip() for line in said.err.splitlines() if line.startswith("  line ")]
    assert told == ["line 3", "line 4", "line 5", "line 6", "line 7"]
    rows = judging.run("review", "--apply", file, "--as", "pat", "--json").json["data"]
    assert [row["line"] for row in rows] == [3, 4, 5, 6, 7]
    assert verdicts(judging) == ["", "", ""]


def test_an_item_that_somebody_judged_since_the_table_was_written_stops_all(judging: Label) -> None:
    file = exported(judging, ("approved", ""), ("kept", ""))
    judging.does("take", "reject", f"{SONG}/drums/2")
    said = judging.refuses(5, "review", "--apply", file, "--as", "pat")
    assert "  line 3: " in said.err
    assert "decided in the meantime" in said.err
    assert verdicts(judging) == ["", "rejected", ""]


def test_who_may_not_judge_records_nothing(judging: Label) -> None:
    file = exported(judging, ("approved", ""))
    assert judging.refuses(3, "review", "--apply", file, "--as", "ann").rule == "person.role"


def test_a_table_of_takes_a_mix_and_a_master_is_one_append_and_names_what_changed(released: Label) -> None:
    released.does("mix", "revise", SONG, released.mix_recipe("drums", "bass"))
    released.does("take", "ingest", f"{SONG}/drums", note(released.folder / "new.wav", 99.0), "--pass", "7")
    released.does("master", "plan", "night-bus", "--target", "streaming", "--lufs", "-20")
    released.renders()
    file = exported(released, ("k", ""), ("h", ""), ("v", "2"), ("r", ""))
    named = [line.split(",")[2] for line in file.read_text().splitlines()[1:]]
    assert named == [f"{SONG}/drums/1", f"{SONG}/drums/3", f"{SONG}@mix2", "night-bus@master2"]
    assert released.data("review", "--apply", file, "--as", "pat", "--fail-on-pending") == {
        "answered": 4,
        "recorded": 5,
    }
    assert released.data("review") == []
    text = file.read_text().splitlines()
    text[3] = re.sub("[0-9a-f]{64}", "0" * 64, text[3])
    file.write_text("\n".join(text))
    said = released.refuses(5, "review", "--apply", file, "--as", "pat")
    assert "line 4: " in said.err
    assert "(review.changed)" in said.err


def test_a_mix_with_open_notes_is_approved_by_hand_alone(released: Label) -> None:
    released.does("mix", "revise", SONG, released.mix_recipe("drums", "bass"))
    released.renders()
    released.does("note", f"{SONG}@mix2", "more snare")
    said = released.refuses(3, "review", "--apply", exported(released, ("a", ""), target=f"{SONG}@mix2"), "--as", "pat")
    assert "(mix.open_notes)" in said.err


def test_a_table_comes_through_a_pipe_and_what_is_left_can_be_a_failure(judging: Label) -> None:
    file = exported(judging, ("r", ""))
    process = judging.begin("review", "--apply", "-", "--fail-on-pending", "--as", "pat", stdin=subprocess.PIPE)
    out, err = process.communicate(file.read_text(), timeout=60)
    assert (process.returncode, out) == (7, "1 answered · 1 recorded\n"), err
    assert verdicts(judging) == ["rejected", "", ""]


def test_hostile_words_are_no_formula_in_the_table(judging: Label) -> None:
    part = judging.does("part", "add", SONG, "=HYPERLINK(1)", "--player", "+cmd|' /C calc'!A0").splitlines()[0]
    judging.does("take", "ingest", part, note(judging.folder / "x.wav", 70.0))
    with exported(judging).open(newline="", encoding="utf-8") as text:
        cells = [cell for row in csv.reader(text) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
