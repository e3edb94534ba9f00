"""Texts that are kept for ever have a maximum length; a refusal names both numbers."""

from pathlib import Path

import pytest

from domain.core.refusal import Misused
from domain.label.notes import NoteAdded
from orchestrator.desk.takes.takes import judge_takes
from orchestrator.log.append_condition import Draft
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

HUGE = "x" * 50_000_000
LONG = "x" * 10_001


def test_a_reason_of_fifty_megabytes_is_refused_with_its_numbers_and_nothing_is_taken_in(
    label: Label, tmp_path: Path
) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "a.wav"))
    said = label.refuses(2, "take", "approve", f"{SONG}/drums/1", "--why", HUGE)
    assert said.rule == "text.long"
    assert "50,000,000 characters; at most 10,000 are kept" in said.err
    assert len(said.err) < 400
    label.does("take", "approve", f"{SONG}/drums/1", "--why", LONG[1:])


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("note", SONG, LONG), "text has 10,001 characters; at most 4,000"),
        (("note", SONG, "hm", "--as", "x" * 201), "201 characters; at most 200"),
        (("song", "add", "night-bus", LONG), "title has 10,001 characters; at most 500"),
        (("part", "add", SONG, "Tuba", "--instrument", "x" * 1001), "instrument has 1,001 characters; at most 1,000"),
        (("mix", "revise", SONG, "mix.toml", "--why", LONG), "10,001 characters; at most 10,000"),
        (("budget", "spend", "night-bus", "studio", "6", "--payee", "x" * 1001, "--invoice", "1"), "at most 1,000"),
        (("budget", "spend", "night-bus", "studio", "6", "--payee", "a", "--invoice", "x" * 201), "at most 200"),
    ],
)
def test_a_text_beyond_its_limit_is_refused_with_both_numbers(
    label: Label, words: tuple[str, ...], numbers: str
) -> None:
    label.mix_recipe("drums")
    label.does("budget", "set", "night-bus", "studio=100")
    said = label.refuses(2, *words)
    assert said.rule == "text.long"
    assert numbers in said.err


def test_a_reason_that_comes_another_way_than_the_command_line_is_refused_too(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "a.wav"))
    with Studio.at(str(label.folder)) as studio:
        head = studio.head()
        with pytest.raises(Misused, match=r"text\.long"):
            judge_takes(studio, [f"{SONG}/drums/1"], "approved", why=LONG)
        assert studio.head() == head


def test_what_was_recorded_before_there_were_limits_is_read_as_it_stands(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        event = NoteAdded(record="night-bus", target="night-bus", text="hm", by="pat")
        studio.log.append([Draft(event=event, actor="pat", via="pat@here", why=LONG)])
    assert label.run("log", "verify").code == 0
    assert LONG in label.does("log", "show", "--json")
