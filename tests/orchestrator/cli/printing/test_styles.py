"""Colour on a terminal: statuses, refusals and what is for the user; none where it does not belong."""

import json

import pytest

from orchestrator.cli.printing.fitting import fit_table
from orchestrator.cli.printing.styles import STATUSES, STYLES, painted, paints_of, status_style
from orchestrator.cli.printing.table import columns_of
from tests.orchestrator.cli.printing.test_fitting import ESCAPE, seen
from tests.orchestrator.desk.addressing.test_times import CALLS
from tests.orchestrator.desk.addressing.test_times import lived as lived_label
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

lived = lived_label
COLOURED = {"TERM": "xterm-256color", "NO_COLOR": "", "CLICOLOR": "", "CLICOLOR_FORCE": ""}
WITHOUT = {
    "NO_COLOR": {"NO_COLOR": "1"}, "NO_COLOR before CLICOLOR_FORCE": {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"},
    "dumb": {"TERM": "dumb"}, "CLICOLOR": {"CLICOLOR": "0"},
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A store with an approved and a rejected take, and one without a verdict."""
    label = Label(tmp_path_factory.mktemp("judged"))
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    label.does("part", "add", SONG, "Drums")
    for number in (1, 2, 3):
        label.does("take", "ingest", f"{SONG}/drums", note(label.folder / f"drums_{number}.wav", 50 + number))
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("take", "reject", f"{SONG}/drums/2")
    return label


def shown(label: Label, *words: str, **env: str) -> str:
    """The text that a command writes to its terminal."""
    terminal = Terminal(label, *words, env={**COLOURED, **env})
    terminal.sees_the_end()
    terminal.ends()
    return terminal.seen


def test_statuses_are_coloured_on_a_terminal(judged: Label) -> None:
    text = shown(judged, "take", "list", "night-bus")
    assert painted("approved", "good") in text
    assert painted("rejected", "bad") in text
    assert len(ESCAPE.findall(text)) == 4


def test_a_refusal_is_coloured_and_its_next_step_is_not(judged: Label) -> None:
    text = shown(judged, "take", "approve", f"{SONG}/drums/9")
    assert f"{painted('error (take.unknown):', 'refusal')} {SONG}/drums has no take 9\r\n  next: takesheet" in text
    assert len(ESCAPE.findall(text)) == 2


def test_what_is_for_me_stands_out_in_next(judged: Label) -> None:
    text = shown(judged, "next")
    assert painted(f"takesheet review {SONG}/drums/3", "mine") in text.splitlines()[1]


@pytest.mark.parametrize("env", WITHOUT.values(), ids=WITHOUT)
@pytest.mark.parametrize("words", [("take", "list", "night-bus"), ("take", "approve", f"{SONG}/drums/9"), ("next",)])
def test_there_is_no_colour_where_it_is_switched_off(
    judged: Label, env: dict[str, str], words: tuple[str, ...]
) -> None:
    text = shown(judged, *words, **env)
    assert SONG in text
    assert "\x1b" not in text


@pytest.mark.parametrize("words", [("take", "list", "night-bus"), ("take", "approve", f"{SONG}/drums/9"), ("next",)])
def test_plain_and_json_are_never_coloured(judged: Label, words: tuple[str, ...]) -> None:
    assert "\x1b" not in shown(judged, *words, "--plain", CLICOLOR_FORCE="1")
    text = shown(judged, *words, "--json", CLICOLOR_FORCE="1")
    assert "\x1b" not in text
    (envelope,) = (line for line in text.splitlines() if line.startswith("{"))
    assert "ok" in json.loads(envelope)


def test_a_pipe_is_coloured_only_where_it_is_asked_for(judged: Label) -> None:
    assert "\x1b" not in judged.apart("take", "list", "night-bus", env=COLOURED).out
    forced = judged.apart("take", "list", "night-bus", env={**COLOURED, "CLICOLOR_FORCE": "1"})
    assert painted("approved", "good") in forced.out
    refused = judged.apart("take", "list", "nowhere", env=COLOURED)
    assert "\x1b" not in refused.err


@pytest.mark.parametrize("columns", [80, 200])
def test_a_coloured_table_has_the_lines_of_one_without_colours(
    lived: Label, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.delenv("TAKESHEET_STORE", raising=False)
    coloured = 0
    for call in CALLS:
        monkeypatch.setenv("NO_COLOR", "1")
        lines, told = seen(lived, *call)
        assert not any("\x1b" in line for line in (*lines, told)), call
        for name, value in COLOURED.items():
            monkeypatch.setenv(name, value)
        painted_lines, _ = seen(lived, *call)
        assert [ESCAPE.sub("", line) for line in painted_lines] == lines, call
        coloured += lines != painted_lines
    assert coloured > 5


def test_a_title_that_reads_like_a_status_has_no_colour() -> None:
    rows = [["title", "status"], ["approved", "approved"]]
    (_, row) = columns_of(rows, paints=paints_of(rows[0]))
    assert row == f"approved  {painted('approved', 'good')}"


def test_a_status_keeps_its_colour_when_it_is_shortened_or_wrapped() -> None:
    rows = [["address", "status"], ["night-bus@master1", "changed since approval, to hear"]]
    for lines in (
        fit_table(rows, 40, paints=paints_of(rows[0])).lines,
        columns_of(rows, width=36, paints=paints_of(rows[0])),
    ):
        assert f"\x1b[{STYLES['attention']}m" in lines[-1]
    assert status_style("changed sinc…") == "attention"
    assert status_style("approved by pat") == "good"
    assert status_style("approvedly") == ""


def test_escape_codes_in_a_title_are_never_sent_to_the_terminal(judged: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COLOURED.items():
        monkeypatch.setenv(name, value)
    judged.does("note", SONG, "bad \x1b[31mred")
    lines, _ = seen(judged, "note", "list", "night-bus")
    assert not any("\x1b[31m" in line for line in lines)


def test_every_status_has_a_style_that_exists() -> None:
    assert set(STATUSES.values()) <= set(STYLES)
