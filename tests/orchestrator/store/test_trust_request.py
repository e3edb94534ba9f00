"""A request for trust: exactly the settings that were shown are trusted."""

import json

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.store.foreign_stores import setting
from tests.orchestrator.terminal import Terminal

PLUGIN = "/usr/lib/vst3/Limiter.vst3"


def test_settings_that_change_while_somebody_is_asked_are_not_trusted(label: Label) -> None:
    setting(label.folder, "player", "ffplay -nodisp")
    terminal = Terminal(label, "trust")
    terminal.sees("starts, to play: ffplay -nodisp")
    setting(label.folder, "player", "/opt/another")
    terminal.press("y\r")
    terminal.sees("store.changed")
    assert terminal.ends() == 5
    assert "starts, to play: /opt/another" in label.refuses(8, "trust", "--no-input").err


def test_a_path_that_only_reads_like_a_trusted_one_is_another(label: Label) -> None:
    config = label.folder / ".takesheet" / "config.toml"
    text = config.read_text()
    config.write_text(f'{text}\n[plugins]\nlimiter = "{PLUGIN}"\n')
    label.does("trust", "--yes")
    detour = f"/opt/link/../..{PLUGIN}"
    config.write_text(f'{text}\n[plugins]\nlimiter = "{detour}"\n')
    assert f"loads, as plug-in limiter: {detour}" in label.refuses(8, "trust", "--no-input").err


@pytest.mark.parametrize("player", ["x\n/home/pat/.takesheet is trusted", "x\u009b2J", "\u202egnp.exe"])
def test_a_value_is_shown_as_one_line_of_printable_characters(label: Label, player: str) -> None:
    setting(label.folder, "player", json.dumps(player)[1:-1])
    shown = label.refuses(8, "trust", "--no-input").err.splitlines()
    assert f"  starts, to play: {player!r}" in shown
    assert len(shown) == 4, shown


@pytest.mark.parametrize(
    "line", ["player = " + json.dumps("x" * 5_000), "[plugins]\n" + "\n".join(f'p{n} = "/x"' for n in range(200))]
)
def test_settings_that_nobody_would_read_to_the_end_are_refused(label: Label, line: str) -> None:
    config = label.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace('player = ""\n', f"{line}\n"))
    assert label.run("trust", "--yes").rule == "store.config"


@pytest.mark.parametrize("store", ["", "~nobody-of-this-name/label"])
def test_a_store_whose_name_means_no_folder_is_refused(label: Label, store: str) -> None:
    assert label.run("board", "--store", store).rule == "store.folder"
    assert label.run("trust", "--forget", "--store", store).rule == "store.folder"
