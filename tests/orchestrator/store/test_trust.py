"""Settings that are obeyed: a store starts and reaches only what its user allowed."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, Said
from tests.orchestrator.sounds import note
from tests.orchestrator.store.foreign_stores import given_away, script, setting, unused_port
from tests.orchestrator.terminal import Terminal
from tests.paths import ROOT

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to another account")


@pytest.fixture
def played(label: Label, tmp_path: Path) -> Path:
    """A file that the label's player writes; the label has a take to play, and the player is not trusted yet."""
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "take.wav", 80, seconds=1.0))
    setting(label.folder, "player", str(script(tmp_path / "player", tmp_path / "played")))
    return tmp_path / "played"


def play(label: Label) -> str:
    """Return the output of ``play`` without a usual player on the path."""
    said = label.apart("play", f"{SONG}/drums/1", "--solo", env={"PATH": "/nowhere"})
    assert said.code == 0, said
    return said.err


def test_a_player_runs_only_once_it_is_trusted_and_not_after_it_was_changed(label: Label, played: Path) -> None:
    assert "not started before you trust it: takesheet trust --store" in play(label)
    assert not played.exists()
    label.does("trust", "--yes")
    play(label)
    assert played.exists()
    played.unlink()
    setting(label.folder, "player", str(script(played.with_name("other"), played)))
    assert "takesheet trust" in play(label)
    assert not played.exists()


def test_a_copy_of_a_trusted_store_is_not_trusted(label: Label, played: Path, tmp_path: Path) -> None:
    label.does("trust", "--yes")
    shutil.copytree(label.folder, tmp_path / "copy")
    play(Label(tmp_path / "copy"))
    assert not played.exists()


def test_another_store_in_the_place_of_a_trusted_one_is_not_trusted(label: Label, played: Path) -> None:
    label.does("trust", "--yes")
    setting(label.folder, "id", "00000000-0000-4000-8000-000000000000")
    play(label)
    assert not played.exists()


def test_trust_is_asked_for_shown_and_never_given_unattended(label: Label, played: Path) -> None:
    said = label.refuses(8, "trust", "--no-input")
    assert f"starts, to play: {played.with_name('player')}" in said.err
    assert "--yes" in said.err
    terminal = Terminal(label, "trust")
    terminal.sees("trust this store?")
    terminal.press("n\r")
    terminal.sees("nothing was changed")
    assert terminal.ends() == 0
    play(label)
    assert not played.exists()


def test_trust_is_listed_and_forgotten(label: Label, played: Path) -> None:
    label.does("trust", "--yes")
    place = str((label.folder / ".takesheet").resolve())
    assert place in [row["store"] for row in label.data("trust", "--list")]
    label.does("trust", "--forget")
    assert place not in [row["store"] for row in label.data("trust", "--list")]
    play(label)
    assert not played.exists()


def test_trust_lies_in_the_users_own_configuration_for_nobody_else_to_read(label: Label, played: Path) -> None:
    del played
    label.does("trust", "--yes")
    home = Path(os.environ["XDG_CONFIG_HOME"]) / "takesheet" / "trust"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()} == {0o600}


def test_a_log_elsewhere_sees_no_connection_and_no_password_before_trust(label: Label) -> None:
    with unused_port() as listener:
        setting(label.folder, "log", f"postgresql://pat@127.0.0.1:{listener.port}/label")
        for words in (("board",), ("log", "verify"), ("doctor",), ("render",), ("store", "backup", "b.tar")):
            said = label.apart(*words, env={"PGPASSWORD": "hush", "PGCONNECT_TIMEOUT": "2"})
            assert (said.code, said.rule) == (3, "store.trust"), said
            assert "takesheet trust" in said.err
        assert not listener.was_contacted


def test_a_log_file_elsewhere_is_not_opened_before_trust(label: Label, tmp_path: Path) -> None:
    shutil.copy(label.folder / ".takesheet" / "log.db", tmp_path / "elsewhere.db")
    setting(label.folder, "log", str(tmp_path / "elsewhere.db"))
    assert label.run("board").rule == "store.trust"
    assert not list(tmp_path.glob("elsewhere.db-*"))
    label.does("trust", "--yes")
    label.does("board")


def test_a_vault_elsewhere_is_not_reached_before_trust_and_all_else_works(label: Label, tmp_path: Path) -> None:
    with unused_port() as listener:
        setting(label.folder, "vault", f"http://127.0.0.1:{listener.port}/vault")
        label.does("board")
        label.does("note", SONG, "softer")
        for words in (("vault", "usage"), ("render",), ("vault", "mirror", str(tmp_path / "m")), ("log", "verify")):
            said = label.apart(*words)
            assert (said.code, said.rule) == (3, "store.trust"), (words, said)
        assert not listener.was_contacted
    setting(label.folder, "vault", str(tmp_path / "outside"))
    assert label.run("vault", "usage").rule == "store.trust"
    assert not (tmp_path / "outside").exists()
    label.does("trust", "--yes")
    label.does("vault", "usage")


def test_plug_ins_of_a_store_that_nobody_trusts_are_none(label: Label) -> None:
    with (label.folder / ".takesheet" / "config.toml").open("a") as config:
        config.write('[plugins]\nwarmth = "../gain.vst3"\n')
    assert label.data("mix", "plugins") == []
    assert label.refuses(3, "mix", "plugins", "warmth").rule == "store.trust"


@needs_root
@pytest.mark.parametrize("found", ["upward", "--store", "TAKESHEET_STORE"])
def test_another_accounts_store_is_refused_however_it_is_found(label: Label, found: str) -> None:
    given_away(label.folder)
    inner = label.folder / "inner"
    inner.mkdir()
    here = Label(inner if found == "upward" else label.folder.parent)
    words = ("--store", str(label.folder)) if found == "--store" else ()
    if found == "TAKESHEET_STORE":
        said, trusted, then = (run_in(label.folder, *verb) for verb in (("board",), ("trust", "--yes"), ("board",)))
    else:
        said, trusted, then = (here.run(*verb, *words) for verb in (("board",), ("trust", "--yes"), ("board",)))
    assert (said.code, said.rule) == (3, "store.trust"), said
    assert "belongs to" in said.err
    assert (trusted.code, then.code) == (0, 0), (trusted, then)


def run_in(store: Path, *words: str) -> Said:
    """Run a command outside *store*, which ``TAKESHEET_STORE`` names."""
    env = os.environ | {"TAKESHEET_STORE": str(store), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "orchestrator.cli.main", *words]
    done = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


@needs_root
def test_a_trusted_store_of_another_account_asks_again_after_its_settings_changed(label: Label) -> None:
    given_away(label.folder)
    label.does("trust", "--yes")
    setting(label.folder, "player", "/bin/true")
    given_away(label.folder)
    assert "have changed since you trusted it" in label.run("board").err


@pytest.mark.parametrize("name", [".", "config.toml", "log.db", "vault"])
def test_what_everybody_may_write_is_refused_until_it_is_trusted(label: Label, name: str) -> None:
    label.does("trust", "--forget")
    folder = label.folder / ".takesheet"
    (folder / "vault").mkdir(exist_ok=True)
    (folder / name).chmod(0o777)
    said = label.run("board")
    assert (said.code, said.rule) == (3, "store.trust")
    assert "may be written by everybody" in said.err
    label.does("trust", "--yes")
    label.does("board")


def test_a_store_of_the_first_release_gets_its_id_when_it_is_trusted(label: Label) -> None:
    config = label.folder / ".takesheet" / "config.toml"
    config.write_text("".join(line for line in config.read_text().splitlines(keepends=True) if line[:4] != "id ="))
    label.does("board")
    label.does("trust", "--yes")
    assert config.read_text().startswith('id = "')
    assert "is trusted already" in label.does("trust", "--yes")


def test_a_restored_store_is_another_one_and_trusted(label: Label, tmp_path: Path) -> None:
    label.does("store", "backup", tmp_path / "b.tar", "--with-audio")
    label.does("store", "restore", tmp_path / "b.tar", tmp_path / "again")
    texts = [(place / ".takesheet" / "config.toml").read_text() for place in (label.folder, tmp_path / "again")]
    assert len({line for text in texts for line in text.splitlines() if line.startswith("id =")}) == 2
    assert "is trusted already" in Label(tmp_path / "again").does("trust")


def test_moving_a_log_allows_no_player_that_nobody_trusted(label: Label, played: Path) -> None:
    del played
    assert label.refuses(3, "store", "move", "other.db").rule == "store.trust"
    label.does("trust", "--yes")
    label.does("store", "move", str(label.folder / "outside.db"))
    label.does("board")


def test_a_record_of_trust_that_others_could_have_written_counts_for_nothing(label: Label, played: Path) -> None:
    label.does("trust", "--yes")
    for file in (Path(os.environ["XDG_CONFIG_HOME"]) / "takesheet" / "trust").iterdir():
        file.chmod(0o666)
    play(label)
    assert not played.exists()
