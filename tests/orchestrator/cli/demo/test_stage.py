import io
from pathlib import Path

import pytest

from orchestrator.cli.demo.stage import Shortened, Stage, Stopped


def shortened(text: str, most: int, *, whole: bool = False) -> str:
    out = io.StringIO()
    short = Shortened(out, most)
    print(text, file=short)
    short.end(whole=whole)
    return out.getvalue()


def test_of_a_long_answer_the_first_lines_and_the_last_are_shown_and_the_rest_is_counted() -> None:
    assert shortened("a\nb\nc\nd\ne", 2) == "a\nb\n  ... (2 lines left out)\ne\n"
    assert shortened("a\nb\nc\nd", 2) == "a\nb\n  ... (1 line left out)\nd\n"


def test_a_short_answer_is_shown_as_it_is() -> None:
    assert shortened("a\nb", 2) == "a\nb\n"
    assert shortened("a\nb\nc", 2) == "a\nb\nc\n"


def test_nothing_is_left_out_of_what_went_wrong() -> None:
    assert shortened("a\nb\nc\nd", 1, whole=True) == "a\nb\nc\nd\n"


def test_a_command_that_leaves_with_another_code_stops_the_play_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    with pytest.raises(Stopped, match="`takesheet board` left with 4, 0 was expected") as stopped:
        Stage(out).type("takesheet board", most=0)
    assert stopped.value.code == 4
    assert "store.missing" in out.getvalue()


def test_a_refusal_that_is_part_of_the_play_is_shown_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    Stage(out).type("takesheet board", expect=4)
    assert out.getvalue().startswith("$ takesheet board\n")
    assert out.getvalue().endswith("  (exit 4)\n")


def test_a_command_that_should_be_refused_and_is_not_stops_the_play_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stopped) as stopped:
        Stage(io.StringIO()).type('takesheet init --label "Öl & Söhne"', expect=3)
    assert stopped.value.code == 1


def test_what_a_command_prints_goes_into_the_file_behind_the_arrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stage = Stage(io.StringIO())
    stage.type("takesheet init --label Harbour")
    stage.type("takesheet user list > people.txt")
    assert Path("people.txt").read_text().startswith("person")
