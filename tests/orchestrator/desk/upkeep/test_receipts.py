"""Receipts, in commands: from a decision to a file that a stranger checks."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.orchestrator.label import Label
from tests.paths import ROOT

VERIFIER = ROOT / "tools" / "verify_log.py"


@pytest.fixture
def signed(label: Label, tmp_path: Path) -> Label:
    """A label with a key, and a signed checkpoint that the store keeps too."""
    label.does("log", "keygen", tmp_path / "key")
    label.does("log", "checkpoint", tmp_path / "checkpoint.json", "--sign", tmp_path / "key")
    return label


def stranger(*files: Path) -> tuple[int, str]:
    words = [sys.executable, "-I", str(VERIFIER), *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_receipt_of_a_decision_is_checked_by_a_stranger_with_the_key_alone(signed: Label, tmp_path: Path) -> None:
    head = signed.head
    file = tmp_path / "receipt.json"
    made = signed.data("log", "receipt", 3, file)
    assert (made["position"], made["tree_size"], made["file"]) == (3, head, str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "it holds what was decided"
    code, said = stranger(file, tmp_path / "key.pub")
    assert (code, said.splitlines()[-1]) == (0, "all of it holds")
    signed.does("log", "keygen", tmp_path / "other")
    assert stranger(file, tmp_path / "other.pub")[0] == 9
    changed = file.read_text().replace('"position": 3', '"position": 2')
    (tmp_path / "moved.json").write_text(changed)
    code, said = stranger(tmp_path / "moved.json", tmp_path / "key.pub")
    assert (code, "is not what was hashed" in said) == (9, True)


def test_a_receipt_is_printed_where_no_file_is_named(signed: Label, tmp_path: Path) -> None:
    signed.does("log", "receipt", 2, tmp_path / "receipt.json")
    said = signed.run("log", "receipt", 2)
    assert said.code == 0
    assert said.out == (tmp_path / "receipt.json").read_text()
    assert signed.data("log", "receipt", 2)["receipt"] == json.loads(said.out)


def test_events_recorded_later_wait_for_the_next_checkpoint(signed: Label, tmp_path: Path) -> None:
    signed.does("user", "add", "pat", "--role", "producer")
    head = signed.head
    said = signed.refuses(3, "log", "receipt", head)
    assert said.rule == "receipt.checkpoint"
    assert f"takesheet log checkpoint FILE --sign KEY, then takesheet log receipt {head} --checkpoint FILE" in said.err
    signed.does("log", "checkpoint", tmp_path / "later.json", "--sign", tmp_path / "key")
    assert signed.data("log", "receipt", head)["tree_size"] == head
    assert signed.data("log", "receipt", 1)["tree_size"] < head
    assert signed.data("log", "receipt", 1, "--checkpoint", tmp_path / "later.json")["tree_size"] == head


def test_where_an_unsigned_checkpoint_is_kept_the_signed_one_outside_gives_the_receipt(
    label: Label, tmp_path: Path
) -> None:
    label.does("log", "keygen", tmp_path / "key")
    label.does("log", "checkpoint", tmp_path / "plain.json")
    label.does("log", "checkpoint", tmp_path / "signed.json", "--sign", tmp_path / "key")
    assert label.refuses(3, "log", "receipt", 1).rule == "receipt.checkpoint"
    assert label.refuses(3, "log", "receipt", 1, "--checkpoint", tmp_path / "plain.json").rule == "receipt.checkpoint"
    label.does("log", "receipt", 1, tmp_path / "receipt.json", "--checkpoint", tmp_path / "signed.json")
    assert stranger(tmp_path / "receipt.json", tmp_path / "key.pub")[0] == 0
    label.does("log", "verify", "--checkpoint", tmp_path / "plain.json", "--checkpoint", tmp_path / "signed.json")


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("log", "receipt", "99"), 4, "receipt.position"),
        (("log", "receipt", "1", "--checkpoint", "none"), 4, "checkpoint.file"),
        (("log", "receipt", "1", "--checkpoint", "mix.toml"), 2, "checkpoint.file"),
        (("log", "receipt", "1", "mix.toml"), 3, "file.exists"),
        (("log", "receipt", "1", "no/such/folder"), 4, "file.folder"),
        (("log", "receipt", "1"), 3, "receipt.checkpoint"),
    ],
)
def test_every_wrong_input_is_one_line_with_its_rule(
    label: Label, words: tuple[str, ...], code: int, rule: str
) -> None:
    label.mix_recipe("drums")
    assert label.refuses(code, *words).rule == rule
    assert sorted(entry.name for entry in label.folder.iterdir()) == [".takesheet", "mix.toml"]


@pytest.mark.parametrize("position", ["0", "-1", "one", str(1 << 70)])
def test_a_position_that_is_none_is_refused(signed: Label, position: str) -> None:
    assert signed.run("log", "receipt", "--", position).code in {2, 4}
