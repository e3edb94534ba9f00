"""A recipe with a mistake is edited on at its line, or kept in a file that is named."""

import re
import stat
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

WRONG = "[strips.drums]\ngain_db = -6\n[strips.drums.compressor]\nratoi = 4\n"
RIGHT = WRONG.replace("ratoi = 4", "ratio = 4\nthreshold_db = -20")


@pytest.fixture
def song(label: Label, monkeypatch: pytest.MonkeyPatch) -> Label:
    """A song with a take of drums; an editor called nano writes text-1.toml, then text-2.toml, and notes its words."""
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums.wav", 60))
    label.does("take", "approve", f"{SONG}/drums/1")
    script = label.folder / "nano"
    script.write_text(
        '#!/bin/sh\ncd "$(dirname "$0")"\nprintf "%s\\n" "$*" >> edited.txt\nfor file; do :; done\n'
        'exec cp "text-$(wc -l < edited.txt | tr -d " ").toml" "$file"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    quoted = str(script).replace("'", "'\\''")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{quoted}'")
    return label


def test_after_a_mistake_the_editor_opens_again_at_its_line(song: Label) -> None:
    (song.folder / "text-1.toml").write_text(WRONG)
    (song.folder / "text-2.toml").write_text(RIGHT)
    terminal = Terminal(song, "mix", "edit", SONG)
    terminal.sees("no such field `ratoi` in a compressor; did you mean `ratio`?")
    terminal.sees("keep the text ?")
    terminal.press("e")
    terminal.sees(f"{SONG}@mix1")
    assert terminal.ends() == 0
    first, second = (song.folder / "edited.txt").read_text().splitlines()
    assert second == f"+4 {first}"
    assert not Path(first).exists()
    assert RIGHT.strip() in song.does("mix", "show", f"{SONG}@mix1")


def test_a_text_with_a_mistake_is_kept_and_its_file_is_named(song: Label) -> None:
    (song.folder / "text-1.toml").write_text(WRONG)
    terminal = Terminal(song, "mix", "edit", SONG)
    terminal.sees("keep the text ?")
    terminal.press("q")
    terminal.sees("your text is kept: ")
    terminal.sees("next: takesheet mix revise night-bus/tin-roof /")
    assert terminal.ends() == 2
    kept = re.search(r"your text is kept: (\S+)", terminal.seen)
    assert kept
    assert Path(kept[1]).read_text() == WRONG
    Path(kept[1]).unlink()
    Path(kept[1]).parent.rmdir()


def test_nothing_is_kept_of_a_text_that_was_not_changed(song: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "false")
    terminal = Terminal(song, "mix", "edit", SONG)
    terminal.sees("false left with 1; nothing was revised")
    assert terminal.ends() == 2
    assert "kept" not in terminal.seen
