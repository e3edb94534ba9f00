"""A mix through a third-party plug-in: the warnings, and the result of ``rebuild``."""

from pathlib import Path

import pytest

from tests.dsp.mix import odd_plugins
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

MIX, MASTER = f"{SONG}@mix1", "night-bus@master1"
SAID = "not reproducible: drums goes through warmth (Gain 2.1 by The Ferrymen)"
RECIPE = """external = true
[strips.drums]
[[strips.drums.external]]
plugin = "warmth"
parameters = { gain = 0.5 }
[strips.bass]
"""


@pytest.fixture
def warm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Label:
    """A song whose newest mix uses a plug-in that the store allows; the plug-in is fake, pedalboard cannot load it."""
    monkeypatch.setattr("dsp.mix.plugins.rack.HOST", (odd_plugins.__file__,))
    label = open_label(tmp_path, "drums", "bass")
    label.does("user", "add", "pat", "--role", "producer")
    for part, hertz in (("drums", 60), ("bass", 80)):
        label.does("take", "ingest", f"{SONG}/{part}", note(tmp_path / f"{part}.wav", hertz, seconds=2.0))
        label.does("take", "approve", f"{SONG}/{part}/1", "--as", "pat")
    (tmp_path / "gain.vst3").touch()
    with (tmp_path / ".takesheet" / "config.toml").open("a") as config:
        config.write('[plugins]\nwarmth = "../gain.vst3"\n')
    label.does("trust", "--yes")
    (tmp_path / "warm.toml").write_text(RECIPE)
    label.does("mix", "revise", SONG, tmp_path / "warm.toml", "--as", "pat")
    return label


def test_everybody_who_looks_at_the_mix_is_told(warm: Label, tmp_path: Path) -> None:
    assert "not reproducible: drums goes through warmth" in warm.run("mix", "show", MIX).err
    warm.renders()
    assert SAID in warm.run("mix", "show", MIX).err
    assert warm.data("mix", "show", MIX)["not_reproducible"] == [SAID]
    assert SAID in warm.does("why", MIX)
    assert f"{MIX}, through warmth, not reproducible" in warm.does("log", "show")
    warm.does("mix", "approve", MIX, "--as", "pat")
    (file,) = warm.data("export", MIX, tmp_path / "out")
    assert SAID.encode() in Path(file).read_bytes()


def test_a_rebuild_keeps_what_went_through_it_and_makes_all_else_again(warm: Label) -> None:
    warm.renders()
    warm.does("mix", "approve", MIX, "--as", "pat")
    warm.does("master", "plan", "night-bus", "--target", "streaming", "--as", "pat")
    warm.renders()
    rows = warm.data("rebuild", MASTER)
    assert [row["kind"] for row in rows] == ["edit", "edit", "mix", "gain", "master"]
    assert all(row["equal"] for row in rows)
    kept = "not rebuilt: external (drums goes through warmth (Gain 2.1 by The Ferrymen)), bytes kept"
    assert [row["how"] for row in rows if row["kind"] == "mix"] == [kept]
    assert {row["how"] for row in rows if row["kind"] != "mix"} == {"rebuilt, equal to the bit"}


def test_a_rebuild_says_when_what_was_kept_is_gone(warm: Label) -> None:
    warm.renders()
    blob = Path(warm.does("path", MIX))
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes()[:-1] + b"\1")
    said = warm.run("rebuild", MIX)
    assert said.code == 6
    assert "its bytes changed or are gone: main" in said.out + said.err
    blob.unlink()
    assert warm.run("rebuild", MIX).code == 6


def test_a_changed_take_renders_it_anew_as_any_other(warm: Label, tmp_path: Path) -> None:
    warm.renders()
    before = warm.data("mix", "show", MIX)
    warm.does("take", "ingest", f"{SONG}/bass", note(tmp_path / "b2.wav", 90, seconds=2.0))
    warm.does("take", "approve", f"{SONG}/bass/2", "--as", "pat")
    assert f"{SONG}/bass" in warm.renders()
    assert warm.data("mix", "show", MIX)["not_reproducible"] == before["not_reproducible"]
    assert warm.renders() == []


def test_a_recipe_alone_runs_no_foreign_code(warm: Label) -> None:
    config = warm.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace('warmth = "../gain.vst3"', 'other = "../gain.vst3"'))
    warm.does("trust", "--yes")
    with pytest.raises(AssertionError, match=r"is not allowed here: .* it names other"):
        warm.renders()


def test_a_plug_in_says_what_it_can_be_told(warm: Label) -> None:
    (row,) = warm.data("mix", "plugins")
    assert (row["plugin"], row["there"]) == ("warmth", True)
    told = warm.data("mix", "plugins", "warmth")
    assert (told["name"], told["parameters"]) == ("Gain", {"gain": "1.0"})
    assert "made by Gain 2.1 by The Ferrymen" in warm.does("mix", "plugins", "warmth")
    assert warm.refuses(4, "mix", "plugins", "nobody").rule == "mix.plugins"
    (warm.folder / "gain.vst3").rename(warm.folder / "dies-at-once.vst3")
    config = warm.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace("gain.vst3", "dies-at-once.vst3"))
    warm.does("trust", "--yes")
    assert "plug-in 'warmth' crashed (exit 7)" in warm.refuses(3, "mix", "plugins", "warmth").err


def test_a_backup_brings_no_plug_ins_into_the_house(warm: Label, tmp_path: Path) -> None:
    warm.does("store", "backup", tmp_path / "b.tar")
    said = warm.run("store", "restore", tmp_path / "b.tar", tmp_path / "again")
    assert said.code == 0, said
    assert "the plug-ins it names were left out, too: warmth" in said.err
    assert "warmth" not in (tmp_path / "again" / ".takesheet" / "config.toml").read_text()


@pytest.mark.parametrize("table", ['plugins = "x"', "[plugins]\nwarmth = 3", '[plugins]\nwarmth = ""'])
def test_settings_that_are_no_paths_are_said(warm: Label, table: str) -> None:
    config = warm.folder / ".takesheet" / "config.toml"
    text = config.read_text().partition("[plugins]\nwarmth")[0]
    config.write_text(f"{table}\n{text}" if table.startswith("plugins") else f"{text}\n{table}\n")
    said = warm.run("board")
    assert (said.code, said.rule) == (2, "store.config")
